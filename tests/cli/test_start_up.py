"""Starting up costs little: nothing heavy is imported before it is needed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from simsearch.embedding import load_embedder
from tests.support.plugin_packages import install

HEAVY = {
    "torch",
    "transformers",
    "sentence_transformers",
    "datasets",
    "faiss",
    "onnxruntime",
    "tantivy",
    "numpy",
    "psycopg",
    "pymilvus",
}


NEEDED_TO_WORK = {
    "simsearch.types",
    "simsearch.workspace",
    "simsearch.files",
    "simsearch.cli.options",
    "simsearch.cli.session",
    "simsearch.decoding",
    "simsearch.isolation",
    "simsearch.noise",
    "simsearch.pair_tables",
    "simsearch.storage",
    "simsearch.tables",
    "simsearch.builtin.chunkers.boundaries",
    "simsearch.builtin.formatters.cards",
    "simsearch.builtin.negative_miners.mining",
    "simsearch.builtin.readers.code",
    "simsearch.builtin.readers.front_matter",
    "simsearch.builtin.readers.rows",
    "simsearch.plugins.local_plugins",
    "simsearch_human_scores.ratings",
    "simsearch_office.excel_pairs",
    "difflib",
    "hashlib",
    "html",
    "importlib.metadata",
    "json",
    "platformdirs",
    "statistics",
    "subprocess",
    "tomllib",
    "traceback",
}
"""Modules that components and commands work with, but declaring them must not import."""


def imported_by(code: str, folder: Path | None = None) -> set[str]:
    listing = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"],
        capture_output=True,
        cwd=folder,
        text=True,
        check=True,
    )
    return set(listing.stdout.split())


@pytest.mark.parametrize(
    "code",
    [
        "import simsearch",
        "from simsearch import Workspace",
        "from simsearch.plugins.registry import Registry; Registry.load()",
        "from simsearch.cli.main import cli, COMMANDS; [cli.get_command(None, name) for name in COMMANDS]",
    ],
)
def test_nothing_heavy_is_imported(code: str) -> None:
    assert imported_by(code).isdisjoint(HEAVY)


TRAINING = {"torch", "transformers", "sentence_transformers", "datasets", "onnx"}
RUN = """
import contextlib, io
from simsearch.cli.main import cli
with contextlib.redirect_stdout(io.StringIO()):
    cli.main({words}, standalone_mode=False)
"""


HELP = """
import contextlib, io
from simsearch.cli.main import cli
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    cli(['--help'])
"""


def test_no_command_of_every_day_imports_a_training_framework(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "undo.md").write_text("# Undo\n\ngit reset --soft HEAD~1 undoes the last commit.\n")
    (tmp_path / "queries.tsv").write_text("1\thow to undo a commit\n")
    (tmp_path / "qrels.tsv").write_text("1\tdocs/undo.md\t1\n")
    load_embedder("all-MiniLM-L6-v2")  # its export, where it is not there yet, is a process of its own
    for words in (
        ["index", "docs"],
        ["query", "undo a commit"],
        ["query", "undo a commit", "--mode", "hybrid"],
        ["evaluate", "queries.tsv", "qrels.tsv"],
        ["status"],
        ["models"],
    ):
        imported = imported_by(RUN.format(words=words), tmp_path)
        assert imported.isdisjoint(TRAINING), words
        assert "simsearch.settings" in imported


def test_the_help_imports_only_what_declares(tmp_path: Path) -> None:
    assert imported_by(HELP, tmp_path).isdisjoint(NEEDED_TO_WORK)


@pytest.mark.parametrize("words", [3, 12], ids=["too few words to tell a good match", "enough words"])
def test_an_index_run_that_changes_nothing_imports_nothing_heavy(words: int, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    names = [
        f"{first}{second}" for first in ("sun", "moon", "star", "wind") for second in ("lit", "set", "less")
    ]
    file = tmp_path / "docs" / "words.md"
    file.write_text(" ".join(f"{word} {word}s {word}ed" for word in names[:words]))
    os.utime(file, (1_700_000_000, 1_700_000_000))
    assert imported_by(RUN.format(words=["index", "docs"]), tmp_path) >= {"numpy", "onnxruntime", "tantivy"}
    assert imported_by(RUN.format(words=["index", "docs"]), tmp_path).isdisjoint(HEAVY)


def test_thirty_plugins_cost_the_help_one_import_each(tmp_path: Path) -> None:
    """What is counted is imports, and not seconds, which depend on the machine."""
    for number in range(30):
        install(
            tmp_path, f"light-{number}",
            f"@hookimpl\ndef simsearch_commands(): return [Component('light-{number}', 'A command', lambda: 1 / 0)]",
        )  # fmt: skip
    bare = imported_by(HELP)
    loaded = imported_by(f"sys.path.insert(0, {str(tmp_path)!r})\n{HELP}")
    assert {name for name in loaded - bare if "." not in name} == {f"light_{number}" for number in range(30)}
    assert bare.isdisjoint(HEAVY) and "simsearch.cli.tune" not in bare


def test_nothing_is_recorded_for_others(tmp_path: Path) -> None:
    code = "import simsearch, onnxruntime; onnxruntime.get_available_providers()"
    homes = dict.fromkeys(("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA", "USERPROFILE"), str(tmp_path))
    variables = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    subprocess.run([sys.executable, "-c", code], env={**variables, **homes}, check=True)
    assert list(tmp_path.iterdir()) == []
