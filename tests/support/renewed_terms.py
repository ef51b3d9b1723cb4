"""A store on a server whose terms another version of the analysis made, for the tests of each such plugin."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from simsearch.plugins.registry import Registry
from simsearch.storage.opening import StoreContext
from simsearch.storage.words.word_files import OTHER_ANALYSIS
from simsearch.testing.stores.examples import ANIMALS, fill, identity, lexical
from simsearch.types import Event, Notice


def check_renewed_terms(spec: str, use_earlier_analysis: Callable[[pytest.MonkeyPatch], None]) -> None:
    """A reader says that the terms are others, and the next run renews them.

    Args:
        use_earlier_analysis: Lets the plugin write an index of another version, without any terms.
    """
    said: list[Event] = []
    store = Registry.load().store(spec).value(StoreContext(Path("unused"), said.append))
    with pytest.MonkeyPatch.context() as earlier:
        use_earlier_analysis(earlier)
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
