"""Copying an index from one store to another."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from simsearch.errors import NoIndex, StorageError
from simsearch.indexing.copying import copy_index, read_content
from simsearch.storage import open_store
from simsearch.testing.stores.examples import ANIMALS, OTHER, fill, identity, put, view
from tests.support.plain_store import PlainStore


def test_a_copy_holds_the_same(tmp_path: Path) -> None:
    one, other = open_store(tmp_path / "one"), open_store(tmp_path / "other")
    fill(one)
    with one.write(identity()) as writer:
        put(writer, "docs/pending.md", "not embedded. nor this", title="Later", embed=False)
        writer.finish()
    fill(other, {"docs/old.md": "of another model"}, model=OTHER)
    report = copy_index(one, other)
    assert (report.added, report.removed, report.chunks, report.embedded) == (4, 0, 8, 0)
    assert report.coverage and report.coverage.pending == 2
    assert view(other) == view(one)
    with closing(one.read()) as original, closing(other.read()) as copy:
        assert read_content(original) == read_content(copy)


def test_only_what_differs_is_copied(tmp_path: Path) -> None:
    one, other = open_store(tmp_path / "one"), open_store(tmp_path / "other")
    fill(one)
    copy_index(one, other)
    with one.write(identity()) as writer:
        put(writer, "docs/fox.md", "a grey wolf")
        writer.remove(["docs/hen.md"])
        writer.finish()
    report = copy_index(one, other)
    assert (report.added, report.changed, report.removed, report.unchanged) == (0, 1, 1, 1)
    assert view(other) == view(one)


def test_a_store_that_cant_list_says_so(tmp_path: Path) -> None:
    plain, target = PlainStore(), open_store(tmp_path / "target")
    with pytest.raises(NoIndex):
        copy_index(plain, target)
    fill(plain)
    with pytest.raises(StorageError, match="has no export"):
        copy_index(plain, target)
    assert not target.exists()


def test_a_copy_that_lost_something_is_an_error(tmp_path: Path) -> None:
    one = open_store(tmp_path / "one")
    fill(one)
    with pytest.raises(
        StorageError, match=f"holds {len(ANIMALS) - 1} files.* where the original holds 3 files"
    ):
        copy_index(one, _Forgetful(tmp_path / "other"))  # type: ignore[arg-type]


class _Forgetful:
    """A store that loses a file."""

    def __init__(self, folder: Path) -> None:
        self._store = open_store(folder)
        self.exists, self.read = self._store.exists, self._store.read

    def write(self, identity):  # type: ignore[no-untyped-def]
        writer = self._store.write(identity)
        put_file = writer.put_file
        writer.put_file = lambda file, documents: file.path == "docs/hen.md" or put_file(file, documents)  # type: ignore[method-assign]
        return writer
