"""What the README shows, works."""

import json
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np

from simsearch import Pair
from simsearch.plugins.declarations import KINDS
from simsearch.plugins.discovery import Found, Origin
from simsearch.plugins.registry import Registry
from simsearch.tuning.pairs.parts import checked_split
from tests.conftest import PROJECT, Run

README = (PROJECT / "README.md").read_text(encoding="utf-8")
PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
DESCRIBED_IN_WORDS = ("readers", "embedders", "commands", "observe")


def test_the_plugin_in_the_readme_works(tmp_path: Path) -> None:
    plugin = ModuleType("by_length")
    exec(PYTHON[0], plugin.__dict__)
    registry = Registry.load(only=())
    registry.add(Found(Origin("by-length", "by-length", "1", "by_length"), lambda: plugin))
    pairs = [Pair("word " * i, "text") for i in range(1, 30)]
    split = checked_split(pairs, registry.splitter("by-length:longest_test=40"), np.random.default_rng(0))
    assert len(split.test) == 8
    assert registry.problems == []


def test_the_python_example_works(run: Run, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "undo.md").write_text("# Undo\n\ngit reset --soft HEAD~1 undoes the last commit.\n")
    rows = [f"question {i**3},answer {i**5}\n" for i in range(40)]
    (tmp_path / "pairs.csv").write_text("question,answer\n" + "".join(rows))
    script = tmp_path / "shown.py"
    script.write_text(PYTHON[1] + "\nimport json\nprint(json.dumps([hit.path for hit in hits]))\n")
    done = subprocess.run(
        [sys.executable, str(script)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["docs/undo.md"]


def test_the_table_names_every_hook_and_component() -> None:
    registry = Registry.load(only=())
    rows = re.findall(r"^\| [^|]+ \| `simsearch_(\w+)` \| ([^|]+) \|", README, re.MULTILINE)
    assert sorted(kind for kind, _ in rows) == sorted([*KINDS, "observe"])
    for kind, built_in in rows:
        if kind not in DESCRIBED_IN_WORDS:
            names = [offer.component.name for offer in registry.offers(kind)]
            assert sorted(built_in.split(", ")) == sorted(names), kind


def test_every_command_shown_exists() -> None:
    from simsearch.cli.main import COMMANDS

    known = {*COMMANDS, *(offer.component.name for offer in Registry.load().offers("commands"))}
    for name in re.findall(r"^\$ simsearch (\w+)", README, re.MULTILINE):
        assert name in known
