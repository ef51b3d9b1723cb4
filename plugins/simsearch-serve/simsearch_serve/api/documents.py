"""GET /api/v1/documents and /api/v1/similar: the text of indexed documents, and documents like them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field, TypeAdapter

from simsearch.querying.indexed_documents import IndexedText, names_in_index, read_texts
from simsearch_serve.api.errors import new_router
from simsearch_serve.api.options import Results, SearchOptions, respond
from simsearch_serve.resident import Resident

Name = Annotated[
    str, Field(description="A path of a hit, one with a part (`report.pdf#page=3`), or the id of a document.")
]


class SimilarTo(SearchOptions):
    """An indexed document, with the options of `simsearch query`."""

    name: Name


def make_router(resident: Resident) -> APIRouter:
    router = new_router()
    adapter = TypeAdapter(list[IndexedText])

    @router.get("/documents", response_model=list[IndexedText])
    async def documents(
        name: Annotated[Name, Query()],
        first: Annotated[int | None, Query(ge=1, description="First line.")] = None,
        last: Annotated[int | None, Query(ge=1, description="Last line; the end if it is left out.")] = None,
    ) -> Response:
        """The text of an indexed document, from the index: all of it, or some of its lines."""
        lines = None if first is None and last is None else (first or 1, last)
        names = names_in_index(name, resident.workspace.folder)
        texts = await resident.run(lambda index: read_texts(index.snapshot, names, lines))
        return Response(adapter.dump_json(texts), media_type="application/json")

    @router.get("/similar", response_model=Results)
    async def similar(document: Annotated[SimilarTo, Query()]) -> Response:
        """Indexed documents that are similar to one of them, which is not a result."""
        return respond(await resident.find_similar(document.name, **document.overrides), document.explain)

    return router
