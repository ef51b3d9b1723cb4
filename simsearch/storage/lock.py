"""One writer at a time: an advisory lock on a file that names its holder.

The system releases it when the process ends, however it ends, so a killed writer locks nobody out; what
the file says counts only while the lock is held.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from pathlib import Path

from simsearch.errors import WorkspaceLocked
from simsearch.home import Home

if sys.platform == "win32":
    import msvcrt

    _BEYOND = 1 << 30  # a region after the text, which others can then still read

    def _take(descriptor: int) -> None:
        os.lseek(descriptor, _BEYOND, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class WriterLock:
    """The lock of one folder, held from construction to `release`.

    Args:
        doing: What its holder does, for whom it keeps out.

    Raises:
        WorkspaceLocked: Another writer holds it; names its process and host.
    """

    def __init__(self, folder: Path, doing: str = "writing the index") -> None:
        self._descriptor = os.open(Home(folder).writer_lock, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            _take(self._descriptor)
        except OSError as error:
            os.close(self._descriptor)
            raise WorkspaceLocked(
                f"{_holder(Home(folder).writer_lock)} is {doing} in {folder}; wait until it is done, or stop it."
            ) from error
        os.truncate(self._descriptor, 0)
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        os.write(self._descriptor, json.dumps({"pid": os.getpid(), "host": platform.node()}).encode())

    def release(self) -> None:
        os.close(self._descriptor)


def _holder(path: Path) -> str:
    try:
        holder = json.loads(path.read_text())
        return f"Process {holder['pid']} on {holder['host']}"
    except (OSError, ValueError, KeyError):
        return "Another process"
