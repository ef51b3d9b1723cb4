"""Replacing a folder as a whole, or not at all."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from simsearch.embedding.onnx_models import is_ready


@contextmanager
def replace_folder(target: Path, fingerprint: str) -> Iterator[Path]:
    """A temporary folder that replaces the target if all goes well.

    If another process was faster with the same model, the target stays as it is, because it may be in use already.

    Args:
        fingerprint: The fingerprint of the model at its precision.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    ours = f".exporting-{fingerprint}-"
    making = target.parent / f"{ours}{secrets.token_hex(8)}"
    making.mkdir()
    try:
        yield making
        _move_into_place(making, target, fingerprint)
        # What a killed process left of the same model is useless now, as is what another is still exporting.
        for left in target.parent.glob(f"{ours}*"):
            shutil.rmtree(left, ignore_errors=True)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _move_into_place(making: Path, target: Path, fingerprint: str) -> None:
    try:
        making.rename(target)
    except OSError:  # the target exists, or the folder can't be renamed
        if is_ready(target, fingerprint):
            return
        if not target.exists():
            raise
        target.rename(making.with_name(f"{making.name}-old"))
        making.rename(target)
