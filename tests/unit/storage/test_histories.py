"""Any history of changes, against a store of dictionaries: the same files, documents, chunks and hits."""

from __future__ import annotations

import os
import tempfile
from contextlib import closing
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from simsearch.storage import open_store
from simsearch.storage.protocols import Writer
from simsearch.testing.stores.examples import MODEL, OTHER, ExampleModel, identity, put, record, view
from tests.support.plain_store import PlainStore

PATHS = st.sampled_from(["docs/a.md", "docs/b.md", "docs/c/d.md", "docs/e.md"])
TEXTS = st.lists(
    st.text("ab .\n", max_size=12) | st.sampled_from(["red fox. blue hen", "the fox. the fox. owl", "fox"]),
    max_size=3,
)
MODELS = st.sampled_from([MODEL, OTHER])
EXAMPLES = int(os.environ.get("STORE_EXAMPLES", "12"))


class Histories(RuleBasedStateMachine):
    """Each rule does the same to both stores."""

    def __init__(self) -> None:
        super().__init__()
        self.home = tempfile.TemporaryDirectory()
        self.folder = Path(self.home.name) / ".simsearch"
        self.stores = (open_store(self.folder), PlainStore())
        self.writers: tuple[Writer, ...] = ()
        self.model: ExampleModel = MODEL

    def teardown(self) -> None:
        self._leave()
        self.home.cleanup()

    @precondition(lambda self: not self.writers)
    @rule(model=MODELS)
    def open(self, model: ExampleModel) -> None:
        self.model = model
        self.writers = tuple(store.write(identity(model)) for store in self.stores)
        assert self.writers[0].in_place == self.writers[1].in_place

    @precondition(lambda self: self.writers)
    @rule(path=PATHS, texts=TEXTS, title=st.sampled_from(["", "Of the fox"]))
    def put(self, path: str, texts: list[str], title: str) -> None:
        for writer in self.writers:
            put(writer, path, *texts, model=self.model, title=title, verbatim=True)

    @precondition(lambda self: self.writers)
    @rule(paths=st.lists(PATHS, max_size=3))
    def remove(self, paths: list[str]) -> None:
        for writer in self.writers:
            writer.remove(paths)

    @precondition(lambda self: self.writers)
    @rule(path=PATHS, modified=st.integers(0, 9))
    def touch(self, path: str, modified: int) -> None:
        for writer in self.writers:
            writer.touch(record(path, modified=modified))

    @precondition(lambda self: self.writers)
    @rule()
    def commit(self) -> None:
        for writer in self.writers:
            writer.commit()

    @precondition(lambda self: self.writers)
    @rule(go_on=st.booleans())
    def finish(self, go_on: bool) -> None:
        for writer in self.writers:
            writer.finish()
        if not go_on:
            self._leave()
            with closing(self.stores[0].read()) as mine, closing(self.stores[1].read()) as plain:
                assert mine.counts().vectors == plain.counts().vectors

    @precondition(lambda self: self.writers)
    @rule()
    def abandon(self) -> None:
        self._leave()

    @invariant()
    def both_files_agree(self) -> None:
        if self.writers:
            assert self.writers[0].files() == self.writers[1].files()

    @invariant()
    def both_readers_agree(self) -> None:
        mine, plain = self.stores
        assert mine.exists() == plain.exists()
        if mine.exists():
            model = MODEL if plain.active and plain.active.identity == identity(MODEL) else OTHER
            assert view(mine, model) == view(plain, model)

    @precondition(lambda self: not self.writers)
    @invariant()
    def nothing_is_wrong(self) -> None:
        assert open_store(self.folder).check() == []

    def _leave(self) -> None:
        for writer in self.writers:
            writer.__exit__(None, None, None)
        self.writers = ()


Histories.TestCase.settings = settings(max_examples=EXAMPLES, stateful_step_count=25)
TestHistories = Histories.TestCase
