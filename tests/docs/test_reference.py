"""The reference names every key of the JSON outputs and every file of a workspace."""

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PROJECT, Run
from tests.support.plugin_packages import install

REFERENCE = PROJECT / "docs" / "reference"
FREE = {
    "metadata",
    "scores",
    "ranks",
    "slow",
    "index_model",
    "measures",
    "intervals",
    "milliseconds",
    "candidates",
}
"""Keys whose values have keys that depend on the data."""
EMBEDDER = """
from tests.support.hashed_words import HashedWords

@hookimpl
def simsearch_embedders():
    return [Component("hashed-words", "Random directions of words", HashedWords)]
"""


@pytest.fixture
def simsearch(run: Run, tmp_path: Path) -> Run:
    """`simsearch` with an index of two notes."""
    (tmp_path / "plugins").mkdir()
    install(tmp_path / "plugins", "hashed", EMBEDDER)
    (tmp_path / "docs").mkdir()
    for name in ("ant", "bear"):
        (tmp_path / "docs" / f"{name}.md").write_text(f"# The {name}\n\nWhat the {name} likes: honey.\n")

    def simsearch(*words: object):  # type: ignore[no-untyped-def]
        return run(*words, "--format", "json", PYTHONPATH=f"{tmp_path / 'plugins'}:{PROJECT}")

    return simsearch


def json_page() -> str:
    """The page of JSON outputs with its tables."""
    spec = importlib.util.spec_from_file_location(
        "tables", PROJECT / "docs" / "generator" / "reference_tables.py"
    )
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    page: str = module.on_page_markdown((REFERENCE / "json.md").read_text(encoding="utf-8"))
    return page


def keys(value: Any) -> Iterator[str]:
    """Every key of a JSON value, at any depth."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            if key not in FREE:
                yield from keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


def test_every_json_key_and_every_file_is_described(simsearch: Run, tmp_path: Path) -> None:
    page = json_page()
    for words in (
        ("index", "docs", "--model", "hashed-words"),
        ("query", "the ant", "--explain"),
        ("get", "docs/ant.md"),
        ("judge", "the ant", "docs/ant.md"),
        ("status",),
        ("dedupe",),
        ("check",),
        ("models",),
        ("plugins", "show", "hashed-words"),
        ("forget", "docs/bear.md"),
    ):
        ran = simsearch(*words)
        assert ran.status == 0, ran.err
        assert {key for key in keys(ran.json) if f"`{key}`" not in page} == set(), words
    files = (REFERENCE / "files.md").read_text(encoding="utf-8")
    named = re.findall(r"`([^`]+)`", files)
    entries = {
        f"{entry.name}/" if entry.is_dir() else entry.name for entry in (tmp_path / ".simsearch").iterdir()
    }
    assert {entry for entry in entries if entry not in named} == set()
