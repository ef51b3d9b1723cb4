"""An engine of a plugin: what it gives is stored, and what it refuses is reported."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from simsearch import Component, Workspace, hookimpl
from simsearch.engines import Embedded, EngineContext, EngineOpener, FileTask, Outcome, Refused
from simsearch.errors import UnknownComponent
from simsearch.indexing import Skipped
from simsearch.plugins.discovery import Found, Origin
from simsearch.settings import IndexSettings
from tests.support.hashed_words import HashedWords, open_workspace


class Picky:
    """Refuses files of one name, and says that an abacus embeds."""

    def __init__(self, context: EngineContext) -> None:
        self.worker = context.worker
        self.asked: list[str] = []

    def cut(self, tasks: Iterable[FileTask]) -> Iterator[Outcome]:
        for task in tasks:
            self.asked.append(task.record.path)
            refused = task.record.path.endswith("bad.md")
            outcome = Refused(task.record, "it ended a worker", gone=True, lasting=True)
            yield outcome if refused else self.worker.cut(task)

    def embed(self, batches: Iterable[Sequence[str]]) -> Iterator[Embedded]:
        return (replace(self.worker.embed(batch), device="abacus", truncated=1) for batch in batches)


@pytest.fixture
def opened() -> list[Picky]:
    """Every engine that was opened."""
    return []


@pytest.fixture
def workspace(tmp_path: Path, opened: list[Picky]) -> Workspace:
    def build() -> EngineOpener:
        def start(context: EngineContext) -> nullcontext[Picky]:
            opened.append(Picky(context))
            return nullcontext(opened[-1])

        return start

    class Plugin:
        @hookimpl
        def simsearch_engines(self) -> list[Component]:
            return [Component("picky", "Refuses some files", build)]

    (tmp_path / "docs").mkdir()
    for name in ("ant.md", "bad.md", "bee.md"):
        (tmp_path / "docs" / name).write_text(f"about {name}")
    workspace = open_workspace(tmp_path, HashedWords(), IndexSettings(model="hashed-words", engine="picky"))
    workspace.registry.add(Found(Origin("picky", "picky", "1", "tests"), Plugin))
    return workspace


def test_results_of_an_engine_are_stored_and_counted(workspace: Workspace) -> None:
    report = workspace.index(workspace.folder / "docs")
    assert (report.added, report.chunks, report.embedded, report.truncated) == (2, 2, 2, 1)
    assert report.devices == {"abacus": 2}
    assert report.skipped == (Skipped("docs/bad.md", "it ended a worker"),)
    assert [hit.path for hit in workspace.query("bee")][:1] == ["docs/bee.md"]


def test_a_file_that_did_harm_is_refused_once(workspace: Workspace, opened: list[Picky]) -> None:
    skipped = workspace.index(workspace.folder / "docs").skipped
    (workspace.folder / "docs" / "cat.md").write_text("about cat")
    assert workspace.index(workspace.folder / "docs").skipped == skipped
    assert "docs/bad.md" in opened[0].asked
    assert "docs/bad.md" not in opened[1].asked and "docs/cat.md" in opened[1].asked


def test_without_files_to_read_no_engine_is_opened(workspace: Workspace, opened: list[Picky]) -> None:
    (workspace.folder / "docs" / "bad.md").unlink()
    workspace.index(workspace.folder / "docs")
    (workspace.folder / "docs" / "ant.md").touch()
    (workspace.folder / "docs" / "bee.md").unlink()
    report = workspace.index(workspace.folder / "docs")
    assert (report.removed, report.unchanged) == (1, 1)
    workspace.index(workspace.folder / "docs")
    assert len(opened) == 1


def test_an_engine_that_is_not_installed_is_an_error(workspace: Workspace) -> None:
    with pytest.raises(UnknownComponent, match="No engine is called 'pikcy' \\(did you mean 'picky'"):
        workspace.index(workspace.folder / "docs", engine="pikcy")
