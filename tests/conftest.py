"""What tests share: the command line as a user runs it, and where the real data lies."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).parent.parent
SHARED_DATA = PROJECT.parent / "shared" / "data"

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell starts what it puts in the background so, and what tests start would inherit it and never hear Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@dataclass(frozen=True)
class Ran:
    """A finished command."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


def python_path(*folders: object) -> str:
    """PYTHONPATH with folders in front of what it holds already."""
    return os.pathsep.join([*map(str, folders), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run `simsearch` in tmp_path, as a process of its own."""

    def run_command(*words: object, cwd: Path = tmp_path, **variables: str) -> Ran:
        if (
            "PYTHONPATH" in variables
        ):  # in addition to that of the tests, which may name the tree that is tested
            variables["PYTHONPATH"] = python_path(variables["PYTHONPATH"])
        done = subprocess.run(
            [sys.executable, "-m", "simsearch", *map(str, words)],
            cwd=cwd,
            env={**os.environ, "HF_HUB_OFFLINE": "1", **variables},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return run_command


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real data next to the project; tests that need it are skipped if it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("needs the real data in ../shared/data, which is not part of the project")
    return SHARED_DATA
