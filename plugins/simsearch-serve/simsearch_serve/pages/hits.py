"""Hits, and other chunks, as the page shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from simsearch.storage.protocols import ChunkRecord
from simsearch.storage.words.analysis import matched_spans
from simsearch.types import Folded, Hit
from simsearch.wording import one_line
from simsearch_serve.pages.links import document_link
from simsearch_serve.pages.rendering import Span, clip, marked

LONGEST_TEXT = 700
"""Characters of a text that are shown; the document shows the others."""

_PARTS = ("page", "slide", "sheet")


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk as it is shown.

    Args:
        chunk: Its number in the store; None if that is not known.
        place: Where in its file it is, such as `lines 3–9` or `page 2`.
        above: The headings above it.
        text: HTML, with the words of the question marked.
        link: The address of its document, where it is marked.
    """

    chunk: int | None
    path: str
    title: str
    place: str
    above: str
    text: Markup
    link: str


@dataclass(frozen=True, slots=True)
class ShownHit:
    """A hit as it is shown.

    Args:
        also: Where else the same text is: each place with its address.
    """

    hit: Hit
    passage: Passage
    also: tuple[tuple[str, str], ...]


def show_hit(hit: Hit, question: str) -> ShownHit:
    """A hit for the page."""
    return ShownHit(
        hit,
        _show(hit, hit.heading, hit.matched, question, None),
        tuple(_show_folded(other) for other in hit.folded),
    )


def show_passage(record: ChunkRecord, question: str, most: int = LONGEST_TEXT) -> Passage:
    """A chunk for the page."""
    matched = tuple(matched_spans(question, record.text)) if question else ()
    return _show(record, record.prefix, matched, question, record.chunk, most)


def name_of(path: str) -> str:
    """The last part of a path."""
    return path.rpartition("/")[2]


def place_of(lines: tuple[int, int] | None, metadata: Mapping[str, Any]) -> str:
    """Where in its file a text is; empty if only the file is known."""
    if lines:
        return f"line {lines[0]}" if lines[0] == lines[1] else f"lines {lines[0]}–{lines[1]}"
    part = next((name for name in _PARTS if metadata.get(name) not in (None, "")), None)
    if part is None:
        return ""
    pages = metadata.get("pages") if part == "page" else None
    return f"{part} {metadata[part]}" + (f" of {pages}" if pages else "")


def _show(
    found: Hit | ChunkRecord,
    heading: str,
    matched: tuple[Span, ...],
    question: str,
    chunk: int | None,
    most: int = LONGEST_TEXT,
) -> Passage:
    title = one_line(found.title)
    empty = len(found.text) - len(found.text.lstrip("\n"))
    spans = [(start - empty, end - empty) for start, end in matched if start >= empty]
    return Passage(
        chunk=chunk,
        path=found.path,
        title=title or name_of(found.path),
        place=place_of(found.lines, found.metadata),
        above=_headings(title, heading),
        text=marked(*clip(found.text.strip("\n"), spans, most)),
        link=document_link(found.path, found.id, (found.start, found.end), question),
    )


def _headings(title: str, heading: str) -> str:
    """The headings above a text in one line, without the title of its document."""
    below = one_line(heading)
    return below.removeprefix(title).removeprefix(" >").strip() if title else below


def _show_folded(other: Folded) -> tuple[str, str]:
    place = place_of(other.lines, {})
    return f"{other.path}, {place}" if place else other.path, document_link(other.path, other.id)
