"""Files of this machine."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from simsearch.locations import Entry, OpenFile, State


class Folders:
    """Files by their absolute paths."""

    def is_folder(self, path: str) -> bool:
        return Path(path).is_dir()

    def list(self, folder: str) -> Sequence[Entry]:
        with os.scandir(folder) as listing:
            return list(listing)

    def stat(self, path: str) -> State:
        return Path(path).stat()

    def open(self, path: str) -> tuple[OpenFile, State]:
        # Neither a link nor a pipe that has come into the file's place since it was found can trick or halt us.
        flags = (
            os.O_RDONLY
            | getattr(os, "O_NOFOLLOW", 0)
            | getattr(os, "O_NONBLOCK", 0)
            | getattr(os, "O_BINARY", 0)
        )
        descriptor = os.open(path, flags)
        return os.fdopen(descriptor, "rb"), os.fstat(descriptor)


FOLDERS = Folders()
