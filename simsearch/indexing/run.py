"""The first half of a run: files are read and cut in a thread, and stored with their chunks still pending."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing

from simsearch.engines import Candidate, CutFile, Engine, FileTask, Outcome, Refused, StoredFile
from simsearch.indexing.changes import Changes, Scan
from simsearch.indexing.cutting import run_in_thread
from simsearch.indexing.deadline import Deadline
from simsearch.indexing.embedding import PendingEmbedder
from simsearch.indexing.refusals import Refusals
from simsearch.indexing.report import FileNotice, Skipped, list_notices
from simsearch.storage.protocols import FileRecord, Store, Writer
from simsearch.types import Observer, Progress

TASK = "Reading files"

COMMIT_SECONDS = 2.0
"""How long the words of a file may wait until a query finds them."""


class Run:
    """Puts files into a writer's index, and counts what it has done.

    Args:
        engine: Reads and cuts.
        embedder: Works while there is nothing to store because a file takes long to read.
    """

    def __init__(
        self,
        writer: Writer,
        store: Store,
        engine: Engine,
        refusals: Refusals | None,
        embedder: PendingEmbedder,
        observe: Observer | None,
        deadline: Deadline,
    ) -> None:
        self._writer = writer
        self._store = store
        self._engine = engine
        self._refusals = refusals
        self._embedder = embedder
        self._observe = observe
        self._deadline = deadline
        self.skipped: list[Skipped] = []
        self.refused: set[str] = set()
        self.gone: set[str] = set()
        self.notices: list[FileNotice] = []
        self.unread: set[str] = set()
        """Files that the deadline left for the next run."""
        self.chunks = 0

    def put(self, files: Sequence[Candidate]) -> None:
        """Read, cut and store files, the newest first."""
        self.unread = {candidate.record.path for candidate in files}
        self._take(self._outcomes(_sort_by_age(files)))

    def rebuild(self, found: Scan, before: Mapping[str, FileRecord], changes: Changes) -> None:
        """Build a new index of all that the old one holds and of what changed since; texts of unchanged files
        are taken from the old index, so that a root that is out of reach is not lost."""
        renewed = {candidate.record.path for candidate in (*changes.added, *changes.changed)}
        kept = {candidate.record.path: candidate.record for candidate in changes.kept}
        gone = {*renewed, *changes.removed}
        old = [kept.get(path, record) for path, record in before.items() if path not in gone]
        done = self._writer.files()
        fresh = [c for c in found.files if c.record.path in renewed and not _is_done(c.record, done)]
        waiting = [record for record in old if done.get(record.path) != record]
        wanted = {*renewed, *(record.path for record in old)}
        self._writer.remove([path for path in done if path not in wanted])
        self.unread = {*(candidate.record.path for candidate in fresh), *(record.path for record in waiting)}
        self._take(self._outcomes(_sort_by_age(fresh), waiting))

    def _take(self, work: Generator[Outcome, None, None]) -> None:
        """Store files as they are read, so that their words can be found within seconds."""
        total = len(self.unread)
        if not total:
            return
        committed = time.perf_counter() - COMMIT_SECONDS / 2  # the first files sooner than later ones
        with run_in_thread(work) as outcomes:
            for outcome in outcomes:
                if isinstance(outcome, Refused):
                    self._refuse(outcome)
                elif outcome is not None:
                    self._store_file(outcome)
                if self._observe:
                    self._observe(Progress(TASK, total - len(self.unread), total))
                if self._deadline.passed:
                    return
                if time.perf_counter() - committed >= COMMIT_SECONDS:
                    self._writer.commit()
                    committed = time.perf_counter()
                if outcome is None:
                    self._embedder.embed_some()

    def _outcomes(
        self, files: Sequence[Candidate], again: Sequence[FileRecord] = ()
    ) -> Generator[Outcome, None, None]:
        refused = [found for candidate in files if (found := self._refused_before(candidate))]
        yield from refused
        paths = {found.record.path for found in refused}
        waiting = [candidate for candidate in files if candidate.record.path not in paths]
        for outcome in self._engine.cut(self._tasks(waiting, again)):
            if isinstance(outcome, Refused) and outcome.lasting and self._refusals:
                self._refusals.remember(outcome.record, outcome.reason)
            yield outcome

    def _tasks(self, files: Sequence[Candidate], again: Sequence[FileRecord]) -> Iterator[FileTask]:
        yield from files
        if again:
            # Opened here by the thread that reads it.
            with closing(self._store.read()) as reader:
                for record in again:
                    yield StoredFile(record, tuple(reader.documents(record.path)))

    def _refused_before(self, candidate: Candidate) -> Refused | None:
        reason = self._refusals.reason(candidate.record) if self._refusals else None
        return Refused(candidate.record, reason, gone=True) if reason else None

    def _refuse(self, refused: Refused) -> None:
        path = refused.record.path
        self.skipped.append(Skipped(path, refused.reason))
        self.refused.add(path)
        self.unread.discard(path)
        if refused.gone:
            self.gone.add(path)
            self._writer.remove([path])

    def _store_file(self, file: CutFile) -> None:
        self._writer.put_file(file.record, file.documents)
        self._note(file)
        self.chunks += file.chunks
        self.unread.discard(file.record.path)

    def _note(self, file: CutFile) -> None:
        said = dict.fromkeys(notice for item in file.documents for notice in item.document.notices)
        self.notices += list_notices({file.record.path: tuple(said)})


def _sort_by_age(files: Sequence[Candidate]) -> list[Candidate]:
    return sorted(files, key=lambda candidate: -candidate.record.modified)


def _is_done(record: FileRecord, done: Mapping[str, FileRecord]) -> bool:
    there = done.get(record.path)
    return there is not None and (there.root, there.size, there.modified) == (
        record.root,
        record.size,
        record.modified,
    )
