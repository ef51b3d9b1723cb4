"""Appending lines of JSON to a file: all or none, by one process at a time."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from simsearch.errors import StorageError
from simsearch.files import make_private_folder


def append_lines(path: Path, entries: Sequence[dict[str, Any]]) -> None:
    """Append each entry as a line of JSON.

    Writers take turns by a lock on a file next to it. An append that fails is taken back before the error is raised.

    Raises:
        StorageError: The file can't be written.
    """
    from filelock import FileLock

    lines = b"".join(json.dumps(entry, ensure_ascii=False).encode() + b"\n" for entry in entries)
    try:
        make_private_folder(path.parent)
        with FileLock(path.with_suffix(".lock")), path.open("ab", buffering=0) as file:
            _append_whole(file.fileno(), lines)
    except OSError as error:
        raise StorageError(f"{path} can't be written: {error.strerror}; nothing was saved.") from error


def read_lines(path: Path) -> Iterator[bytes]:
    """The lines of a file that are not empty; none if there is no file.

    Raises:
        StorageError: The file can't be read.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return
    except OSError as error:
        raise StorageError(f"{path} can't be read: {error.strerror}.") from error
    yield from (line for line in content.split(b"\n") if line.strip())


def _append_whole(descriptor: int, content: bytes) -> None:
    """Write and flush everything, or leave the file as it was."""
    end = os.fstat(descriptor).st_size
    try:
        # The line that a killed process has cut short must not swallow the first of these.
        rest = memoryview(b"\n" + content if end else content)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
    except BaseException:
        os.ftruncate(descriptor, end)
        raise
