"""Installed packages, each broken in its own way: the tool goes on, and says which is broken and why."""

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.support.plugin_packages import install

SPLITTER = """
@hookimpl
def simsearch_splitters():
    return [Component("{name}", "A splitter", lambda: None)]
"""
SCORES = """
def build():
    import numpy as np
    return lambda pairs, random: {scores}

@hookimpl
def simsearch_score_generators():
    return [Component("{name}", "Scores", build)]
"""
# what is wrong → the source, and what `simsearch plugins` must say of it
DISABLED = {
    "import-raises": ("raise ValueError('no licence')", "ValueError: no licence (", "import_raises.py, line 2)"),
    "import-exits": ("import sys; sys.exit('goodbye')", "SystemExit: goodbye ("),
    "import-lacks": ("import not_there_at_all", "a package that it needs is missing: No module named"),
    "import-syntax": ("def broken(:", "SyntaxError: invalid syntax"),
    "wrong-type": (
        "@hookimpl\ndef simsearch_splitters(): return ['by-author']",
        "its simsearch_splitters returned a str instead of a Component",
    ),
    "not-a-list": (
        "@hookimpl\ndef simsearch_splitters(): return 3",
        "its simsearch_splitters returned int, not a list of Component",
    ),
    "bad-name": (SPLITTER.format(name="By Author"), "'By Author' of its simsearch_splitters has an invalid name"),
    "unknown-hook": (
        "@hookimpl\ndef simsearch_spliters(): return []",
        "simsearch_spliters, which this simsearch doesn't have (did you mean 'simsearch_splitters'?)",
    ),
    "unknown-argument": ("@hookimpl\ndef simsearch_splitters(folder): return []", "folder"),
    "no-hook": ("x = 1", "it implements no hook; mark its functions with @simsearch.hookimpl"),
    "hook-raises": ("@hookimpl\ndef simsearch_losses(): return 1 / 0", "ZeroDivisionError: division by zero ("),
    "hook-raises-later": (
        "@hookimpl\ndef simsearch_losses():\n    yield from ()\n    raise KeyError('late')",
        "KeyError: 'late' (",
    ),
}  # fmt: skip
IN_USE = {
    "takes-a-built-in": (
        SPLITTER.format(name="random"),
        "its splitter 'random' is ignored, because a built-in has that name",
    ),
    "heavy": (
        "import datasets" + SPLITTER.format(name="weighty"),
        "it imports datasets while it is loaded; heavy imports",
    ),
}
AT_WORK = {
    "build-raises": (
        "def build(): raise OSError('no licence')\n"
        "@hookimpl\ndef simsearch_score_generators(): return [Component('build-raises', '', build)]",
        "'build-raises' of build-raises 1.0 can't be built: OSError: no licence",
    ),
    "build-gives-nothing": (
        "@hookimpl\ndef simsearch_score_generators():\n"
        "    return [Component('build-gives-nothing', '', lambda: None)]",
        "'build-gives-nothing' of build-gives-nothing 1.0 was built as a NoneType, which can't be called",
    ),
    "not-a-number": (
        SCORES.format(name="not-a-number", scores="np.full(len(pairs), np.nan, np.float32)"),
        "'not-a-number' of not-a-number 1.0 gave scores that are not all within 0 to 1",
    ),
    "wrong-shape": (
        SCORES.format(name="wrong-shape", scores="np.ones((3, 2), np.float32)"),
        "'wrong-shape' of wrong-shape 1.0 gave scores of shape (3, 2) for 60 pairs",
    ),
    "call-raises": (
        SCORES.format(name="call-raises", scores="1 / 0"),
        "'call-raises' of call-raises 1.0 raised ZeroDivisionError",
    ),
    "call-exits": (
        SCORES.format(name="call-exits", scores="__import__('sys').exit(0)"),
        "'call-exits' of call-exits 1.0 raised SystemExit",
    ),
}
LOADING = {**DISABLED, **IN_USE}


def problems(ran: Any) -> dict[str, dict[str, Any]]:
    return {problem["package"]: problem for problem in ran.json["problems"]}


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for PYTHONPATH with every broken package, two of one name, and one that works."""
    folder = tmp_path_factory.mktemp("packages")
    (folder / "datasets.py").write_text("")  # stands for the heavy one, whose seconds tests can do without
    for package, (source, *_) in {**LOADING, **AT_WORK}.items():
        install(folder, package, source)
    for package in ("twin-a", "twin-b"):
        install(folder, package, SPLITTER.format(name="twin"))
    install(folder, "works", SPLITTER.format(name="works"))
    return folder


def test_each_is_named_once_with_its_reason(run: Run, broken: Path) -> None:
    ran = run("plugins", "--format", "json", PYTHONPATH=str(broken))
    assert (ran.status, ran.err) == (0, "")
    found = problems(ran)
    assert len(found) == len(ran.json["problems"])
    assert set(found) == {*LOADING, "twin-b"}
    for package, (_, *reasons) in LOADING.items():
        for reason in reasons:
            assert reason in found[package]["reason"]
        assert found[package]["disabled"] is (package in DISABLED)
    assert found["twin-b"]["reason"] == "its splitter 'twin' has the same name as one of twin-a"
    offered = {component["package"] for component in ran.json["components"]}
    assert offered >= {"works", "heavy", "twin-a", "twin-b"} and not offered & set(DISABLED)


def test_none_stops_a_query(run: Run, broken: Path, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("The quick brown fox jumps over the lazy dog.")
    assert run("index", "note.txt", "--quiet").status == 0
    ran = run("query", "animals", "--format", "json", PYTHONPATH=str(broken))
    assert ran.status == 0, ran.err
    assert [hit["path"] for hit in ran.json] == ["note.txt"]
    for package in LOADING:
        assert ran.err.count(f"plugin {package} of {package} 1.0") == 1
    quiet = run("query", "animals", "--quiet", "--format", "json", PYTHONPATH=str(broken))
    assert (quiet.json, quiet.err) == (ran.json, "")


@pytest.mark.parametrize("package", LOADING)
def test_strict_makes_it_fatal_in_one_sentence(package: str, run: Run, broken: Path) -> None:
    ran = run(
        "status", PYTHONPATH=str(broken), SIMSEARCH_STRICT_PLUGINS="1", SIMSEARCH_PLUGINS=f"works,{package}"
    )
    assert (ran.status, ran.out) == (1, "")
    assert f"plugin {package} of {package} 1.0" in ran.err
    assert "Traceback" not in ran.err


def test_only_the_named_plugins_are_loaded(run: Run, broken: Path) -> None:
    ran = run("plugins", "--format", "json", PYTHONPATH=str(broken), SIMSEARCH_PLUGINS="works,twin-b")
    assert problems(ran) == {}
    assert {c["package"] for c in ran.json["components"]} == {"simsearch", "works", "twin-b"}


def test_a_name_that_is_not_installed_is_said_to_stand_where_it_may(
    run: Run, broken: Path, tmp_path: Path
) -> None:
    from_environment = run("plugins", PYTHONPATH=str(broken), SIMSEARCH_PLUGINS="wroks")
    (tmp_path / "simsearch.toml").write_text('plugins = ["wroks"]\n')
    for ran in (from_environment, run("plugins", PYTHONPATH=str(broken))):
        assert ran.status == 1
        assert "The setting plugins (SIMSEARCH_PLUGINS, or in simsearch.toml) names 'wroks'," in ran.err
        assert "which is not installed (did you mean 'works'?)" in ran.err


@pytest.mark.parametrize("package", AT_WORK)
def test_one_that_breaks_at_work_is_named_by_the_command_that_needs_it(
    package: str, run: Run, broken: Path, tmp_path: Path
) -> None:
    rows = [f"question {i**3},answer {i**5}" for i in range(60)]
    (tmp_path / "pairs.csv").write_text("\n".join(["anchor,positive", *rows]))
    ran = run("tune", "pairs.csv", "--scores", package, PYTHONPATH=str(broken), SIMSEARCH_PLUGINS=package)
    assert (ran.status, ran.out) == (1, "")
    assert AT_WORK[package][1] in ran.err
    assert "Traceback" not in ran.err
    checked = run("plugins", "check", package, PYTHONPATH=str(broken), SIMSEARCH_PLUGINS=package)
    assert checked.status == 1
    assert "failed" in checked.out


def test_two_of_one_name_are_both_named_where_it_is_asked_for(run: Run, broken: Path, tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_text("anchor,positive\na,b\n")
    ran = run(
        "tune", "pairs.csv", "--split", "twin", PYTHONPATH=str(broken), SIMSEARCH_PLUGINS="twin-a,twin-b"
    )
    assert ran.status == 1
    assert "Both twin-a and twin-b offer 'twin'; uninstall one" in ran.err


def test_a_missing_component_names_the_disabled_plugins(run: Run, broken: Path, tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_text("anchor,positive\na,b\n")
    ran = run(
        "tune", "pairs.csv", "--split", "by-moon", "--quiet",
        PYTHONPATH=str(broken), SIMSEARCH_PLUGINS="import-lacks",
    )  # fmt: skip
    assert ran.status == 1
    assert "No splitter is called 'by-moon'" in ran.err
    assert (
        "It may come from a plugin that was disabled: plugin import-lacks of import-lacks 1.0 is disabled"
        in ran.err
    )
