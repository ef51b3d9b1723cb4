"""The index held open: any settings on one snapshot, until it or what was learned for it has changed."""

from contextlib import closing
from pathlib import Path

import pytest

from simsearch.errors import NoIndex
from simsearch.querying.dense_weight import LearnedWeight, keep_learned_weight
from simsearch.settings import QuerySettings
from tests.support.hashed_words import indexed, open_workspace

FILES = {"docs/fox.md": "The fox eats berries.", "docs/cat.md": "The cat eats mice."}


def test_questions_with_different_settings_share_a_snapshot_and_a_model(tmp_path: Path) -> None:
    workspace = indexed(tmp_path, FILES)
    with workspace.open_index() as index:
        many, one = (index.searcher(QuerySettings(k=k, mode="dense")) for k in (2, 1))
        assert [len(searcher.ask("the fox").hits) for searcher in (many, one)] == [2, 1]
        assert many.snapshot is one.snapshot and many.embedder is one.embedder


def test_the_weight_asked_for_is_that_of_one_question(tmp_path: Path) -> None:
    with indexed(tmp_path, FILES).open_index() as index:
        chosen = [
            index.searcher(QuerySettings(weight=weight)).weigh("fox").chosen_by for weight in (0.3, None)
        ]
        assert chosen == ["asked", "question"]


def test_it_tells_that_another_process_changed_the_index(tmp_path: Path) -> None:
    workspace = indexed(tmp_path, FILES)
    with workspace.open_index() as index:
        assert not index.changed
        index.searcher(QuerySettings()).ask("the fox")
        assert not index.changed, "asking changes nothing"
        (tmp_path / "docs/dog.md").write_text("The dog eats bones.")
        open_workspace(tmp_path).index(tmp_path / "docs")
        assert index.changed
        assert "docs/dog.md" not in [
            hit.path for hit in index.searcher(QuerySettings()).ask("dog bones").hits
        ]
    with workspace.open_index() as index:
        assert not index.changed
        assert index.searcher(QuerySettings()).ask("dog bones").hits[0].path == "docs/dog.md"


def test_it_tells_that_something_was_learned_for_it(tmp_path: Path) -> None:
    workspace = indexed(tmp_path, FILES)
    with workspace.open_index() as index:
        fingerprint = index.snapshot.identity.fingerprint
        keep_learned_weight(workspace.home, LearnedWeight(fingerprint, 0.4, 50, 0.1, (0.05, 0.2), kept=True))
        assert index.changed
    with workspace.open_index() as index:
        assert index.searcher(QuerySettings()).weigh("fox").value == 0.4


def test_it_tells_that_the_index_was_deleted(tmp_path: Path) -> None:
    workspace = indexed(tmp_path, FILES)
    with closing(workspace.open_index()) as index:
        for path in workspace.home.glob("index.db*"):
            path.unlink()
        assert index.changed
    with pytest.raises(NoIndex):
        workspace.open_index()
