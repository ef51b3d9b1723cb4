"""The same index in PostgreSQL and in files: the same hits in the same order, with the same scores."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest
from postgres_documents import QUESTIONS, fill

from simsearch.plugins.registry import Registry
from simsearch.querying.where_filter import parse_filter
from simsearch.storage import open_store
from simsearch.storage.conditions import Condition, Quotes
from simsearch.storage.opening import StoreContext
from simsearch.storage.protocols import Matches, Snapshot
from simsearch.testing.stores.examples import MODEL

FILTERS = (
    "path:asyncio", "not path:asyncio", "size>20000", "folder:json or folder:email", "date:2004", "date>=2010-01-01",
    "title:a*", "path<d", "id:abc.py", "size:17", "folder:*t*p",
)  # fmt: skip

Pair = tuple[Snapshot, Snapshot]


@pytest.fixture(scope="module")
def both(server: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Snapshots of both stores."""
    context = StoreContext(tmp_path_factory.mktemp("parity"))
    local, postgres = (
        open_store(context.folder),
        Registry.load().store("postgres:schema=parity").value(context),
    )
    fill(local)
    fill(postgres)
    with closing(local.read()) as one, closing(postgres.read()) as other:
        yield one, other


def placed(snapshot: Snapshot, found: Matches) -> list[tuple[str, int, float]]:
    places = snapshot.places(found.chunks.tolist())
    return [
        (places[chunk].path, places[chunk].start, score)
        for chunk, score in zip(found.chunks.tolist(), found.scores.tolist(), strict=True)
    ]


def test_both_hold_the_same(both: Pair) -> None:
    one, other = (snapshot.counts() for snapshot in both)
    assert (one.files, one.documents, one.chunks, one.vectors) == (
        other.files,
        other.documents,
        other.chunks,
        other.vectors,
    )
    assert one.files == 200
    assert both[0].fields() == both[1].fields()


def test_the_nearest_are_identical(both: Pair) -> None:
    queries = MODEL.encode(QUESTIONS, "query")
    one, other = ([placed(snapshot, found) for found in snapshot.search(queries, 10)] for snapshot in both)
    assert one == other


@pytest.mark.parametrize("question", QUESTIONS)
def test_words_rank_the_same(both: Pair, question: str) -> None:
    one, other = (placed(snapshot, snapshot.search_words(question, 100)) for snapshot in both)
    assert [place[:2] for place in one] == [place[:2] for place in other]
    assert [place[2] for place in one] == pytest.approx([place[2] for place in other], abs=2e-4)


@pytest.mark.parametrize(
    "condition", [*map(parse_filter, FILTERS), Quotes(("a file",)), Quotes(("->",))], ids=str
)
def test_filters_let_the_same_through(both: Pair, condition: Condition) -> None:
    one, other = (snapshot.count(condition) for snapshot in both)
    assert one == other
    query = MODEL.encode(["open a file"], "query")
    near = [placed(snapshot, snapshot.search(query, 10, condition)[0]) for snapshot in both]
    assert near[0] == near[1]
    assert len(near[0]) == min(10, one)
    words = [placed(snapshot, snapshot.search_words("open a file", 10, condition)) for snapshot in both]
    assert [place[:2] for place in words[0]] == [place[:2] for place in words[1]]


def test_all_chunks_have_the_same_vectors(both: Pair) -> None:
    one, other = (list(snapshot.every_chunk()) for snapshot in both)  # type: ignore[attr-defined]
    assert [(c.path, c.start, c.text, c.id) for c in one] == [(c.path, c.start, c.text, c.id) for c in other]
    keys = [key for path in list(both[0].files())[:20] for item in both[0].chunked(path) for key in item.keys]  # type: ignore[attr-defined]
    assert np.array_equal(*(snapshot.vectors(keys) for snapshot in both))  # type: ignore[attr-defined]
