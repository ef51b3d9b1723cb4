"""The contract of engines."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import count, islice
from pathlib import Path
from typing import ClassVar

import numpy as np

from simsearch.engines import (
    Candidate,
    CutFile,
    Embedded,
    Engine,
    EngineContext,
    EngineOpener,
    FileTask,
    Outcome,
    Refused,
    StoredFile,
)
from simsearch.errors import InputError
from simsearch.storage.protocols import ChunkedDocument, FileRecord
from simsearch.testing.contract import Contract, demand
from simsearch.testing.examples import ODD_TEXTS
from simsearch.types import Chunk, Document

DIMENSION = 8
FILES = 40
BROKEN = "the model is broken"
"""A string that the example worker can't embed."""


class EngineContract(Contract[EngineOpener, Sequence[str]]):
    """An engine gives the results of a worker, in order, and takes its work bit by bit."""

    kind: ClassVar[str] = "engines"

    def examples(self) -> Iterable[Sequence[str]]:
        """Batches of strings to embed."""
        return [ODD_TEXTS[:3], ["one text"], *(["text", f"text {number}"] for number in range(20))]

    def open(self) -> AbstractContextManager[Engine]:
        """The engine at work for the example worker."""
        return self.component(EngineContext(ExampleWorker(), open_example_worker))

    def test_it_gives_the_results_of_a_worker_in_order(self) -> None:
        """One law, because starting an engine may take seconds."""
        with self.open() as engine:
            _demand_files(engine)
            _demand_vectors(engine, list(self.examples()))
            first = list(islice(engine.embed([f"text {number}"] for number in count()), 5))
        demand(len(first) == 5, "gave no results before it had all the work")

    def test_an_error_of_a_worker_is_raised(self) -> None:
        try:
            with self.open() as engine:
                list(engine.embed([["one text"], [BROKEN]]))
        except InputError as error:
            demand(str(error) == BROKEN, f"the error of a worker became {error}")
        else:
            demand(False, "an error of a worker was not raised")


def _demand_files(engine: Engine) -> None:
    with example_files() as tasks:
        outcomes, wanted = list(engine.cut(tasks)), list(map(ExampleWorker().cut, tasks))
    demand(outcomes == wanted, "the files were not cut as a worker cuts them, in the order of the tasks")
    refused = [outcome.record.path for outcome in outcomes if isinstance(outcome, Refused)]
    demand(refused == ["missing.txt"], f"refused {refused} instead of the one file that is missing")


def _demand_vectors(engine: Engine, batches: Sequence[Sequence[str]]) -> None:
    found = [embedded.vectors for embedded in engine.embed(batches)]
    demand(len(found) == len(batches), f"gave {len(found)} results for {len(batches)} batches")
    wanted = [ExampleWorker().embed(batch).vectors for batch in batches]
    same = all(np.allclose(one, other, atol=1e-5) for one, other in zip(found, wanted, strict=True))
    demand(same, "the vectors are not those of a worker, in the order of the strings")


class ExampleWorker:
    """Makes one chunk of each document, and vectors from the hash of a string."""

    @property
    def versions(self) -> Mapping[str, str]:
        return {"example": "1"}

    def cut(self, task: FileTask) -> Outcome:
        if isinstance(task, StoredFile):
            return CutFile(task.record, tuple(map(_one_chunk, task.documents)))
        try:
            text = Path(str(task.file)).read_text(encoding="utf-8")
        except OSError as error:
            return Refused(task.record, f"unreadable: {error.strerror}", gone=True)
        return CutFile(task.record, (_one_chunk(Document(text)),))

    def embed(self, strings: Sequence[str]) -> Embedded:
        if BROKEN in strings:
            raise InputError(BROKEN)
        vectors = np.array([_hash(string) for string in strings], np.float32).reshape(-1, DIMENSION)
        return Embedded(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), "cpu")


def open_example_worker(threads: int) -> ExampleWorker:
    """Make the worker of the laws in another process; it needs no threads."""
    return ExampleWorker()


@contextmanager
def example_files() -> Iterator[list[FileTask]]:
    """Files to read and cut, one of which is missing, and one that is in the index already."""
    with tempfile.TemporaryDirectory(prefix="simsearch-") as folder:
        names = [f"{number}.txt" for number in range(FILES)]
        for name in names:
            (Path(folder) / name).write_text(f"the text of {name}", encoding="utf-8")
        names.insert(FILES // 2, "missing.txt")
        tasks: list[FileTask] = [Candidate(Path(folder) / name, _record(name)) for name in names]
        yield [*tasks, StoredFile(_record("stored.txt"), (Document("a stored text"),))]


def _record(name: str) -> FileRecord:
    return FileRecord(name, "folder", "", 0, 0)


def _one_chunk(document: Document) -> ChunkedDocument:
    chunk = Chunk(0, len(document.text))
    return ChunkedDocument(document, (chunk,), (hashlib.sha256(document.text.encode()).hexdigest(),))


def _hash(string: str) -> list[int]:
    return [1 + byte for byte in hashlib.sha256(string.encode()).digest()[:DIMENSION]]
