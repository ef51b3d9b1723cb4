"""How soon a folder can be searched: the first answer, all words, all vectors; and the same folder by another checkout.

    python benchmarks/soon.py FOLDER --files 200
    python benchmarks/soon.py FOLDER --against ../older/.venv/bin/python --rounds 3

FOLDER is a folder of documents. Times are wall times of commands in processes of their own, from a workspace without an
index; with `--against` both take turns in one run, so that their ratio says more than either time. `--files` takes
every nth file, always the same ones.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

PROJECT = Path(__file__).parent.parent
sys.path.insert(0, str(PROJECT))
QUESTION = "how do I add a column with a default value"
LOOK = 0.2
"""Seconds between two looks at the index."""


def sample(folder: Path, count: int, target: Path) -> int:
    """Link every nth file of a folder, `count` in all (0: every file); returns how many."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    taken = files[:: max(1, len(files) // count)][:count] if count else files
    for path in taken:
        copy = target / path.relative_to(folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy)
    return len(taken)


def index(python: Path, workspace: Path, documents: Path, *more: str) -> subprocess.Popen[str]:
    words = [str(python), "-m", "simsearch", "index", str(documents), "--workspace", str(workspace), *more]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run_whole(python: Path, workspace: Path, documents: Path, *more: str) -> float:
    """Seconds of a whole run without an index before.

    Args:
        more: Further options of `index`.
    """
    shutil.rmtree(workspace, ignore_errors=True)
    workspace.mkdir()
    began = time.perf_counter()
    process = index(python, workspace, documents, *more)
    _, err = process.communicate()
    assert process.returncode == 0, err
    return time.perf_counter() - began


def follow(workspace: Path, documents: Path) -> dict[str, float]:
    """A whole run by this checkout, watched: when the first question was answered, and when all words were there."""
    from simsearch import Workspace
    from simsearch.errors import NoIndex

    shutil.rmtree(workspace, ignore_errors=True)
    workspace.mkdir()
    watched, seen = Workspace(workspace), {"first answer": 0.0, "words": 0.0}
    began, chunks = time.perf_counter(), 0
    process = index(Path(sys.executable), workspace, documents)
    while process.poll() is None:
        if not seen["first answer"] and ask(workspace):
            seen["first answer"] = time.perf_counter() - began
        try:
            with closing(watched.store.read()) as snapshot:
                now = snapshot.coverage().chunks
        except NoIndex:
            now = 0
        if now > chunks:
            chunks, seen["words"] = now, time.perf_counter() - began
        time.sleep(LOOK)
    assert process.returncode == 0, process.communicate()[1]
    return {**seen, "whole run": time.perf_counter() - began, "chunks": chunks}


def ask(workspace: Path) -> bool:
    """Whether a hybrid question is answered."""
    words = [sys.executable, "-m", "simsearch", "query", QUESTION, "--workspace", str(workspace), "--quiet"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return done.returncode == 0 and bool(done.stdout.strip())


def again(workspace: Path, documents: Path) -> dict[str, float]:
    """Seconds of a run without changes, and of one with one changed file."""
    taken = {}
    for name in ("unchanged", "one changed file"):
        if name == "one changed file":
            path = next(path for path in sorted(documents.rglob("*")) if path.is_file())
            path.write_bytes(path.read_bytes() + b"\nOne more line.\n")
        began = time.perf_counter()
        process = index(Path(sys.executable), workspace, documents)
        assert process.wait() == 0
        taken[name] = time.perf_counter() - began
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=0)
    parser.add_argument("--against", type=Path, help="Python of another checkout")
    parser.add_argument("--rounds", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        documents, workspace = Path(temporary) / "documents", Path(temporary) / "workspace"
        print("files", sample(asked.folder, asked.files, documents))
        ratios = []
        for _ in range(asked.rounds):
            seen = follow(workspace, documents)
            seen["words, share of the run"] = seen["words"] / seen["whole run"]
            seen |= again(workspace, documents)
            print({name: round(value, 3) for name, value in seen.items()}, flush=True)
            if asked.against:
                own = run_whole(Path(sys.executable), workspace, documents)
                other = run_whole(asked.against, workspace, documents)
                ratios.append(own / other)
                print(
                    {"this": round(own, 1), "the other": round(other, 1), "ratio": round(ratios[-1], 3)},
                    flush=True,
                )
        if ratios:
            print("ratio, median", round(statistics.median(ratios), 3))


if __name__ == "__main__":
    main()
