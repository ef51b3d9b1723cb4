"""Hits as an agent reads them, the same for `search` and `similar`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from simsearch import Event, Notice, Workspace
from simsearch.querying.indexed_documents import part_of
from simsearch.querying.open_index import OpenIndex
from simsearch.querying.searcher import Searcher
from simsearch.types import Hit
from simsearch.wording import one_line
from simsearch_mcp.tools.tool import Result, Value

LONGEST_TEXT = 700
"""Characters of a hit in the text; the value has all of them."""


class FoundPassage(Value):
    """A passage that was found."""

    rank: int
    path: str = Field(description="The document; give it to `get` or `similar` as it is.")
    first_line: int = Field(description="First line of the passage in the document; 0 if it has no lines.")
    last_line: int
    title: str
    heading: str = Field(description="The headings above the passage.")
    text: str
    score: float = Field(description="What ranked it; higher is better, comparable within one answer only.")
    good_match: bool = Field(description="False if the index probably has no answer to this question.")
    missing: bool = Field(description="True if the file no longer exists; the text is as it was indexed.")
    metadata: dict[str, Any]


class Found(Value):
    """The passages that were found, best first."""

    results: list[FoundPassage]
    notices: list[str] = Field(description="What to know about this answer.")


def make_searcher(workspace: Workspace, index: OpenIndex, **overrides: Any) -> tuple[Searcher, list[str]]:
    """A searcher, and the notices that it will have given."""
    notices: list[str] = []

    def observe(event: Event) -> None:
        if isinstance(event, Notice):
            notices.append(event.text)

    return index.searcher(workspace.query_settings(**overrides), observe), notices


def as_result(hits: Sequence[Hit], notices: Sequence[str]) -> Result:
    """Hits and notices as an agent gets them."""
    found = Found(results=[_as_passage(hit) for hit in hits], notices=list(notices))
    lines = [_describe(passage) for passage in found.results] or ["Nothing was found."]
    if found.results and not any(passage.good_match for passage in found.results):
        lines.insert(0, "No good match: the index probably does not answer this.")
    return Result("\n\n".join([*lines, *(f"Note: {notice}" for notice in notices)]), found)


def address_of(path: str, id: str) -> str:
    """The name by which `get` finds the document of a hit."""
    part = part_of(path, id)
    return f"{path}#{part}" if part else path


def _as_passage(hit: Hit) -> FoundPassage:
    first, last = hit.lines or (0, 0)
    return FoundPassage(
        rank=hit.rank,
        path=address_of(hit.path, hit.id),
        first_line=first,
        last_line=last,
        title=hit.title,
        heading=hit.heading,
        text=hit.text,
        score=hit.score,
        good_match=hit.good_match is not False,
        missing=hit.missing,
        metadata=dict(hit.metadata),
    )


def _describe(passage: FoundPassage) -> str:
    lines = f":{passage.first_line}-{passage.last_line}" if passage.first_line else ""
    about = one_line(passage.title or passage.heading)
    gone = " (the file no longer exists)" if passage.missing else ""
    text = passage.text.strip()
    if len(text) > LONGEST_TEXT:
        text = f"{text[:LONGEST_TEXT].rstrip()}…"
    return f"{passage.rank}. {passage.path}{lines}{gone}{f'  {about}' if about else ''}\n{text}"
