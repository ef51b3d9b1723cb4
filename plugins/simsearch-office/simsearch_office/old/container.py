"""What compound files have in common: a page of properties, and files within the file."""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from simsearch import Document
from simsearch_office.flow import counted, one_line

_PROPERTIES = "\x05SummaryInformation"
_CODE_PAGE, _TITLE, _SUBJECT, _AUTHOR, _KEYWORDS, _COMMENTS, _CREATED, _SAVED = (
    1, 2, 3, 4, 5, 6, 12, 13,
)  # fmt: skip
_SHORT, _BYTES, _WIDE, _TIME = 2, 30, 31, 64
"""Types of properties ([MS-OLEPS], section 2.15)."""
_UTF8 = 65001
_SECTION = 44
"""Where the stream says at which offset its properties begin."""


def title_and_metadata(container: Any) -> tuple[str, dict[str, Any]]:
    """The title, which may be empty; author, subject, keywords, comments and date where known."""
    found: dict[int, Any] = {}
    # Broken properties must not cost the text.
    with contextlib.suppress(struct.error, OSError, OverflowError):
        if container.exists(_PROPERTIES):
            found = _properties(container.openstream(_PROPERTIES).read())
    page = found.get(_CODE_PAGE, 1252)
    names = {"author": _AUTHOR, "subject": _SUBJECT, "keywords": _KEYWORDS, "comments": _COMMENTS}
    metadata = {name: _decoded(found.get(id, b""), page) for name, id in names.items()}
    metadata["date"] = found.get(_SAVED) or found.get(_CREATED) or ""
    return _decoded(found.get(_TITLE, b""), page), {name: text for name, text in metadata.items() if text}


def _properties(stream: bytes) -> dict[int, Any]:
    start = struct.unpack_from("<I", stream, _SECTION)[0]
    count = min(struct.unpack_from("<I", stream, start + 4)[0], len(stream) // 8)
    found = {}
    for index in range(count):
        id, offset = struct.unpack_from("<2I", stream, start + 8 + 8 * index)
        kind, value = struct.unpack_from("<I", stream, start + offset)[0], start + offset + 4
        if kind == _SHORT:
            found[id] = struct.unpack_from("<H", stream, value)[0]
        elif kind in (_BYTES, _WIDE):
            size = struct.unpack_from("<I", stream, value)[0] * (2 if kind == _WIDE else 1)
            words = stream[value + 4 : value + 4 + size]
            found[id] = words if kind == _BYTES else words.decode("utf-16-le", "replace")
        elif kind == _TIME and (moment := struct.unpack_from("<Q", stream, value)[0]):
            found[id] = (datetime(1601, 1, 1) + timedelta(microseconds=moment // 10)).isoformat()
    return found


def embedded(container: Any) -> tuple[str, ...]:
    """The notice that files within the file were not read, if there are any."""
    return embedded_notice(sum(map(_is_object, container.listdir(streams=False, storages=True))))


def embedded_notice(number: int) -> tuple[str, ...]:
    """The notice that counts charts and other objects that are not read; none if there are none."""
    return (f"{counted(number, 'embedded object')} (charts or other files) not read",) if number else ()


def _is_object(path: Sequence[str]) -> bool:
    """Whether a folder is what Word or Excel puts an embedded file into."""
    return (len(path) == 2 and path[0] == "ObjectPool") or (len(path) == 1 and path[0].startswith("MBD"))


def with_notices(documents: Sequence[Document], notices: tuple[str, ...]) -> Iterator[Document]:
    """The documents, the first one with the notices."""
    yield replace(documents[0], notices=(*documents[0].notices, *notices))
    yield from documents[1:]


def _decoded(text: Any, code_page: int) -> str:
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8" if code_page == _UTF8 else f"cp{code_page}", "replace")
        except LookupError:
            text = text.decode("cp1252", "replace")
    return one_line(text.replace("\0", "")) if isinstance(text, str) else ""
