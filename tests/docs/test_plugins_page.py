"""docs/plugins/: the examples work as written, one for each hook, and the table of hooks is that of hooks.py."""

import inspect
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from simsearch import hooks
from simsearch.plugins.declarations import HOOKS
from tests.conftest import PROJECT, python_path
from tests.support.tiny_models import save_tiny_model

FOLDER = PROJECT / "docs" / "plugins"
PAGES = tuple(
    FOLDER / f"{name}.md"
    for name in ("index", "tuning", "indexing", "stores", "engines", "searching", "testing")
)
TABLE = re.compile(r"(<!-- hooks: .*? -->\n)(.*?)(<!-- end of hooks -->)", re.DOTALL)


def table() -> str:
    rows = ["| hook | since | what for |", "| --- | --- | --- |"]
    for name in HOOKS:
        hook = getattr(hooks, name)
        purpose = " ".join((inspect.getdoc(hook) or "").split()).partition(". ")[0].removesuffix(".")
        rows.append(f"| `{name}` | {hook.since} | {purpose}. |")
    return "\n".join(rows) + "\n"


def examples() -> list[tuple[str, str]]:
    """File and code of each example, in the order of the pages."""
    pages = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    return re.findall(r"```\w+ file=(\S+)\n(.*?)```", pages, re.DOTALL)


def test_the_table_of_hooks_is_that_of_the_code() -> None:
    """`python -m tests.docs.test_plugins_page` writes it again."""
    found = TABLE.search(PAGES[0].read_text(encoding="utf-8"))
    assert found and found[2] == table()


def test_there_is_an_example_of_every_hook() -> None:
    code = "\n".join(text for _, text in examples())
    assert [hook for hook in HOOKS if f"@hookimpl\ndef {hook}(" not in code] == []


def test_the_examples_work_as_they_are_written(tmp_path: Path) -> None:
    for file, code in examples():
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        before = f"{path.read_text(encoding='utf-8')}\n\n" if path.exists() else ""
        path.write_text(before + code, encoding="utf-8")
    rows = [f"what about {'very ' * (i % 5)}number {i**3},answer {i**5} about a number" for i in range(60)]
    (tmp_path / "pairs.csv").write_text("\n".join(["anchor,positive", *rows]))
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "beans.md").write_text("# Beans\n\nSow beans in May.\n")
    (console,) = re.findall(r"```console\n(.*?)```", PAGES[-1].read_text(encoding="utf-8"), re.DOTALL)
    base = save_tiny_model(tmp_path / "base")  # the examples are what is tested, whatever they tune
    for line in console.splitlines():
        shown = execute(shlex.split(line.removeprefix("$ ")), tmp_path, SIMSEARCH_TUNE_BASE=str(base))
    assert shown == "1. Beans\n"


def execute(words: list[str], folder: Path, **variables: str) -> str:
    """Run a command of the page, and return what it prints. What it installs goes into a folder of the test's own."""
    target = folder / "installed"
    if words[:3] == ["pip", "install", "--editable"]:
        alone = ["--no-index", "--no-deps", "--no-build-isolation"]
        words = ["pip", "install", *alone, "--target", str(target), *words[3:]]
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder, env={**os.environ, "PYTHONPATH": python_path(target), "HF_HUB_OFFLINE": "1", **variables},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{words}\n{done.stdout}{done.stderr}"
    return done.stdout


if __name__ == "__main__":
    page = PAGES[0].read_text(encoding="utf-8")
    PAGES[0].write_text(TABLE.sub(lambda found: found[1] + table() + found[3], page), encoding="utf-8")
