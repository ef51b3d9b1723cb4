"""`simsearch plugins new`: what it writes works as it stands, installed like anyone's package."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from simsearch.cli.plugin_package import make_package
from simsearch.hooks import PREFIX
from simsearch.plugins.declarations import HOOKS
from simsearch.plugins.registry import Registry
from tests.conftest import Run, python_path

EVERY_HOOK = [hook.removeprefix(PREFIX) for hook in HOOKS]


def python(*words: object, cwd: Path, path: Path | None = None) -> None:
    """Run Python in a folder, with another on its path; fails with what was printed."""
    variables = {"PYTHONPATH": python_path(path)} if path else {}
    done = subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=cwd, env={**os.environ, **variables}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_package_with_every_hook_passes_its_tests_and_the_check(run: Run, tmp_path: Path) -> None:
    made = run("plugins", "new", "simsearch-acme", "--hooks", ",".join(EVERY_HOOK), "--format", "json")
    assert made.status == 0, made.err
    assert "simsearch-acme/.github/workflows/test.yml" in made.json["files"]
    target = tmp_path / "target"
    python(
        "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation",
        "--target", target, tmp_path / "simsearch-acme", cwd=tmp_path,
    )  # fmt: skip
    python("-m", "pytest", "-p", "no:cacheprovider", "tests", cwd=tmp_path / "simsearch-acme", path=target)
    checked = run("plugins", "check", "simsearch-acme", "--format", "json", PYTHONPATH=str(target))
    assert checked.status == 0, checked.out
    assert {verdict["outcome"] for verdict in checked.json} == {"passed"}
    assert {verdict["kind"] for verdict in checked.json} == {*EVERY_HOOK} - {"observe"}


def test_packages_with_one_hook_each_load(run: Run, tmp_path: Path) -> None:
    registry = Registry.load(only=())
    packages = {f"moon-{hook.replace('_', '-')}": hook for hook in EVERY_HOOK}
    for name, hook in packages.items():
        make_package(tmp_path, name, [hook], registry)
        # an editable install leaves no more than this
        module = name.replace("-", "_")
        metadata = tmp_path / name / f"{module}-0.1.0.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.1.0\n")
        (metadata / "entry_points.txt").write_text(f"[simsearch]\n{name} = {module}\n")
        source = (tmp_path / name / "tests" / "test_contracts.py").read_text()
        compile(source, "test_contracts.py", "exec")
    listed = run(
        "plugins", "--format", "json", PYTHONPATH=python_path(*map(tmp_path.joinpath, packages))
    ).json
    assert listed["problems"] == []
    kinds = [(c["package"], c["kind"]) for c in listed["components"] if c["package"] in packages]
    assert sorted(kinds) == sorted((name, hook) for name, hook in packages.items() if hook != "observe")


@pytest.mark.parametrize(
    ("name", "hooks", "reason"),
    [
        ("Moon", "splitters", "'Moon' is not a package name; use lower case letters, digits and hyphens"),
        ("up/moon", "splitters", "'up/moon' is not a package name"),
        (
            "json",
            "splitters",
            "Python already has a module 'json'; choose another name, such as simsearch-json",
        ),
        ("simsearch-random", "splitters", "simsearch 0.1.0 already has a 'random' among its splitters"),
        ("moon", "spliters", "There is no hook 'spliters' (did you mean 'splitters'?)"),
        ("taken", "splitters", "taken already exists; choose another name, or move it away"),
    ],
)
def test_what_cant_be_made_is_refused_and_nothing_is_written(
    name: str, hooks: str, reason: str, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "taken").mkdir()
    ran = run("plugins", "new", name, "--hooks", hooks)
    assert (ran.status, ran.out) == (1, "")
    assert reason in ran.err
    assert [path.name for path in tmp_path.iterdir() if path.name != ".simsearch"] == ["taken"]
    assert list((tmp_path / "taken").iterdir()) == []
