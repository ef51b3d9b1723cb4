"""One writing run: files go through reading and cutting in a thread, embedding and storing beside it."""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing

from simsearch.errors import UnreadableFile
from simsearch.indexing.changes import Candidate, Changes, Scan
from simsearch.indexing.cutting import CutFile, Outcome, Refused, beside, cut_file, unreadable
from simsearch.indexing.embedding import embed_missing
from simsearch.indexing.model import Model, Tokens
from simsearch.indexing.reading import Readers
from simsearch.indexing.refusals import Refusals
from simsearch.indexing.report import FileNotice, Skipped, list_notices
from simsearch.plugins.offers import Built
from simsearch.storage.protocols import FileRecord, Store, Writer
from simsearch.types import Chunker, Observer, Progress

CHUNKS_A_COMMIT = 2000
TASK = "Indexing files"


class Run:
    """One writing run, with what it has counted so far."""

    def __init__(
        self,
        writer: Writer,
        store: Store,
        model: Model,
        chunker: Built[Chunker],
        readers: Readers,
        refusals: Refusals | None,
        observe: Observer | None,
    ) -> None:
        self._writer = writer
        self._store = store
        self._model = model
        self._chunker = chunker
        self._tokens = Tokens(model)
        self._readers = readers
        self._refusals = refusals
        self._observe = observe
        self._began = time.perf_counter()
        self.skipped: list[Skipped] = []
        self.refused: set[str] = set()
        self.gone: set[str] = set()
        self.notices: list[FileNotice] = []
        self.chunks = 0
        self.embedded = 0
        self._total = 0
        self._done = 0

    def put(self, files: Sequence[Candidate]) -> None:
        """Read, cut, embed and store files."""
        self._take(self._outcomes(files), len(files))

    def put_anew(self, found: Scan, before: Mapping[str, FileRecord], changes: Changes) -> None:
        """Make a new index of all that the old one holds and of what changed since; texts of unchanged files
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
        self._take(self._outcomes(fresh, waiting), len(fresh) + len(waiting))

    def _take(self, work: Generator[Outcome, None, None], total: int) -> None:
        self._total = total
        if not total:
            return
        waiting: list[CutFile] = []
        embedded = count = 0
        with beside(work) as outcomes:
            for outcome in outcomes:
                if outcome is None:  # reading is behind: what is there is embedded meanwhile
                    self._embed(waiting[embedded:])
                    embedded = len(waiting)
                elif isinstance(outcome, Refused):
                    self._refuse(outcome)
                else:
                    waiting.append(outcome)
                    count += len(outcome.strings)
                if count >= CHUNKS_A_COMMIT:
                    self._embed(waiting[embedded:])
                    self._store_files(waiting)
                    waiting, embedded, count = [], 0, 0
            self._embed(waiting[embedded:])
            self._store_files(waiting)

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
        self._done += 1
        if refused.gone:
            self.gone.add(refused.skipped.path)
            self._writer.remove([refused.skipped.path])

    def _embed(self, files: Sequence[CutFile]) -> None:
        strings = {key: string for file in files for key, string in file.strings.items()}
        missing = self._writer.missing(list(strings))
        for done in embed_missing(self._writer, self._model, {key: strings[key] for key in missing}):
            self._say(self._done + len(files) * done // len(missing), self.embedded + done)
        self.embedded += len(missing)
        self._done += len(files)

    def _store_files(self, files: Sequence[CutFile]) -> None:
        for file in files:
            self._writer.put_file(file.record, file.documents)
            self._note(file)
            self.chunks += file.chunks
        self._writer.commit()
        self._say(self._done, self.embedded)

    def _note(self, file: CutFile) -> None:
        said = dict.fromkeys(notice for item in file.documents for notice in item.document.notices)
        self.notices += list_notices({file.record.path: tuple(said)})

    def _say(self, done: int, embedded: int) -> None:
        if self._observe:
            rate = embedded / max(time.perf_counter() - self._began, 1e-3)
            self._observe(Progress(TASK, done, self._total, f"{rate:.0f} chunks/s"))


def _is_done(record: FileRecord, done: Mapping[str, FileRecord]) -> bool:
    there = done.get(record.path)
    return there is not None and (there.root, there.size, there.modified) == (
        record.root,
        record.size,
        record.modified,
    )
