"""/map: the chunks of the index as points."""

from __future__ import annotations

import threading
from contextlib import closing
from functools import partial
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simsearch import Workspace
from simsearch.home import Home
from simsearch.querying.open_index import OpenIndex
from simsearch.querying.ranking import rank
from simsearch.querying.step_times import Stopwatch
from simsearch.utf8 import storable
from simsearch_serve.pages.hits import Passage, show_passage
from simsearch_serve.pages.links import read_number
from simsearch_serve.pages.neighbour_layout import LEAST, is_installed, lay_out
from simsearch_serve.pages.point_map import PointMap, make_map, read_map, version_of, write_map
from simsearch_serve.pages.responding import page_route, respond
from simsearch_serve.resident import Resident

HITS, SHARE = 50, 0.1
"""At most as many passages are highlighted, and no larger share of the index, unless a search shows more."""

MOST_LISTED = 50
SECONDS_TO_WAIT = 2.0


class MapKeeper:
    """The map of the index: made in a thread of its own, and kept next to the index."""

    def __init__(self, resident: Resident) -> None:
        self._resident = resident
        self._file = Home(resident.workspace.home).map
        self._map: PointMap | None = None
        self._making: threading.Thread | None = None
        self._problem: Exception | None = None
        self._lock = threading.Lock()

    def find(self, index: OpenIndex) -> tuple[PointMap | None, bool]:
        """The map of an index, and whether it is that of the index as it is now. While one is being made, which takes
        seconds for 100,000 chunks, it is an earlier one, or None.

        Raises:
            SimsearchError: It can't be made.
        """
        version = version_of(index.snapshot)
        with self._lock:
            if not self._is_of(version):
                self._map = read_map(self._file) or self._map
            if self._is_of(version):
                return self._map, True
            if self._making is None:
                self._problem = None
                self._making = threading.Thread(target=self._make, args=(self._map,), daemon=True)
                self._making.start()
            making = self._making
        making.join(SECONDS_TO_WAIT)
        if self._problem:
            raise self._problem
        return self._map, not making.is_alive()

    def _is_of(self, version: str) -> bool:
        """Whether the map is that of an index, laid out in the way that is installed now."""
        if self._map is None or self._map.version != version:
            return False
        return (self._map.axes is None) == _has_layout(len(self._map.chunks))

    def _make(self, earlier: PointMap | None) -> None:
        try:
            with closing(self._resident.workspace.open_index(self._resident.load)) as index:
                with_vectors = index.snapshot.coverage().with_vectors
                layout = lay_out if _has_layout(with_vectors) else None
                self._map = make_map(index.snapshot, earlier, layout)
            write_map(self._file, self._map)
        except Exception as error:  # told to those who ask for the map
            self._problem = error
        finally:
            self._making = None


def make_routes(resident: Resident) -> list[Route]:
    keeper = MapKeeper(resident)

    async def show(request: Request) -> Response:
        question = request.query_params.get("q", "").strip()[: resident.limits.query]
        made, current = await resident.run(keeper.find)
        if made is None:
            response = respond("map.html", made=None, question=question)
            response.headers["refresh"] = "2"
            return response
        by = request.query_params.get("by", "")
        by = by if by in made.groupings else next(iter(made.groupings), "")
        hits = await resident.run(partial(_find_hits, resident.workspace, question)) if question else []
        pending = await resident.run(lambda index: index.snapshot.coverage().pending)
        return respond(
            "map.html",
            made=made,
            question=question,
            by=by,
            hits=hits[:MOST_LISTED],
            pending=pending,
            current=current,
        )

    async def points(request: Request) -> Response:
        made, _ = await resident.run(keeper.find)
        by, version = (request.query_params.get(name, "") for name in ("by", "version"))
        if made is None or made.version != version:
            return Response(status_code=HTTPStatus.CONFLICT)
        return Response(made.as_bytes(by), media_type="application/octet-stream")

    async def passages(request: Request) -> Response:
        given = request.query_params.getlist("chunk")[:MOST_LISTED]
        numbers = [number for text in given if (number := read_number(text)) is not None]
        records = await resident.run(lambda index: index.snapshot.chunks(numbers))
        return respond("passages.html", passages=[show_passage(record, "") for record in records])

    return [
        page_route("/map", show),
        page_route("/map/points", points),
        page_route("/map/passages", passages),
    ]


def _has_layout(points: int) -> bool:
    """Whether an index of this many points is laid out by their neighbours."""
    return points >= LEAST and is_installed()


def _find_hits(workspace: Workspace, question: str, index: OpenIndex) -> list[Passage]:
    """The chunks that a search finds, best first, several of one document among them."""
    watch, text, settings = Stopwatch(), storable(question), workspace.query_settings()
    searcher = index.searcher(settings, observe=lambda event: None)
    most = min(HITS, max(settings.k, int(SHARE * index.snapshot.coverage().chunks)))
    ranking = rank(searcher.prepare(text, searcher.embed([text]), watch), index.snapshot, most, watch)
    best = sorted(ranking.scores, key=lambda chunk: -ranking.scores[chunk])[:most]
    return [show_passage(record, question) for record in index.snapshot.chunks(best)]
