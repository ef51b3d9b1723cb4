"""The engine on a real cluster of two nodes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from simsearch_ray.batches import FILES, SIZE, in_batches
from simsearch_ray.cluster import ClusterError
from simsearch_ray.engine import Plan, open_engine

from simsearch import InputError, Notice, Workspace, hookimpl
from simsearch.engines import Candidate, EngineContext, StoredFile
from simsearch.indexing import Skipped
from simsearch.plugins.registry import Registry
from simsearch.settings import IndexSettings, Settings
from simsearch.storage.protocols import FileRecord
from simsearch.testing import EngineContract
from simsearch.testing.engines import ExampleWorker, open_example_worker
from simsearch.types import Document
from tests.conftest import PROJECT
from tests.support.file_server import serve_files
from tests.support.ray_workspaces import FILES as MADE
from tests.support.ray_workspaces import (
    RunningCluster,
    contents,
    demand_same,
    give_order,
    list_orders,
    make_workspace,
    open_again,
    run_command,
)
from tests.support.tiny_models import save_tiny_model

WORKER_KILLS = int(os.environ.get("RAY_WORKER_KILLS", "3"))
DRIVER_KILLS = int(os.environ.get("RAY_DRIVER_KILLS", "3"))
RECORD = FileRecord("a.md", "docs", "", 10, 0)

Make = Callable[[str], Workspace]


@pytest.fixture
def make(tmp_path: Path, cluster: RunningCluster, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Makes a workspace, and goes to its folder."""

    def make_and_enter(name: str) -> Workspace:
        workspace = make_workspace(tmp_path / name)
        monkeypatch.chdir(workspace.folder)
        return workspace

    return make_and_enter


@pytest.fixture
def alone(make: Make) -> Workspace:
    """The same files, indexed by the local engine."""
    workspace = make("alone")
    workspace.index("docs")
    return workspace


class TestRay(EngineContract):
    spec = "ray:workers=2"

    @pytest.fixture(autouse=True)
    def connected(self, cluster: RunningCluster) -> None:
        """The laws use the cluster that this process is connected to."""


def test_workers_fetch_the_files_of_a_url(cluster: RunningCluster, make: Make, alone: Workspace) -> None:
    with serve_files(alone.folder) as server:
        workspace = make("fetched")
        assert workspace.index(f"{server.url}/docs", engine=cluster.engine).added == MADE
        assert workspace.index(f"{server.url}/docs", engine=cluster.engine).unchanged == MADE
    assert contents(workspace)[1].keys() == contents(alone)[1].keys()


def test_a_real_model_gives_the_same_index(cluster: RunningCluster, tmp_path: Path) -> None:
    model = save_tiny_model(tmp_path / "model")
    made = []
    for engine in ("local", cluster.engine):
        folder = tmp_path / engine.partition(":")[0]
        (folder / "docs").mkdir(parents=True)
        for page in (PROJECT / "docs").glob("*.md"):
            (folder / "docs" / page.name).write_bytes(page.read_bytes())
        (folder / "docs" / "broken.bin").write_bytes(b"\x00\x01")
        settings = IndexSettings(model=str(model), engine=engine, device="cpu")
        workspace = Workspace(folder, Settings(cache=str(tmp_path / "cache"), index=settings, threads=1))
        made.append((workspace, workspace.index(folder / "docs")))
    (one, report), (other, wanted) = made
    # The order of batches moves the last digit of float32, which can be one step of the float16 that is stored.
    demand_same(one, other, ("undo the last commit",), step=2**-10)
    assert replace(report, seconds=0) == replace(wanted, seconds=0)
    assert report.skipped and report.devices == {"cpu": report.embedded}


def test_killed_workers_cost_nothing(make: Make, alone: Workspace, cluster: RunningCluster) -> None:
    """Each is killed at another moment: while it reads, or while it embeds."""
    for turn in range(0, WORKER_KILLS, 3):
        workspace = make(f"killed{turn}")
        notices: list[str] = []
        workspace.registry.listen("notices", Listener(notices))
        orders = [f"read {turn % MADE}.txt", f"read {(turn + 37) % MADE}.txt", f"embed word{turn % MADE}x3"]
        for order in orders[: WORKER_KILLS - turn]:
            give_order(workspace.folder, order)
        report = workspace.index("docs", engine=cluster.engine)
        assert (list_orders(workspace.folder), report.skipped) == ([], ())
        assert report.added == MADE
        assert [text for text in notices if "replaced; their work was done again" in text]
        demand_same(workspace, alone)


def test_killed_drivers_cost_nothing(make: Make, alone: Workspace, cluster: RunningCluster) -> None:
    """An index whose runs are killed up to three times: while they read, twice, and while they embed."""
    moments = ["read 50.txt", "read 9.txt", "embed word9x5"]
    for turn in range(0, DRIVER_KILLS, 3):
        workspace = make(f"killed{turn}")
        for moment in moments[: DRIVER_KILLS - turn]:
            give_order(workspace.folder, moment, "driver.pid")
            done = run_command(workspace.folder, cluster.engine)
            assert done.returncode != 0 and list_orders(workspace.folder) == [], done.stderr
        workspace.index("docs", engine=cluster.engine)
        demand_same(workspace, alone)


def test_a_file_that_kills_workers_is_refused_once_and_named(make: Make, cluster: RunningCluster) -> None:
    workspace = make("deadly")
    give_order(workspace.folder, "read 3.txt", "self, always")
    done = run_command(workspace.folder, cluster.engine, "--format", "json")
    report = json.loads(done.stdout)  # stdout has nothing else, whatever Ray says of its workers
    refused = Skipped("docs/3.txt", "reading it ended 3 worker processes in a row")
    assert (report["added"], report["skipped"]) == (MADE - 1, [asdict(refused)])
    assert "3 worker processes ended and were replaced" in done.stderr
    (workspace.folder / "orders" / "read 3.txt").unlink()
    (workspace.folder / "docs" / "new.txt").write_text("a new file")
    again = open_again(workspace.folder).index("docs", engine=cluster.engine)
    assert (again.added, again.skipped) == (1, (refused,))


def test_a_text_that_kills_workers_ends_the_run(make: Make, cluster: RunningCluster) -> None:
    workspace = make("deadly")
    give_order(workspace.folder, "embed word3x3", "self, always")
    with pytest.raises(
        ClusterError, match=r"3 worker processes in a row ended while they embedded the same \d+ strings"
    ):
        workspace.index("docs", engine=cluster.engine)
    (hit,) = workspace.query("word3x3", k=1, mode="lexical")
    assert hit.path == "docs/3.txt"
    (workspace.folder / "orders" / "embed word3x3").unlink()
    report = open_again(workspace.folder).index("docs")
    assert (report.added, report.coverage.pending if report.coverage else None) == (0, 0)


def test_a_worker_with_another_model_is_not_used(cluster: RunningCluster) -> None:
    class Newer(ExampleWorker):
        @property
        def versions(self) -> Mapping[str, str]:
            return {"example": "2"}

    context = EngineContext(Newer(), open_example_worker)
    with (
        pytest.raises(ClusterError, match="something else than this machine as: example"),
        open_engine(context, Plan("unused", 1, 1)) as engine,
    ):
        list(engine.embed([["a text"]]))


def test_workers_without_cores_are_reported(cluster: RunningCluster) -> None:
    told: list[Notice] = []
    context = EngineContext(ExampleWorker(), open_example_worker, told.append)  # type: ignore[arg-type]
    with open_engine(context, Plan("unused", 3, threads=2)) as engine:
        assert len(list(engine.embed([["a text"]]))) == 1
    assert told == [Notice("The Ray cluster has cores for 2 of 3 workers; the others wait.", warning=True)]
    with (
        pytest.raises(ClusterError, match="No node of the Ray cluster has 99 cores"),
        open_engine(context, Plan("unused", 1, threads=99)) as engine,
    ):
        list(engine.embed([["a text"]]))


def test_without_a_cluster_the_error_says_how_to_start_one(make: Make) -> None:
    workspace = make("none")
    done = run_command(workspace.folder, "ray:address=127.0.0.1:1")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("error: The Ray cluster '127.0.0.1:1' can't be used")
    assert "ray start --head" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("ray:workers=-1", "`workers` must be at least 0, and `threads` at least 1"),
        ("ray:threads=0", "`workers` must be at least 0, and `threads` at least 1"),
        ("ray:address=ray://host:1", "must be local, auto or HOST:PORT, not 'ray://host:1'"),
    ],
)
def test_impossible_arguments_are_refused(spec: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        Registry.load().engine(spec)


def test_batches_are_small_and_keep_the_order() -> None:
    small = [Candidate(Path(f"{n}.md"), replace(RECORD, path=f"{n}.md")) for n in range(2 * FILES + 1)]
    assert [len(batch) for batch in in_batches(small)] == [FILES, FILES, 1]
    assert [task for batch in in_batches(small) for task in batch] == small
    long = StoredFile(RECORD, (Document("x" * SIZE),))
    assert [len(batch) for batch in in_batches([small[0], long, small[1]])] == [2, 1]
    assert list(in_batches([])) == []


class Listener:
    """Keeps the texts of notices."""

    def __init__(self, texts: list[str]) -> None:
        self._texts = texts

    @hookimpl
    def simsearch_observe(self, event: object) -> None:
        if isinstance(event, Notice):
            self._texts.append(event.text)
