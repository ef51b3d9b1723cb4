"""Every engine with every store, once: the same chunks, vectors and hits. `make engines-and-stores` runs it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.stores import running_server
from simsearch import Workspace
from tests.support.ray_workspaces import RunningCluster, demand_same, make_workspace

STORES = {"local": "local", "postgres": "postgres:schema={name}", "milvus": "milvus:name={name}"}


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A store whose server runs, as a component string with a place for a name."""
    # Not in pytest's folder, which the user of a PostgreSQL server can't enter.
    with (
        tempfile.TemporaryDirectory(prefix="simsearch-", ignore_cleanup_errors=True) as folder,
        running_server(request.param, Path(folder)) as variables,
    ):
        for variable, value in variables.items():
            monkeypatch.setenv(variable, value)
        yield STORES[request.param]


@pytest.mark.slow
def test_engines_and_stores_make_the_same_index(
    store: str, cluster: RunningCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = make_workspace(tmp_path / "files")
    monkeypatch.chdir(files.folder)
    files.index("docs")
    for name, engine in (("here", "local"), ("there", cluster.engine)):
        copy = make_workspace(tmp_path / name)
        monkeypatch.chdir(copy.folder)
        index = replace(copy.settings.index, store=store.format(name=name), engine=engine)
        workspace = Workspace(copy.folder, replace(copy.settings, index=index))
        assert workspace.index("docs").embedded == 480
        demand_same(workspace, files)
