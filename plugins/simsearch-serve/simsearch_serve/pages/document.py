"""/document: the text of an indexed document, with what matches in it, and similar documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simsearch import Workspace
from simsearch.querying.indexed_documents import FoundDocuments, find_documents, part_of
from simsearch.querying.open_index import OpenIndex
from simsearch.querying.similar_documents import find_similar_to_indexed
from simsearch.types import Document, Hit
from simsearch_serve.pages.hits import Passage, name_of, place_of, show_hit
from simsearch_serve.pages.lines import Window, read_window
from simsearch_serve.pages.links import address, as_filter, can_be_filter, document_link, read_number
from simsearch_serve.pages.rendering import Span
from simsearch_serve.pages.responding import page_route, respond
from simsearch_serve.resident import Resident

PASSAGES, SIMILAR = 10, 5


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a document is shown.

    Args:
        name: A path, or a path with a part (`report.pdf#page=3`).
        question: What it was found by; may be empty.
        hit: The characters of its text that were found; None for the best passage.
        first: The first line to show; None for the lines around the hit.
    """

    name: str
    question: str
    hit: Span | None
    first: int | None

    @classmethod
    def read(cls, parameters: QueryParams, longest: int) -> Asked:
        """What an address asks for; a question is cut to `longest` characters."""
        start, end, first = (read_number(parameters.get(name)) for name in ("start", "end", "from"))
        hit = None if start is None or end is None or end <= start else (start, end)
        return cls(parameters.get("name", ""), parameters.get("q", "").strip()[:longest], hit, first)

    def lines_from(self, first: int) -> str:
        """The address of other lines."""
        given = [("name", self.name), ("q", self.question), *_as_parameters(self.hit), ("from", str(first))]
        return address("/document", [pair for pair in given if pair[1]])


@dataclass(frozen=True, slots=True)
class Opened:
    """A document with all that the page shows of it.

    Args:
        passages: What else of it matches the question, best first.
        before: The address of the part of the file that comes before, such as the last page; empty if there is none.
        similar: Other documents; None if it has no text to compare.
    """

    path: str
    title: str
    place: str
    metadata: tuple[tuple[str, str], ...]
    verbatim: bool
    window: Window
    passages: tuple[Passage, ...]
    before: str
    after: str
    similar: tuple[Passage, ...] | None


def make_routes(resident: Resident) -> list[Route]:
    async def show(request: Request) -> Response:
        asked = Asked.read(request.query_params, resident.limits.query)
        opened = await resident.run(partial(_open, resident.workspace, asked))
        return respond("document.html", asked=asked, document=opened)

    return [page_route("/document", show)]


def _open(workspace: Workspace, asked: Asked, index: OpenIndex) -> Opened:
    found = find_documents(index.snapshot, [asked.name])
    document = found.documents[0]
    hits = _find_passages(workspace, asked.question, found.path, document, index) if asked.question else []
    hit = asked.hit or next(((hit.start, hit.end) for hit in hits), None)
    others = [other for other in hits if (other.start, other.end) != hit]
    words = [(one.start + start, one.start + end) for one in hits for start, end in one.matched]
    spans = [(other.start, other.end) for other in others]
    before, after = _neighbours(found.path, document, index) if document.id.startswith("#") else ("", "")
    return Opened(
        path=found.path,
        title=document.title or name_of(found.path),
        place=place_of(None, document.metadata),
        metadata=tuple((name, _as_text(value)) for name, value in document.metadata.items()),
        verbatim=document.verbatim,
        window=read_window(document.text, hit, spans, words, asked.first),
        passages=tuple(show_hit(other, asked.question).passage for other in others),
        before=before,
        after=after,
        similar=_find_similar(workspace, found.path, document, index) if document.text.strip() else None,
    )


def _find_passages(
    workspace: Workspace, question: str, path: str, document: Document, index: OpenIndex
) -> list[Hit]:
    """The chunks of a document that match a question, best first."""
    if not can_be_filter([path]):
        return []
    settings = workspace.query_settings(where=as_filter(f"path:{path}"), chunks=True, k=PASSAGES + 1)
    hits = index.searcher(settings, observe=lambda event: None).ask(question).hits
    part = part_of(path, document.id)
    return [hit for hit in hits if hit.path == path and (not part or part_of(path, hit.id) == part)]


def _find_similar(
    workspace: Workspace, path: str, document: Document, index: OpenIndex
) -> tuple[Passage, ...]:
    searcher = index.searcher(workspace.query_settings(k=SIMILAR), observe=lambda event: None)
    answer = find_similar_to_indexed(FoundDocuments(path, (document,)), searcher, workspace.registry)
    return tuple(show_hit(hit, "").passage for hit in answer.hits)


def _neighbours(path: str, document: Document, index: OpenIndex) -> tuple[str, str]:
    """The addresses of the parts of a file before and after one of them."""
    ids = [other.id for other in index.snapshot.documents(path)]
    at = ids.index(document.id)
    before, after = ids[at - 1] if at else "", ids[at + 1] if at + 1 < len(ids) else ""
    return (
        document_link(path, f"{path}{before}") if before else "",
        document_link(path, f"{path}{after}") if after else "",
    )


def _as_parameters(hit: Span | None) -> Sequence[tuple[str, str]]:
    return [("start", str(hit[0])), ("end", str(hit[1]))] if hit else []


def _as_text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
