"""An index moves between stores without embedding, and is the same afterwards."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from simsearch.errors import StorageError
from simsearch.indexing.copying import copy_index, read_content
from simsearch.plugins.registry import Registry
from simsearch.storage import open_store
from simsearch.storage.opening import StoreContext
from simsearch.storage.protocols import Store
from simsearch.testing.stores.examples import ANIMALS, fill, identity, put


@pytest.fixture
def postgres(schema: str) -> Store:
    return Registry.load().store(f"postgres:schema={schema}").value(StoreContext(Path("unused")))


def test_an_index_moves_there_and_back(postgres: Store, tmp_path: Path) -> None:
    one, other = open_store(tmp_path / "one"), open_store(tmp_path / "other")
    fill(one)
    with one.write(identity()) as writer:
        put(writer, "docs/pending.md", "not embedded yet. nor this", embed=False)
        put(writer, "docs/nul.md", "a\x00b", title="c\x00")
        writer.finish()
    report = copy_index(one, postgres)
    assert (report.added, report.embedded) == (len(ANIMALS) + 2, 0)
    copy_index(postgres, other)
    contents = []
    for store in (one, postgres, other):
        with closing(store.read()) as snapshot:
            contents.append(read_content(snapshot))
    assert contents[0] == contents[1] == contents[2]
    again = copy_index(one, postgres)
    assert (again.added, again.changed, again.unchanged, again.chunks) == (0, 0, len(ANIMALS) + 2, 0)


def test_a_copy_that_differs_is_an_error(
    postgres: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    one = open_store(tmp_path / "one")
    fill(one)
    copy_index(one, postgres)
    with psycopg.connect(autocommit=True) as owner:
        (schema,) = owner.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'index_%' ORDER BY oid DESC"
        ).fetchone() or ("",)
        owner.execute(f"UPDATE {schema}.documents SET text = upper(text) WHERE id = 1")
    with pytest.raises(StorageError, match="The copy differs from the original: it holds 3 files"):
        copy_index(one, postgres)
