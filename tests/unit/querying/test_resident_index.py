"""The index and its model in the memory of a process that answers for long."""

import gc
import threading
import weakref
from pathlib import Path

import pytest

from simsearch.errors import NoIndex
from simsearch.querying.resident_index import ResidentIndex
from tests.support.hashed_words import indexed, open_workspace


def paths(resident: ResidentIndex) -> list[str]:
    return sorted(resident.open().snapshot.files())


def test_the_index_is_opened_again_when_it_has_changed(tmp_path: Path) -> None:
    resident = open_workspace(tmp_path).keep_open()
    with pytest.raises(NoIndex):
        resident.open()
    workspace = indexed(tmp_path, {"docs/one.txt": "the goat"})
    first = resident.open()
    assert paths(resident) == ["docs/one.txt"] and resident.open() is first
    (tmp_path / "docs" / "two.txt").write_text("the hen")
    workspace.index(tmp_path / "docs")
    assert paths(resident) == ["docs/one.txt", "docs/two.txt"]


def test_threads_have_snapshots_of_their_own_and_share_the_model(tmp_path: Path) -> None:
    resident = indexed(tmp_path, {"docs/one.txt": "the goat"}).keep_open()
    here = resident.open()
    models = {id(resident.load(here.snapshot.identity))}
    opened = []

    def open_there() -> None:
        opened.append(resident.open())
        models.add(id(resident.load(opened[0].snapshot.identity)))

    thread = threading.Thread(target=open_there)
    thread.start()
    thread.join()
    assert opened[0] is not here and len(models) == 1


def test_release_frees_the_model_until_the_next_question(tmp_path: Path) -> None:
    workspace = indexed(tmp_path, {"docs/one.txt": "the goat"})
    resident = workspace.keep_open()

    def ask() -> str:
        return workspace.ask("goat", resident.open().searcher(workspace.query_settings())).hits[0].path

    assert ask() == "docs/one.txt"
    model = weakref.ref(resident.load(resident.open().snapshot.identity))
    resident.release()
    gc.collect()
    assert model() is None
    assert ask() == "docs/one.txt"
