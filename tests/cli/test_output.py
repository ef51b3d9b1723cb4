"""Standard output that is narrow, closed, full or not read to its end: an answer, or a sentence, never a traceback."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.hashed_words import indexed

TEXT = "西湖 🐘 é zebra"
Shell = Callable[[str], subprocess.CompletedProcess[bytes]]


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A shell in a workspace with three files, where $QUERY searches by words."""
    folder: Path = tmp_path_factory.mktemp("output")
    indexed(folder, {"docs/西湖.txt": TEXT, "docs/copy.txt": TEXT, "docs/long.txt": "zebra again " * 20_000})

    def run(command: str) -> subprocess.CompletedProcess[bytes]:
        query = f"{sys.executable} -m simsearch query --mode lexical"
        environment = {**os.environ, "QUERY": query, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        return subprocess.run(
            ["bash", "-c", f"set -o pipefail; {command}"],
            cwd=folder,
            env=environment,
            capture_output=True,
            check=False,
        )

    return run


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "cp1252", "shift-jis"])
def test_json_is_complete_in_every_encoding(shell: Shell, encoding: str) -> None:
    done = shell(f"PYTHONIOENCODING={encoding} $QUERY 西湖 -k 1 --format json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.decode(encoding))[0]["text"] == TEXT


@pytest.mark.parametrize("format", ["text", "paths", "csv", "grep", "markdown", "html"])
def test_what_an_encoding_lacks_is_escaped(shell: Shell, format: str) -> None:
    done = shell(f"PYTHONIOENCODING=latin-1 $QUERY 西湖 -k 1 --format {format}")
    assert done.returncode == 0, done.stderr
    assert b"\\u897f\\u6e56" in done.stdout and b"copy.txt" in done.stdout


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("$QUERY zebra >&-", 0),
        ("$QUERY zebra 2>&-", 0),
        ("$QUERY zebra <&-", 0),
        ("$QUERY <&-", 2),
        ("$QUERY zebra --format json --chunks -k 2000 | head -c 10", 0),
        ("$QUERY zebra >/dev/full", 1),
    ],
)
def test_no_stream_makes_a_traceback(shell: Shell, command: str, status: int) -> None:
    done = shell(command)
    assert (done.returncode, b"Traceback" in done.stderr, b"Exception" in done.stderr) == (
        status,
        False,
        False,
    )


@pytest.mark.parametrize("text", ["-organ church", "--organ", "-kubernetes", "-x"])
def test_a_text_that_begins_with_a_hyphen_is_explained(shell: Shell, text: str) -> None:
    done = shell(f"$QUERY '{text}'")
    assert done.returncode == 2 and b"simsearch query -- " in done.stderr
    assert shell(f"$QUERY -- '{text}'").returncode == 0
    assert b"query -- " not in shell("$QUERY zebra -k nine").stderr
