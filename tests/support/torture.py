"""Index runs that are killed at random moments, compared with the same runs left alone."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from simsearch import Workspace
from simsearch.errors import NoIndex
from simsearch.settings import IndexSettings, Mode
from simsearch.testing.stores.examples import every_chunk
from tests.support.hashed_words import AS_PACKAGE, HashedWords, open_workspace
from tests.support.killing import Began, Run, environment, moment_in
from tests.support.marked_run import FLIP, MEASURE, MERGE, START, SWEEP, WORDS
from tests.support.plugin_packages import install

QUESTIONS = (
    "how are rows locked",
    "a dictionary keeps the order of its keys",
    "vacuum removes dead tuples",
    "deprecate the old syntax of generators",
    "page layout on disk",
    "type hints for functions",
)
AIMED_AT = (FLIP, MERGE, SWEEP, WORDS, MEASURE)
"""Phases too short to be met by chance; every other kill is aimed at one of them."""

CHUNKER = "structure:size=0"
AGAIN = 0.2
"""The share of killed runs whose next run is killed as well."""


@dataclass
class Torture:
    """One workspace that lives through rounds of runs; each run begins where the last round ended, and is killed.

    Args:
        folder: Where to work.
        source: Real files to index; every `step`th is taken.
        seed: Of all chance but that of the machine.
        say: Hears how far it is.
    """

    folder: Path
    source: Path
    step: int
    seed: int
    say: Callable[[str], None] = print
    model: int = 0
    latency: float = 50.0
    killed: Counter[str] = field(default_factory=Counter)
    """Kills by the phase that they fell into."""

    killed_again: int = 0
    ended_before: int = 0

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.docs = self.folder / "docs"
        packages = self.folder / "packages"
        packages.mkdir(parents=True)
        install(packages, "hashed", AS_PACKAGE)
        self.environment = environment(packages)
        for path in sorted(path for path in self.source.rglob("*") if path.is_file())[:: self.step]:
            target = self.docs / path.relative_to(self.source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)

    def round(self, action: str, kills: int) -> None:
        """Prepare a change; kill that many runs that would bring the index in line with it.

        Args:
            action: `index` is all from nothing; `change` some files; `lists` some files, and another kind of dense
                index; `model` another model.
        """
        self._prepare(action)
        expected, phases = self._left_alone()
        done = 0
        while done < kills:
            done += self._once(self._aim(phases, done), expected)
            self.say(f"{action}: {done} of {kills} killed")
        self._put("mine", "before")

    def _once(self, phases: Sequence[Began], expected: Answers) -> bool:
        """One run, killed; what it leaves; and the next run, which must come to what was expected."""
        self._put("before", "mine")
        phase = self._start("mine").kill(moment_in(phases, self.random))
        if phase is None:
            self.ended_before += 1
            return False
        self._demand_usable()
        if self.random.random() < AGAIN and self._start("mine").kill(moment_in(phases, self.random)):
            self._demand_usable()
            self.killed_again += 1
        self._start("mine").finish()
        self._demand_same(expected)
        self.killed[phase] += 1
        return True

    def _prepare(self, action: str) -> None:
        match action:
            case "index":
                shutil.rmtree(self._home("before").parent, ignore_errors=True)
            case "model":
                self.model += 1
            case "lists":
                self.latency = 0.0 if self.latency else 50.0
        if action in ("change", "lists"):
            self._change(share=self.random.choice((0.01, 0.05, 0.2)))

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

    def _left_alone(self) -> tuple[Answers, list[Began]]:
        """What an index made from nothing answers, and the phases of the run that will be killed."""
        self._put("before", "alone")
        phases = self._start("alone").finish()
        shutil.rmtree(self._home("fresh").parent, ignore_errors=True)
        self._start("fresh").finish()
        return answers(self._workspace("fresh"), self.model), [p for p in phases if p.phase != START]

    def _aim(self, phases: Sequence[Began], done: int) -> Sequence[Began]:
        """All phases, or one of those to be aimed at that this run has."""
        there = {phase.phase for phase in phases if phase.seconds > 0}
        aims = [phase for phase in AIMED_AT if phase in there]
        if done % 2 == 0 or not aims:
            return phases
        aim = min(aims, key=lambda phase: self.killed[phase])
        return [phase for phase in phases if phase.phase == aim]

    def _demand_usable(self) -> None:
        """Nothing needs a repair, and what was there before is found."""
        workspace = self._workspace("mine")
        problems = workspace.check()
        assert problems == [], problems
        try:
            assert workspace.query(QUESTIONS[0], mode="hybrid")
        except NoIndex:
            assert not self._home("before").exists()

    def _demand_same(self, expected: Answers) -> None:
        """The documents and hits of an index that was never killed."""
        mine = self._workspace("mine")
        problems = mine.check()
        assert problems == [], problems
        found = answers(mine, self.model)
        assert found.held == expected.held
        assert found.matched == expected.matched
        assert found.ranked == expected.ranked
        if (
            not found.approximate and not expected.approximate
        ):  # they rightly find a little less, each its own
            assert found.hits["dense"] == expected.hits["dense"]
            rebuilt = self._with_words_rebuilt() if self._has_dead_words() else mine
            assert hits(rebuilt) == expected.hits

    def _has_dead_words(self) -> bool:
        """Whether BM25 statistics may count chunks that are gone."""
        with closing(sqlite3.connect(self._home("mine") / "index.db")) as connection:
            return bool(connection.execute("SELECT sum(words_dead) FROM generations").fetchone()[0])

    def _with_words_rebuilt(self) -> Workspace:
        """A copy whose BM25 statistics count no dead chunks, of which the index itself may keep a few percent."""
        self._put("mine", "rebuilt")
        shutil.rmtree(self._home("rebuilt") / "words")
        workspace = self._workspace("rebuilt")
        repaired = workspace.check(repair=True)
        assert [problem.fix for problem in repaired] == ["rebuilt"], repaired
        return workspace

    def _start(self, name: str) -> Run:
        words = ["index", self.docs, "--workspace", self._home(name).parent, "--quiet"]
        tune_settings = ["--model", self._model, "--chunker", CHUNKER]
        latency = {"SIMSEARCH_INDEX_LATENCY": str(self.latency)}
        return Run([*words, *tune_settings], {**self.environment, **latency})

    def _workspace(self, name: str) -> Workspace:
        index = IndexSettings(model=self._model, chunker=CHUNKER, latency=self.latency)
        return open_workspace(self._home(name).parent, index=index)

    def _put(self, source: str, target: str) -> None:
        """Make one workspace what another is, also where that is none."""
        shutil.rmtree(self._home(target).parent, ignore_errors=True)
        if self._home(source).exists():
            shutil.copytree(self._home(source), self._home(target))

    @property
    def _model(self) -> str:
        return f"hashed-words:seed={self.model},limit=250"

    def _home(self, name: str) -> Path:
        return self.folder / name / ".simsearch"


@dataclass(frozen=True)
class Answers:
    """What an index holds and says, without numbers of its own.

    Args:
        held: Files, documents, chunks and counts.
        matched: For each question every chunk that has a word of it.
        ranked: For each question every chunk with its score; all are found, whatever kind of index it is.
        hits: For each mode the hits of each question.
        approximate: Whether the nearest are found by inverted lists.
    """

    held: dict[str, Any]
    matched: list[set[tuple[str, int]]]
    ranked: list[list[tuple[str, int, float]]]
    hits: dict[str, list[Any]]
    approximate: bool


def answers(workspace: Workspace, model: int) -> Answers:
    """All that is compared."""
    vectors = HashedWords(model).encode(QUESTIONS, "query")
    with closing(workspace.store.read()) as reader:
        places = {record.chunk: (record.path, record.start) for record in every_chunk(reader)}
        near = reader.search(vectors, len(places))
        worded = [reader.search_words(question, 10**6) for question in QUESTIONS]
        return Answers(
            held=held(workspace),
            matched=[{places[chunk] for chunk in match.chunks.tolist()} for match in worded],
            ranked=[
                [(*places[c], score) for c, score in zip(m.chunks.tolist(), m.scores.tolist(), strict=True)]
                for m in near
            ],
            hits=hits(workspace),
            approximate=reader.dense_index().kind != "exact",
        )


def held(workspace: Workspace) -> dict[str, Any]:
    """What an index holds, without numbers of its own."""
    with closing(workspace.store.read()) as reader:
        files = {path: (record.root, record.digest) for path, record in reader.files().items()}
        documents = {path: reader.documents(path) for path in files}
        chunks = [(r.path, r.id, r.start, r.end, r.prefix) for r in every_chunk(reader)]
        counts = reader.counts()
    total = (counts.files, counts.documents, counts.chunks, counts.vectors)
    return {"files": files, "documents": documents, "chunks": chunks, "counts": total}


def hits(workspace: Workspace, modes: tuple[Mode, ...] = ("dense", "hybrid")) -> dict[str, list[Any]]:
    """How sure a hit is was measured on the index as it was then, which serves until it has grown by a quarter."""
    return {
        mode: [
            [asdict(replace(hit, good_match=None)) for hit in workspace.query(question, mode=mode, k=10)]
            for question in QUESTIONS
        ]
        for mode in modes
    }
