"""Index runs that are killed at random moments, beside the same runs left alone."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from simsearch import Workspace
from simsearch.errors import NoIndex
from simsearch.settings import IndexSettings, Mode
from tests.conftest import PROJECT
from tests.hashed_words import AS_PACKAGE, HashedWords, open_workspace
from tests.plugins.packages import install

QUESTIONS = (
    "how are rows locked",
    "a dictionary keeps the order of its keys",
    "vacuum removes dead tuples",
    "deprecate the old syntax of generators",
    "page layout on disk",
    "type hints for functions",
)
ACTIONS = ("index", "change", "change", "model", "budget")


@dataclass
class Torture:
    """One workspace whose runs are killed, and for each a fresh one to compare with.

    Args:
        folder: Where to work.
        source: Real files to index; every `step`th is taken.
        seed: Of all chance but that of the machine.
    """

    folder: Path
    source: Path
    step: int
    seed: int
    random: random.Random = field(init=False)
    start_up: float = 0.0
    seconds: float = 0.0
    model: int = 0
    latency: float = 50.0
    killed: int = 0
    finished_early: int = 0

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.docs = self.folder / "docs"
        self.packages = self.folder / "packages"
        self.packages.mkdir(parents=True)
        install(self.packages, "hashed", AS_PACKAGE)
        files = sorted(path for path in self.source.rglob("*") if path.is_file())[:: self.step]
        for path in files:
            target = self.docs / path.relative_to(self.source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)

    def run(self, kills: int, say: Any = None) -> None:
        """Kill so many runs."""
        self._time()
        while self.killed < kills:
            self.once(self.random.choice(ACTIONS) if self.killed else "index")
            if say:
                say(
                    f"{self.killed} killed, {self.finished_early} were done before; a run takes {self.seconds:.1f} s"
                )

    def once(self, action: str) -> None:
        """One run, killed; what it leaves; and the next run against a fresh workspace."""
        self._prepare(action)
        began_with_index = self._home("mine").exists()
        self._kill()
        self._demand_usable(began_with_index)
        mine = self._index("mine")
        began = time.perf_counter()
        shutil.rmtree(self._home("fresh"), ignore_errors=True)
        fresh = self._index("fresh")
        self.seconds = self.start_up + time.perf_counter() - began
        assert mine.check() == []
        assert held(mine) == held(fresh), action
        assert matched(mine) == matched(fresh), action
        assert self._ranked(mine) == self._ranked(fresh), action
        anew = self._with_words_made_anew()
        if "ivf" not in (dense_kind(mine), dense_kind(fresh)):  # two of those rightly find a little less each
            assert hits(mine, ("dense",)) == hits(fresh, ("dense",)), action
            assert hits(anew) == hits(fresh), action

    def _time(self) -> None:
        """How long a run takes, and one that has nothing to do."""
        for name in ("seconds", "start_up"):
            began = time.perf_counter()
            _, err = self._start().communicate()
            setattr(self, name, time.perf_counter() - began)
            assert not err, err.decode()

    def _prepare(self, action: str) -> None:
        if action == "index":
            shutil.rmtree(self._home("mine"), ignore_errors=True)
        elif action == "model":
            self.model += 1
        elif action == "budget":
            self.latency = 0.0 if self.latency else 50.0
        if action in ("change", "budget"):
            self._change(share=self.random.choice((0.02, 0.1, 0.5)))

    def _change(self, share: float) -> None:
        """Change, remove and add files."""
        files = sorted(path for path in self.docs.rglob("*") if path.is_file())
        for path in self.random.sample(files, max(3, int(share * len(files)))):
            match self.random.choice(("change", "change", "remove", "copy")):
                case "change":
                    with path.open("ab") as file:
                        file.write(f"\n\nAn addition {self.random.random()} on vacuum and keys.\n".encode())
                case "remove" if len(files) > 20:
                    path.unlink()
                case _:
                    shutil.copy(path, path.with_name(f"copy-{self.random.randrange(10**6)}{path.suffix}"))

    def _kill(self) -> None:
        """Start a run and kill it while it is at work."""
        started = self._start()
        try:
            _, err = started.communicate(timeout=self.random.uniform(0.7 * self.start_up, self.seconds))
            assert started.returncode == 0, err.decode()
            self.finished_early += 1
        except subprocess.TimeoutExpired:
            started.send_signal(signal.SIGKILL)
            started.communicate()
            self.killed += 1

    def _start(self) -> subprocess.Popen[bytes]:
        words = [
            "index",
            self.docs,
            "--workspace",
            self._home("mine").parent,
            "--model",
            self._model,
            "--quiet",
        ]
        return subprocess.Popen(
            [sys.executable, "-m", "simsearch", *map(str, words)],
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join((str(PROJECT), str(self.packages))),
                "SIMSEARCH_INDEX_LATENCY": str(self.latency),
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def _demand_usable(self, had_index: bool) -> None:
        workspace = self._workspace("mine")
        problems = workspace.check()
        assert problems == [], problems
        try:
            assert workspace.query(QUESTIONS[0], mode="hybrid")
        except NoIndex:
            assert not had_index

    def _with_words_made_anew(self) -> Workspace:
        """A copy whose BM25 statistics count no dead chunks, of which the index itself may keep a few percent."""
        shutil.rmtree(self._home("anew"), ignore_errors=True)
        shutil.copytree(self._home("mine"), self._home("anew"))
        shutil.rmtree(self._home("anew") / "words")
        workspace = self._workspace("anew")
        repaired = workspace.check(repair=True)
        assert [problem.fix for problem in repaired] == ["made anew"], repaired
        return workspace

    def _ranked(self, workspace: Workspace) -> list[list[tuple[str, int, float]]]:
        """Every chunk with its score for each question: all of them are found, however the index is made."""
        vectors = HashedWords(self.model).encode(QUESTIONS, "query")
        with closing(workspace.store.read()) as reader:
            found = reader.search(vectors, reader.counts().chunks)
            return [
                [
                    (record.path, record.start, score)
                    for record, score in zip(
                        reader.chunks(match.chunks.tolist()), match.scores.tolist(), strict=True
                    )
                ]
                for match in found
            ]

    def _index(self, name: str) -> Workspace:
        workspace = self._workspace(name)
        workspace.index(self.docs)
        return workspace

    def _workspace(self, name: str) -> Workspace:
        index = IndexSettings(model=self._model, latency=self.latency)
        return open_workspace(self._home(name).parent, index=index)

    @property
    def _model(self) -> str:
        return f"hashed-words:seed={self.model}"

    def _home(self, name: str) -> Path:
        return self.folder / name / ".simsearch"


def held(workspace: Workspace) -> dict[str, Any]:
    """What an index holds, without numbers of its own."""
    with closing(workspace.store.read()) as reader:
        files = {path: (record.root, record.digest) for path, record in reader.files().items()}
        documents = {path: reader.documents(path) for path in files}
        chunks = [(r.path, r.id, r.start, r.end, r.prefix) for r in reader.every_chunk()]
        counts = reader.counts()
    total = (counts.files, counts.documents, counts.chunks, counts.vectors)
    return {"files": files, "documents": documents, "chunks": chunks, "counts": total}


def hits(workspace: Workspace, modes: tuple[Mode, ...] = ("dense", "hybrid")) -> dict[str, list[Any]]:
    """What it answers, by meaning and by both meaning and words; how sure that is was measured on the index as it was
    then, which serves until it has grown by a quarter."""
    return {
        f"{mode}: {question}": [
            asdict(replace(hit, confidence=None)) for hit in workspace.query(question, mode=mode, k=10)
        ]
        for question in QUESTIONS
        for mode in modes
    }


def matched(workspace: Workspace) -> dict[str, set[tuple[str, int]]]:
    """Every chunk that has a word of a question."""
    with closing(workspace.store.read()) as reader:
        return {
            question: {
                (r.path, r.start) for r in reader.chunks(reader.search_words(question, 10**5).chunks.tolist())
            }
            for question in QUESTIONS
        }


def dense_kind(workspace: Workspace) -> str:
    with closing(workspace.store.read()) as reader:
        return reader.dense_index().kind
