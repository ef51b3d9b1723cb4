"""docs/plugins.md: its tutorial works as it is written, and its table of hooks is that of hooks.py."""

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

PAGE = PROJECT / "docs" / "plugins.md"
TABLE = re.compile(r"(<!-- hooks: .*? -->\n)(.*?)(<!-- end of hooks -->)", re.DOTALL)


def table() -> str:
    rows = ["| hook | since | what for |", "| --- | --- | --- |"]
    for name in HOOKS:
        hook = getattr(hooks, name)
        purpose = " ".join((inspect.getdoc(hook) or "").split()).partition(". ")[0].removesuffix(".")
        rows.append(f"| `{name}` | {hook.since} | {purpose}. |")
    return "\n".join(rows) + "\n"


def test_the_table_of_hooks_is_that_of_the_code() -> None:
    """`python -m tests.docs.test_plugins_page` writes it anew."""
    found = TABLE.search(PAGE.read_text(encoding="utf-8"))
    assert found and found[2] == table()


def test_the_tutorial_works_as_it_is_written(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    for file, code in re.findall(r"```\w+ file=(\S+)\n(.*?)```", text, re.DOTALL):
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        before = f"{path.read_text(encoding='utf-8')}\n\n" if path.exists() else ""
        path.write_text(before + code, encoding="utf-8")
    rows = [f"what about {'very ' * (i % 5)}number {i**3},answer {i**5} about a number" for i in range(60)]
    (tmp_path / "pairs.csv").write_text("\n".join(["anchor,positive", *rows]))
    (console,) = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    for line in console.splitlines():
        execute(shlex.split(line.removeprefix("$ ")), tmp_path)


def execute(words: list[str], folder: Path) -> None:
    """A command of the page; what it installs goes into a folder of the test's own."""
    target = folder / "installed"
    if words[:3] == ["pip", "install", "--editable"]:
        alone = ["--no-index", "--no-deps", "--no-build-isolation"]
        words = ["pip", "install", *alone, "--target", str(target), *words[3:]]
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder, env={**os.environ, "PYTHONPATH": python_path(target), "HF_HUB_OFFLINE": "1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{words}\n{done.stdout}{done.stderr}"


if __name__ == "__main__":
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(TABLE.sub(lambda found: found[1] + table() + found[3], page), encoding="utf-8")
