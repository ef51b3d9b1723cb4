"""Workspaces to index with and without a cluster, and what their indexes hold."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from simsearch import Workspace
from simsearch.plugins.loading import consent
from simsearch.settings import IndexSettings, Settings

FILES = 60
LINES = 8
CHUNKER = "lines:size=12"  # a chunk for each line
QUESTIONS = ("the fox of file 7", "number 31 line 5", "nothing known")


@dataclass(frozen=True)
class RunningCluster:
    """Where a cluster is."""

    address: str

    @property
    def engine(self) -> str:
        """What to name in `--engine`."""
        return f"ray:address={self.address},workers=2"


def make_workspace(folder: Path) -> Workspace:
    """A workspace whose files are read and embedded by sabotage.py, with 480 chunks."""
    (folder / "docs").mkdir(parents=True)
    (folder / "orders").mkdir()
    for number in range(FILES):
        lines = [
            f"the fox of file {number} says word{number}x{line} in line {line}." for line in range(LINES)
        ]
        (folder / "docs" / f"{number}.txt").write_text("\n".join(lines))
    shutil.copy(Path(__file__).with_name("sabotage.py"), folder)
    consent().give(folder)
    (folder / "simsearch.toml").write_text(
        f'plugins = ["sabotage.py"]\n[index]\nmodel = "hashed-words"\nchunker = "{CHUNKER}"\n'
    )
    return open_again(folder)


def open_again(folder: Path) -> Workspace:
    return Workspace(
        folder,
        Settings(
            plugins=("sabotage.py",),
            index=IndexSettings(model="hashed-words", chunker=CHUNKER),
            threads=1,
        ),
    )


def give_order(folder: Path, order: str, target: str = "self") -> None:
    (folder / "orders" / order).write_text(target)


def list_orders(folder: Path) -> list[str]:
    """The orders that were not carried out."""
    return sorted(order.name for order in (folder / "orders").iterdir())


def run_command(folder: Path, engine: str, *more: str) -> subprocess.CompletedProcess[str]:
    """Run `simsearch index`; its number is in the file driver.pid."""
    words = [sys.executable, "-m", "simsearch", "index", "docs", "--engine", engine, *more]
    return subprocess.run(
        ["sh", "-c", 'echo $$ > driver.pid; exec "$@"', "sh", *words],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


def contents(workspace: Workspace) -> tuple[dict[str, list[Any]], dict[str, Any]]:
    """The chunks of each file, and the vector of each key."""
    with closing(workspace.store.read()) as snapshot:
        cut = {path: list(snapshot.chunked(path)) for path in sorted(snapshot.files())}  # type: ignore[attr-defined]
        keys = sorted({key for documents in cut.values() for document in documents for key in document.keys})
        vectors = snapshot.vectors(keys)  # type: ignore[attr-defined]
        assert snapshot.coverage().pending == 0
    return cut, dict(zip(keys, vectors, strict=True))


def demand_same(
    one: Workspace, other: Workspace, questions: tuple[str, ...] = QUESTIONS, step: float = 1e-7
) -> None:
    """Both indexes hold the same chunks once, the same vectors within 1e-5, and give the same hits.

    Args:
        step: How far the numbers of vectors may be apart in addition, as a share of the number.
    """
    (chunks, vectors), (wanted, others) = contents(one), contents(other)
    assert chunks == wanted
    assert vectors.keys() == others.keys()
    np.testing.assert_allclose([*vectors.values()], [*others.values()], atol=1e-5, rtol=step)
    for question in questions:
        assert _hits(one, question) == _hits(other, question)


def _hits(workspace: Workspace, question: str) -> list[Mapping[str, Any]]:
    return [(hit.path, hit.start, round(hit.score, 4)) for hit in workspace.query(question)]  # type: ignore[misc]
