"""What Word, PowerPoint and Excel files have in common: a zip archive, and a page of properties."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from simsearch import UnreadableFile

LARGEST = 500_000_000
"""Bytes of all parts, unpacked."""

OLD_OR_ENCRYPTED = b"\xd0\xcf\x11\xe0"


@contextmanager
def opened(content: bytes, kind: str) -> Iterator[io.BytesIO]:
    """The content for a parser, if its archive is whole and unpacks within bounds; what the parser raises
    becomes a reason.

    Raises:
        UnreadableFile: It is broken, encrypted, too large, or of another kind.
    """
    if content.startswith(OLD_OR_ENCRYPTED):
        raise UnreadableFile(f"an encrypted {kind} file, or one from before 2007")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > LARGEST:
                raise UnreadableFile(f"unpacks to more than {LARGEST / 1e6:g} MB")
        yield io.BytesIO(content)
    except (UnreadableFile, MemoryError, RecursionError, ImportError):
        raise
    except Exception as error:
        raise UnreadableFile(f"broken {kind} file") from error


def described(properties: Any) -> dict[str, Any]:
    """Author, dates and language, where the properties have them."""
    date = properties.modified or properties.created
    found = {
        "author": getattr(properties, "author", None) or getattr(properties, "creator", None),
        "date": date.isoformat() if date else None,
        "language": properties.language,
    }
    return {name: value for name, value in found.items() if value}
