"""Files as they are: plain text without terminal codes, and markup with its headings and metadata."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from simsearch import Document, Heading
from simsearch.builtin.readers.front_matter import FrontMatter
from simsearch.decoding import decode_with_notices
from simsearch.types import Reader

_TERMINAL_CODE = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][0-9A-Za-z]|[=>78cDEHM])"
)
_OVERPRINTED = re.compile(r"[^\n\x08]\x08")


def read_text(path: Path, content: bytes) -> Iterator[Document]:
    """A file as it is, without terminal codes."""
    text, notices = decode_with_notices(content)
    yield Document(_without_codes(text), verbatim=True, notices=notices)


def verbatim_reader(
    headings_of: Callable[[str], tuple[Heading, ...]], metadata_of: Callable[[str], FrontMatter]
) -> Reader:
    """A reader of files as they are, with what two functions find in the text."""

    def read(path: Path, content: bytes) -> Iterator[Document]:
        text, notices = decode_with_notices(content)
        headings, (metadata, unread) = headings_of(text), metadata_of(text)
        yield Document(
            text,
            "",
            _title(headings, metadata),
            headings,
            metadata,
            verbatim=True,
            notices=(*notices, *unread),
        )

    return read


def _without_codes(text: str) -> str:
    """A text without the codes that colour it in a terminal, or overprint its letters to embolden them."""
    if "\x1b" not in text and "\b" not in text:
        return text
    return _OVERPRINTED.sub("", _TERMINAL_CODE.sub("", text))


def _title(headings: tuple[Heading, ...], metadata: Mapping[str, Any]) -> str:
    """What the file calls itself, or its first heading."""
    named = metadata.get("title")
    return str(named) if named else headings[0].text if headings else ""
