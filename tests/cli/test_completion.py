"""What a shell completes: commands, and the components, models and runs of the current workspace."""

import subprocess
import sys
from pathlib import Path

import pytest

from simsearch.plugins.local_plugins import Consent
from tests.conftest import PROJECT, Run


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_for_every_shell(run: Run, shell: str) -> None:
    assert f"_SIMSEARCH_COMPLETE={shell}_complete" in run("completion", shell).out


def complete(typed: str, folder: Path) -> list[str]:
    """What bash is offered for a line that ends in `typed`, each as `plain,WORD`."""
    words = f"simsearch {typed}"
    code = "import sys; sys.argv[0] = 'simsearch'; from simsearch.cli.main import cli; cli.main(prog_name='simsearch')"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=folder,
        env={"_SIMSEARCH_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1),
             "PATH": "", "HOME": str(folder), "PYTHONPATH": str(PROJECT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_a_broken_settings_file_offers_nothing(tmp_path: Path) -> None:
    (tmp_path / "simsearch.toml").write_text("what = 1\n")
    assert complete("tune --split te", tmp_path) == []


def test_completion_uses_the_plugin_settings_of_the_workspace(tmp_path: Path) -> None:
    assert "plain,temporal" in complete("tune --split te", tmp_path)
    (tmp_path / "simsearch.toml").write_text('plugins = ["simsearch-static"]\n')
    assert complete("tune --split te", tmp_path) == []


def test_completion_offers_the_plugin_files_of_the_workspace(tmp_path: Path) -> None:
    (tmp_path / ".simsearch").mkdir()
    (tmp_path / "simsearch.toml").write_text('plugins = ["./mine.py"]\n')
    (tmp_path / "mine.py").write_text(
        "from simsearch import Component, hookimpl\n\n"
        "@hookimpl\ndef simsearch_splitters():\n    return [Component('by-moon', 'Full moons judge', print)]\n"
    )
    assert complete("tune --split by", tmp_path) == []
    Consent(tmp_path / ".config" / "simsearch" / "trusted").give(tmp_path)
    assert complete("tune --split by", tmp_path) == ["plain,by-moon"]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("que", "query"),
        ("query --format gr", "grep"),
        ("query --rerank cr", "cross-encoder"),
        ("index --model ba", "base"),
        ("models us", "use"),
        ("models use ba", "base"),
        ("plugins show cos", "cosent"),
    ],
)
def test_what_is_completed(typed: str, offered: str) -> None:
    assert f"plain,{offered}" in complete(typed, PROJECT)
