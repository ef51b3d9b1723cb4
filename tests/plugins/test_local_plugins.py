"""Plugins that are files of a workspace: they run with the user's consent for that folder, never without."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from simsearch.plugins.local_plugins import Consent
from tests.conftest import Run

PLUGIN = """
from pathlib import Path

from simsearch import Component, hookimpl

Path(__file__).with_name("ran").touch()


@hookimpl
def simsearch_splitters():
    return [Component("by-moon", "By the moon", lambda: None)]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace as a cloned repository brings it."""
    made = tmp_path / "cloned"
    (made / ".simsearch").mkdir(parents=True)
    (made / "simsearch.toml").write_text('plugins = ["./my_splitter.py"]\n')
    (made / "my_splitter.py").write_text(PLUGIN)
    return made


def test_without_consent_nothing_of_the_folder_runs(run: Run, folder: Path) -> None:
    ran = run("plugins", "--format", "json", cwd=folder)
    assert ran.status == 0
    (problem,) = ran.json["problems"]
    assert (problem["package"], problem["disabled"]) == ("./my_splitter.py", True)
    assert "run `simsearch plugins trust`" in problem["reason"]
    assert not (folder / "ran").exists()
    assert "./my_splitter.py" in run("status", cwd=folder).err


def test_with_consent_they_are_plugins_like_any_other(run: Run, folder: Path) -> None:
    trusted = run("plugins", "trust", "--format", "json", cwd=folder)
    assert trusted.json == {"folder": str(folder), "trusted": True, "plugins": ["./my_splitter.py"]}
    assert not (folder / "ran").exists()
    listed = run("plugins", "--format", "json", cwd=folder).json
    assert listed["problems"] == []
    (mine,) = (c for c in listed["components"] if c["name"] == "by-moon")
    assert mine["package"] == "./my_splitter.py" and len(mine["version"]) == 12
    assert {c["package"] for c in listed["components"]} > {"simsearch", "simsearch-temporal"}
    assert run("plugins", "trust", "--revoke", cwd=folder).status == 0
    assert len(run("plugins", "--format", "json", cwd=folder).json["problems"]) == 1


def test_consent_is_for_one_folder_and_kept_outside_it(run: Run, folder: Path, configuration: Path) -> None:
    run("plugins", "trust", cwd=folder)
    other = folder / "inner"
    (other / ".simsearch").mkdir(parents=True)
    (other / "simsearch.toml").write_text('plugins = ["my_splitter.py"]\n')
    (other / "my_splitter.py").write_text(PLUGIN)
    assert len(run("plugins", "--format", "json", cwd=other).json["problems"]) == 1
    assert not (other / "ran").exists()
    kept = [file.read_text() for file in (configuration / "simsearch" / "trusted").iterdir()]
    assert f"{folder}\n" in kept and f"{other}\n" not in kept


def test_a_trusted_folder_brings_no_files_from_elsewhere(run: Run, folder: Path) -> None:
    (folder.parent / "elsewhere.py").write_text(PLUGIN)
    (folder / "linked.py").symlink_to(folder.parent / "elsewhere.py")
    (folder / "simsearch.toml").write_text('plugins = ["../elsewhere.py", "linked.py", "absent.py"]\n')
    run("plugins", "trust", cwd=folder)
    problems = run("plugins", "--format", "json", cwd=folder).json["problems"]
    reasons = {problem["package"]: problem["reason"] for problem in problems}
    assert "is outside" in reasons["../elsewhere.py"] and "is outside" in reasons["linked.py"]
    assert "there is no file" in reasons["absent.py"]
    assert not (folder.parent / "ran").exists()


def test_consents_given_at_once_are_all_kept(tmp_path: Path) -> None:
    consent = Consent(tmp_path / "trusted")
    folders = [tmp_path / str(i) for i in range(200)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(consent.give, folders))
    assert all(map(consent.given, folders))
