"""Commands that plugins add: listed without being imported, blamed by name, and never in a built-in's way."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.support.plugin_packages import install

COMMAND = """
def build():
    import {package}_heavy
    return {package}_heavy.command

@hookimpl
def simsearch_commands():
    return [Component("{name}", "Say good day", build)]
"""
HEAVY = """
import click
from simsearch import InputError
from simsearch.cli import common_options

@click.group()
def command():
    "Say things."

@command.command()
@click.argument("whom")
@common_options
def greet(session, whom):
    "Say good day to WHOM."
    if whom == "nobody":
        raise InputError("There is nobody to greet.")
    session.show({"whom": whom, "parts": 6 // (len(whom) - 4)}, f"Good day, {whom}.")
"""


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """A folder for PYTHONPATH: one good command, and four that are wrong each in its way."""
    folder = tmp_path / "packages"
    folder.mkdir()
    install(folder, "polite", COMMAND.format(package="polite", name="say"))
    (folder / "polite_heavy.py").write_text(HEAVY)
    install(folder, "usurper", COMMAND.format(package="usurper", name="query"))
    install(folder, "broken", "raise ValueError('no licence')")
    install(folder, "lacking", COMMAND.format(package="lacking", name="lack"))
    install(
        folder,
        "confused",
        "@hookimpl\ndef simsearch_commands(): return [Component('count', 'Count', lambda: print)]",
    )
    return folder


def test_help_lists_it_and_imports_no_command(packages: Path) -> None:
    code = (
        "import sys\nfrom simsearch.cli.main import cli\n"
        "try: cli(['--help'])\nfinally: print(*[m for m in sys.modules if m.endswith('_heavy') or m in "
        "('simsearch.cli.tune', 'numpy', 'torch')], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=packages, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert done.stderr.strip() == ""
    own, added = done.stdout.split("Commands of plugins:")
    assert re.search(r"query +Search the index\.", own)
    assert re.search(r"say +Say good day \(polite 1\.0\)", added)
    assert "query" not in added
    assert "Some plugins have problems; `simsearch plugins` shows them." in added


def test_it_runs_with_the_options_of_all_commands(run: Run, packages: Path) -> None:
    ran = run("say", "greet", "Ada", PYTHONPATH=str(packages), SIMSEARCH_PLUGINS="polite")
    assert (ran.status, ran.out, ran.err) == (0, "Good day, Ada.\n", "")
    ran = run("say", "greet", "Ada", "--format", "json", PYTHONPATH=str(packages), SIMSEARCH_PLUGINS="polite")
    assert json.loads(ran.out)["whom"] == "Ada"
    checked = run("plugins", "check", "polite", PYTHONPATH=str(packages), SIMSEARCH_PLUGINS="polite")
    assert (checked.status, checked.out.splitlines()[-1]) == (0, "4 passed")


@pytest.mark.parametrize(
    ("words", "status", "reason"),
    [
        (["say", "greet", "nobody"], 1, "There is nobody to greet."),
        (["say", "greet", "four"], 1, "'say' of polite 1.0 raised ZeroDivisionError: integer division"),
        (["say", "greet"], 2, "Missing argument 'WHOM'"),
        (["sya"], 2, "No command is called 'sya' (did you mean 'say'?). It may come from a plugin that was disabled"),
        (["lack"], 1, "'lack' of lacking 1.0 can't be built: a package that it needs is missing"),
        (["count"], 1, "'count' of confused 1.0 was built as a builtin_function_or_method, not a click command"),
    ],
)  # fmt: skip
def test_what_goes_wrong_is_said_in_a_sentence(
    words: list[str], status: int, reason: str, run: Run, packages: Path
) -> None:
    ran = run(*words, PYTHONPATH=str(packages))
    assert (ran.status, ran.out) == (status, "")
    assert reason in ran.err
    assert "Traceback" not in ran.err


def test_the_name_of_a_built_in_command_is_refused(run: Run, packages: Path) -> None:
    ran = run("plugins", "--format", "json", PYTHONPATH=str(packages))
    reasons = {problem["package"]: problem["reason"] for problem in ran.json["problems"]}
    assert reasons["usurper"] == "its command 'query' is ignored, because a built-in has that name"
    assert "usurper_heavy" not in run("query", PYTHONPATH=str(packages)).err


def test_help_is_there_where_plugins_cant_be_loaded(run: Run, packages: Path, tmp_path: Path) -> None:
    ran = run("--help", PYTHONPATH=str(packages), SIMSEARCH_STRICT_PLUGINS="1")
    assert ran.status == 0
    assert re.search(r"query +Search the index\.", ran.out)
    assert "Plugins can't be loaded: plugin broken of broken 1.0" in " ".join(ran.out.split())
    (tmp_path / "simsearch.toml").write_text("nonsense = 1\n")
    ran = run("--help")
    assert ran.status == 0 and "that simsearch doesn't know" in " ".join(ran.out.split())
