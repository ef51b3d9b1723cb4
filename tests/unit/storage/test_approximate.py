"""Beyond the latency budget: inverted lists whose recall is measured, exact scores, filters inside the search."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from simsearch.storage import open_store
from simsearch.storage.conditions import FieldComparison
from simsearch.storage.protocols import Matches, Writer
from simsearch.storage.snapshot import LocalSnapshot
from simsearch.testing.stores.examples import cut, identity, record
from simsearch.types import Vectors

CLUSTERS, ROWS, DIMENSION = 40, 4000, 16


class Clustered:
    """An embedder whose texts are numbers, each of a vector near one of some centres."""

    name, fingerprint, dimension = "clustered", "f" * 64, DIMENSION

    def __init__(self) -> None:
        random = np.random.default_rng(0)
        centres = random.standard_normal((CLUSTERS, DIMENSION))
        vectors = centres[random.integers(0, CLUSTERS, ROWS)] + 0.4 * random.standard_normal(
            (ROWS, DIMENSION)
        )
        self.vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)

    def encode(self, texts: list[str]) -> Vectors:
        return self.vectors[[int(text.split()[-1]) % ROWS for text in texts]]


MODEL = Clustered()
PLACES = (np.random.default_rng(1).permutation(ROWS) / ROWS).tolist()
IDENTITY = identity(MODEL)  # type: ignore[arg-type]


def at(share: float) -> FieldComparison:
    """What that share of all rows meets, here and there."""
    return FieldComparison("place", "<", f"{share:g}")


def put_rows(writer: Writer, start: int, stop: int) -> None:
    """A file a hundred rows, each a document with its place in a random order, 0 to 1."""
    for number in range(start, stop, 100):
        documents, strings = [], {}
        for row in range(number, min(stop, number + 100)):
            document, more = cut(f"row {row}", metadata={"place": PLACES[row]})
            documents.append(document)
            strings.update(more)
        missing = sorted(writer.missing(list(strings)))
        writer.put_vectors(missing, MODEL.encode([strings[key] for key in missing]))
        writer.put_file(record(f"docs/{number:05}.md"), documents)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index that no exact search is quick enough for."""
    folder = tmp_path_factory.mktemp("approximate") / ".simsearch"
    with open_store(folder, latency=0).write(IDENTITY) as writer:
        put_rows(writer, 0, ROWS)
        writer.finish()
    return folder


@pytest.fixture
def snapshot(folder: Path) -> Iterator[LocalSnapshot]:
    with closing(open_store(folder, latency=0).read()) as snapshot:
        yield snapshot


def exact(query: Vectors, k: int, share: float = 1) -> Matches:
    """What an exact search finds, by the vectors themselves."""
    numbers = np.arange(1, ROWS + 1)  # as the rows were put
    scores = (MODEL.vectors.astype(np.float16).astype(np.float64) * query).sum(axis=1).astype(np.float32)
    scores[np.array(PLACES) >= share] = -2
    order = np.lexsort((numbers, -scores))[:k]
    return Matches(numbers[order], scores[order])


def test_the_kind_of_index_and_its_recall_are_measured_and_told(snapshot: LocalSnapshot) -> None:
    told = snapshot.dense_index()
    assert (told.kind, told.approximate) == ("ivf", ROWS)
    assert 0.95 <= told.recall <= 1
    assert 0 < told.probes < told.lists
    assert told.milliseconds > 0
    assert len(told.measured.split("-")) == 3


def test_the_ten_nearest_are_found_with_exact_scores(snapshot: LocalSnapshot) -> None:
    found = total = 0
    for query in MODEL.vectors[::40]:
        mine, theirs = snapshot.search(query[None], 10)[0], exact(query, 10)
        scores = dict(zip(theirs.chunks.tolist(), theirs.scores.tolist(), strict=True))
        common = [
            (scores[c], s)
            for c, s in zip(mine.chunks.tolist(), mine.scores.tolist(), strict=True)
            if c in scores
        ]
        assert all(one == other for one, other in common)
        assert len(mine.chunks) == 10
        assert (np.diff(mine.scores) <= 0).all()
        found, total = found + len(common), total + 10
    assert found / total >= 0.95


@pytest.mark.parametrize("share", [0.003, 0.01, 0.1, 0.3, 0.7])
@pytest.mark.parametrize("looked_up", [0, 2000])
def test_a_filter_acts_inside_the_search(
    snapshot: LocalSnapshot, share: float, looked_up: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether few allowed chunks are looked up in the database or in the lists."""
    monkeypatch.setattr("simsearch.storage.dense.ivf.LOOKED_UP", looked_up)
    found = total = 0
    for query in MODEL.vectors[::100]:
        mine, theirs = snapshot.search(query[None], 10, at(share))[0], exact(query, 10, share)
        assert len(mine.chunks) == 10
        assert all(r.metadata["place"] < share for r in snapshot.chunks(mine.chunks.tolist()))
        found, total = found + len(set(mine.chunks.tolist()) & set(theirs.chunks.tolist())), total + 10
    assert found == total if share < 0.2 else found / total >= 0.95


def test_all_that_match_are_found_when_more_are_asked_for(snapshot: LocalSnapshot) -> None:
    query = MODEL.vectors[:1]
    assert len(snapshot.search(query, 50, at(0.01))[0].chunks) == ROWS // 100
    assert len(snapshot.search(query, ROWS + 10)[0].chunks) == ROWS
    assert len(snapshot.search(query, 10, at(0))[0].chunks) == 0


def test_several_questions_are_answered_as_alone(snapshot: LocalSnapshot) -> None:
    together = snapshot.search(MODEL.vectors[:20], 7)
    for query, found in zip(MODEL.vectors[:20], together, strict=True):
        assert found.chunks.tolist() == snapshot.search(query[None], 7)[0].chunks.tolist()


def test_the_file_is_plain_faiss_with_chunk_numbers_as_ids(folder: Path, snapshot: LocalSnapshot) -> None:
    import faiss

    index = faiss.read_index(str(next(folder.glob("segments/*.faiss"))))
    assert index.ntotal == ROWS
    index.nprobe = index.nlist
    _, ids = index.search(MODEL.vectors[:5], 1)
    assert ids[:, 0].tolist() == [snapshot.search(query[None], 1)[0].chunks[0] for query in MODEL.vectors[:5]]


def test_changes_stand_beside_it_and_the_dead_are_not_found(tmp_path: Path) -> None:
    folder = tmp_path / ".simsearch"
    store = open_store(folder, latency=0)
    with store.write(IDENTITY) as writer:
        put_rows(writer, 0, ROWS - 200)
        writer.finish()
    before = set(folder.glob("segments/*"))
    with store.write(IDENTITY) as writer:
        put_rows(writer, ROWS - 200, ROWS)
        writer.remove(["docs/00000.md"])
        writer.finish()
    assert before < set(folder.glob("segments/*"))  # immutable
    assert open_store(folder).check() == []
    with closing(store.read()) as snapshot:
        assert snapshot.dense_index().approximate == ROWS - 300
        assert len(snapshot.search(MODEL.vectors[:1], ROWS)[0].chunks) == ROWS - 100
        for row in (5, 5000 % ROWS, ROWS - 1):
            (hit,) = snapshot.chunks(snapshot.search(MODEL.vectors[row][None], 1)[0].chunks.tolist())
            assert (hit.text == f"row {row}") == (row >= 100)


def test_what_has_shrunk_below_the_least_size_is_still_found(tmp_path: Path) -> None:
    folder = tmp_path / ".simsearch"
    with open_store(folder).write(IDENTITY) as writer:
        put_rows(writer, 0, 1100)
        writer.finish()
    store = open_store(folder, latency=0)
    with store.write(IDENTITY) as writer:
        writer.remove(["docs/00000.md"])
        writer.finish()
    assert open_store(folder).check() == []
    with closing(store.read()) as snapshot:
        assert len(snapshot.search(MODEL.vectors[:1], 2000)[0].chunks) == 1000


def test_within_the_budget_search_stays_exact(tmp_path: Path) -> None:
    store = open_store(tmp_path / ".simsearch", latency=1e9)
    with store.write(IDENTITY) as writer:
        put_rows(writer, 0, ROWS)
        writer.finish()
    with closing(store.read()) as snapshot:
        told = snapshot.dense_index()
        assert (told.kind, told.approximate, told.recall) == ("exact", 0, 1)
        assert told.milliseconds > 0
    tighter = open_store(tmp_path / ".simsearch", latency=0)
    with tighter.write(IDENTITY) as writer:
        put_rows(writer, 0, 100)
        writer.finish()
    with closing(tighter.read()) as snapshot:
        assert snapshot.dense_index().kind == "ivf"


@pytest.mark.parametrize("damage", ["missing", "short", "changed", "no FAISS file"])
def test_a_damaged_one_is_found_and_rebuilt(folder: Path, tmp_path: Path, damage: str) -> None:
    import shutil

    copy = tmp_path / ".simsearch"
    shutil.copytree(folder, copy)
    path = next(copy.glob("segments/*.faiss"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    spoiled = {"short": content[:-9], "changed": content, "no FAISS file": b"\0" * len(content)}
    path.unlink()
    if damage != "missing":
        path.write_bytes(spoiled[damage])
    if damage != "changed":
        with closing(open_store(copy).read()) as snapshot:
            assert snapshot.search(MODEL.vectors[7][None], 1)[0].scores[0] == pytest.approx(1, abs=1e-2)
    assert len(open_store(copy).check()) == 1
    assert [problem.fix for problem in open_store(copy).check(repair=True)] == ["rebuilt"]
    assert open_store(copy).check() == []
    with closing(sqlite3.connect(copy / "index.db")) as connection:
        assert connection.execute("SELECT kind FROM segments").fetchall() == [("ivf",)]
