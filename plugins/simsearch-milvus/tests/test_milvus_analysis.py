"""An index whose terms another version of the analysis made."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from simsearch_milvus.words.weights import FIELDS

from simsearch.plugins.registry import Registry
from simsearch.storage.opening import StoreContext
from simsearch.storage.words.word_files import OTHER_ANALYSIS
from simsearch.testing.stores.examples import ANIMALS, fill, identity, lexical
from simsearch.types import Event, Notice


def test_a_run_renews_the_terms_of_another_version(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[Event] = []
    store = Registry.load().store(f"milvus:name={name}").value(StoreContext(Path("unused"), said.append))
    with monkeypatch.context() as earlier:
        earlier.setattr("simsearch_milvus.generations.ANALYSIS", -1)
        earlier.setattr("simsearch_milvus.state.ANALYSIS", -1)
        earlier.setattr("simsearch_milvus.changes.passage_terms", lambda _: dict.fromkeys(FIELDS, ()))
        fill(store)
    with closing(store.read()) as snapshot:
        assert said == [Notice(OTHER_ANALYSIS)]
        assert not snapshot.finished
        assert lexical(snapshot, "fox") == []
    with store.write(identity()) as writer:
        assert len(writer.files()) == len(ANIMALS)
        writer.finish()
    said.clear()
    with closing(store.read()) as snapshot:
        assert said == []
        assert snapshot.finished
        assert sorted(place for place, _ in lexical(snapshot, "fox")) == [
            ("docs/fox.md", 0, "the red fox runs"),
            ("docs/fox.md", 18, "the fox sleeps"),
        ]
