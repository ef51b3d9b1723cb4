"""The first half of a run: files are read and cut in a thread, and stored with their chunks still pending."""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing

from simsearch.errors import UnreadableFile
from simsearch.indexing.changes import Candidate, Changes, Scan
from simsearch.indexing.cutting import CutFile, Outcome, Refused, cut_file, run_in_thread, unreadable
from simsearch.indexing.deadline import Deadline
from simsearch.indexing.embedding import PendingEmbedder
from simsearch.indexing.model import Model, Tokens
from simsearch.indexing.reading import Readers
from simsearch.indexing.refusals import Refusals
from simsearch.indexing.report import FileNotice, Skipped, list_notices
from simsearch.plugins.offers import Built
from simsearch.storage.protocols import FileRecord, Store, Writer
from simsearch.types import Chunker, Observer, Progress

TASK = "Reading files"

COMMIT_SECONDS = 2.0
"""How long the words of a file may wait until a query finds them."""


class Run:
    """Puts files into a writer's index, and counts what it has done.

    Args:
        embedder: Works while there is nothing to store because a file takes long to read.
    """

    def __init__(
        self,
        writer: Writer,
        store: Store,
        model: Model,
        chunker: Built[Chunker],
        readers: Readers,
        refusals: Refusals | None,
        embedder: PendingEmbedder,
        observe: Observer | None,
        deadline: Deadline,
    ) -> None:
        self._writer = writer
        self._store = store
        self._model = model
        self._chunker = chunker
        self._tokens = Tokens(model)
        self._readers = readers
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
        yield from map(self._read, files)
        if again:
            # Opened here by the thread that reads it.
            with closing(self._store.read()) as reader:
                for record in again:
                    yield cut_file(record, reader.documents(record.path), self._chunker, self._tokens)

    def _read(self, candidate: Candidate) -> Outcome:
        path, began = candidate.record.path, time.monotonic()
        if self._refusals and (reason := self._refusals.reason(candidate.record)):
            return unreadable(path, UnreadableFile(reason))
        try:
            record, documents = self._readers.read(candidate)
        except UnreadableFile as error:
            if self._refusals:
                self._refusals.remember(candidate.record, str(error), time.monotonic() - began)
            return unreadable(path, error)
        except OSError as error:
            return unreadable(path, error)
        return cut_file(record, documents, self._chunker, self._tokens)

    def _refuse(self, refused: Refused) -> None:
        self.skipped.append(refused.skipped)
        self.refused.add(refused.skipped.path)
        self.unread.discard(refused.skipped.path)
        if refused.gone:
            self.gone.add(refused.skipped.path)
            self._writer.remove([refused.skipped.path])

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
