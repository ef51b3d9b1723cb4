"""A folder that is there whole or not at all."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from simsearch.embedding.onnx_models import is_ready


@contextmanager
def replace_folder(target: Path, fingerprint: str) -> Iterator[Path]:
    """A folder in the making that takes the target's place if all goes well.

    Where another process was faster with the same model, the target stays as it is: it may be in use already.

    Args:
        fingerprint: Of the model, with its precision.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    ours = f".exporting-{fingerprint}-"
    making = target.parent / f"{ours}{secrets.token_hex(8)}"
    making.mkdir()
    try:
        yield making
        _move_into_place(making, target, fingerprint)
        # Nobody needs what a killed process has left of the same model, or what another is still making of it.
        for left in target.parent.glob(f"{ours}*"):
            shutil.rmtree(left, ignore_errors=True)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _move_into_place(making: Path, target: Path, fingerprint: str) -> None:
    try:
        making.rename(target)
    except OSError:  # something is there, or it can't be done
        if is_ready(target, fingerprint):
            return
        if not target.exists():
            raise
        target.rename(making.with_name(f"{making.name}-old"))
        making.rename(target)
