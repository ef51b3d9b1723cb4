"""Writing files so that a reader sees the old or the new one, never half of either; hashing them."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import shutil
from pathlib import Path

IGNORE_ALL = "# Users' texts and models, which do not belong in version control.\n*\n"


def make_private_folder(folder: Path) -> None:
    """Create a folder that version control ignores, because it contains users' texts."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / ".gitignore").exists():
        write_atomically(folder / ".gitignore", IGNORE_ALL.encode())


def write_atomically(path: Path, content: bytes) -> None:
    """Write to a temporary name next to `path`, flush to disk, and rename. The permissions stay the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    making = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with making.open("xb") as file:
            with contextlib.suppress(FileNotFoundError):
                shutil.copymode(path, making)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        making.replace(path)
    except BaseException:
        making.unlink(missing_ok=True)
        raise


def read_states(folder: Path, suffix: str) -> dict[str, tuple[int, int, int]]:
    """What tells whether a file was written or replaced, for the files of a folder whose names end in `suffix`: inode,
    time in nanoseconds and size, by name. Nothing for a folder that doesn't exist."""
    states = {}
    with contextlib.suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(suffix):
                with contextlib.suppress(FileNotFoundError):
                    found = entry.stat()
                    states[entry.name] = (found.st_ino, found.st_mtime_ns, found.st_size)
    return states


def is_disk_full(error: BaseException | None) -> bool:
    """Whether an error, or one that led to it, comes from a disk without space; some packages only say so in words."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if "No space left on device" in str(error) or "Disk quota exceeded" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def hash_file(path: Path) -> str:
    """sha256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
