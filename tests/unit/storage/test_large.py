"""An index of more vectors than are to be in memory at once: its segments stay below a size, and it is searched as a
whole."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from simsearch.home import Home
from simsearch.storage import open_store
from simsearch.storage import writer as writing
from simsearch.storage.dense import merging
from tests.unit.storage.test_approximate import IDENTITY, MODEL, ROWS, exact, put_rows

LARGEST, IN_PASSING = 1000, 300


@pytest.fixture(autouse=True)
def _small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "LARGEST", LARGEST)
    monkeypatch.setattr(writing, "LARGEST_IN_PASSING", IN_PASSING)


@pytest.mark.parametrize("latency", [1e9, 0], ids=["exact", "inverted lists"])
def test_segments_are_joined_up_to_a_size_and_searched_together(tmp_path: Path, latency: float) -> None:
    folder = tmp_path / ".simsearch"
    store = open_store(folder, latency)
    with store.write(IDENTITY) as writer:
        for start in range(0, ROWS, 100):
            put_rows(writer, start, start + 100)
            writer.commit()
        assert max(segments(folder)) <= IN_PASSING
        writer.finish()
    found = segments(folder)
    assert sum(found) == ROWS
    assert max(found) <= LARGEST
    assert len(found) <= 2 * ROWS / LARGEST
    with store.write(IDENTITY) as writer:
        writer.finish()
    assert segments(folder) == found
    assert store.check() == []
    with closing(store.read()) as snapshot:
        for row in (0, 1, ROWS - 1):
            matches = snapshot.search(MODEL.vectors[row][None], 10)[0]
            assert matches.chunks[0] == row + 1
            if latency:
                assert matches.chunks.tolist() == exact(MODEL.vectors[row], 10).chunks.tolist()


def segments(folder: Path) -> list[int]:
    """The rows of each segment, from the oldest on."""
    with closing(sqlite3.connect(Home(folder).database)) as database:
        return [rows for (rows,) in database.execute("SELECT rows FROM segments ORDER BY first")]
