"""What any store must do: the one that is shipped, and a plain one of dictionaries that shows another can."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from simsearch import Component, hookimpl
from simsearch.errors import StorageError
from simsearch.plugins.discovery import Found, Origin
from simsearch.plugins.registry import Registry
from simsearch.settings import IndexSettings, Settings
from simsearch.storage.opening import StoreContext, StoreOpener
from simsearch.testing import StoreContract, check_components
from simsearch.testing.stores.examples import fill
from simsearch.workspace import Workspace
from tests.support.plain_store import PlainStore


class PlainPlugin:
    """Stores of dictionaries; one that lasts keeps its index from one opening to the next."""

    @hookimpl
    def simsearch_stores(self) -> list[Component]:
        lasting = PlainStore()
        return [
            Component("plain", "Dictionaries", lambda: _opener(PlainStore)),
            Component("lasting", "Dictionaries that last", lambda: _opener(lambda: lasting)),
        ]


def _opener(make: type[PlainStore]) -> StoreOpener:
    def open_plain(context: StoreContext) -> PlainStore:
        return make()

    return open_plain


def registry() -> Registry:
    made = Registry.load(only=())
    made.add(Found(Origin("plain", "simsearch-plain", "1", __name__), PlainPlugin))
    assert made.problems == []
    return made


class TestLocal(StoreContract):
    spec = "local"


class TestPlain(StoreContract):
    spec = "plain"
    registry = registry()


def test_a_store_that_holds_an_index_is_not_tried() -> None:
    plugins = registry()
    fill(plugins.store("lasting").value(StoreContext(Path("unused"))))
    verdicts = check_components(plugins, "lasting")
    assert {verdict.outcome for verdict in verdicts} == {"skipped"}
    assert "'lasting' holds an index; name a place that is empty" in verdicts[0].reason


def test_the_setting_names_the_store_of_a_workspace(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, Settings(index=IndexSettings(store="lasting")), registry())
    fill(workspace.store)
    assert workspace.open_store("lasting").exists()
    assert not workspace.open_store("local").exists()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("call", "missing"),
    [
        (Workspace.check, "check"),
        (Workspace.duplicates, "search for near-duplicates"),
        (lambda workspace: workspace.export(workspace.folder / "out"), "export"),
    ],
)
def test_a_command_says_what_a_store_lacks(tmp_path: Path, call: object, missing: str) -> None:
    workspace = Workspace(tmp_path, Settings(index=IndexSettings(store="lasting")), registry())
    fill(workspace.store)
    with pytest.raises(StorageError, match=re.escape(f"The store of this index has no {missing}")):
        call(workspace)  # type: ignore[operator]
    assert not (tmp_path / "out").exists()
