"""/: search the index."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simsearch import InputError
from simsearch.errors import SettingsError
from simsearch.querying.open_index import OpenIndex
from simsearch.querying.searcher import describe_coverage
from simsearch.storage.protocols import Coverage
from simsearch.types import Hit
from simsearch_serve.pages.facets import KeptFacets
from simsearch_serve.pages.hits import show_hit
from simsearch_serve.pages.judge import read_verdicts
from simsearch_serve.pages.links import MOST_RESULTS, Search
from simsearch_serve.pages.responding import page_route, respond
from simsearch_serve.resident import Answered, Resident

MORE = 10
"""Results that the link "More results" adds."""


def make_routes(resident: Resident) -> list[Route]:
    facets, defaults = KeptFacets(), resident.workspace.settings.query

    async def show(request: Request) -> Response:
        search = Search.read(request.query_params)
        lists = await resident.run(facets.read)
        answer = partial(respond, "search.html", search=search, defaults=defaults, facets=lists)
        if not search.text:
            return answer(start=await resident.run(_describe))
        try:
            found = await resident.search(search.text, **search.overrides)
        except (InputError, SettingsError) as error:
            return answer(HTTPStatus.UNPROCESSABLE_ENTITY, problem=str(error))
        results = _results(search, search.k or defaults.k, found)
        if resident.writable:
            results["verdicts"] = await resident.run_without_index(
                lambda: read_verdicts(resident, search.text)
            )
        return answer(**results)

    return [page_route("/", show)]


def _results(search: Search, k: int, found: Answered) -> dict[str, Any]:
    answer, explanation = found.answer, found.answer.explanation
    coverage = Coverage(explanation.chunks, explanation.with_vectors)
    sentence = describe_coverage(coverage) if coverage.pending else ""
    full = len(answer.hits) == k < MOST_RESULTS
    return {
        "hits": [show_hit(hit, search.text) for hit in answer.hits],
        "explanation": explanation,
        "coverage": sentence,
        "notices": [notice for notice in found.notices if notice != sentence],
        "no_good_match": bool(answer.hits) and not _has_good_match(answer.hits),
        "more": search.link(k=min(k + MORE, MOST_RESULTS)) if full else "",
    }


def _has_good_match(hits: tuple[Hit, ...]) -> bool:
    """Hits of which it is unknown count as good."""
    return any(hit.good_match is not False for hit in hits)


def _describe(index: OpenIndex) -> dict[str, Any]:
    """What there is to search."""
    counts = index.snapshot.counts()
    return {"counts": counts, "model": index.snapshot.identity.model}
