"""A folder that is there whole or not at all."""

from __future__ import annotations

import contextlib
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replaced(target: Path) -> Iterator[Path]:
    """A folder in the making that takes the target's place if all goes well."""
    target.parent.mkdir(parents=True, exist_ok=True)
    making = target.parent / f".exporting-{secrets.token_hex(8)}"
    making.mkdir()
    try:
        yield making
        shutil.rmtree(target, ignore_errors=True)
        with contextlib.suppress(OSError):  # another process was faster with the same model
            making.rename(target)
    finally:
        shutil.rmtree(making, ignore_errors=True)
