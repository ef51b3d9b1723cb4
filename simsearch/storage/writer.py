"""The one writer: changes go into one SQLite transaction; a commit writes the segment first, then the rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from simsearch.files import make_private_folder
from simsearch.storage.database import changes
from simsearch.storage.database.connection import connect_to_write, explain_errors
from simsearch.storage.database.generations import (
    activate,
    delete_dropped,
    drop_building,
    mark_finished,
    open_generation,
)
from simsearch.storage.database.pending import pending_keys, read_coverage, read_strings
from simsearch.storage.database.records import read_files
from simsearch.storage.dense.faiss_library import load_faiss
from simsearch.storage.dense.latency_budget import meet_budget
from simsearch.storage.dense.merging import ANY_SIZE, LARGEST_IN_PASSING, join_segments, renew_segments
from simsearch.storage.leftovers import remove_leftovers
from simsearch.storage.lock import WriterLock
from simsearch.storage.protocols import ChunkedDocument, Coverage, FileRecord, Identity
from simsearch.storage.vector_checks import demand_vectors
from simsearch.storage.words.upkeep import WordsUpkeep
from simsearch.types import Notice, Observer, Vectors


class LocalWriter:
    """The Writer of simsearch.storage.protocols over a folder.

    Raises:
        WorkspaceLocked: Another process is writing.
    """

    def __init__(
        self, folder: Path, identity: Identity, latency: float, observe: Observer | None = None
    ) -> None:
        self._folder = folder
        self._latency = latency
        self._observe = observe
        with explain_errors(folder):
            make_private_folder(folder)
            self._lock = WriterLock(folder)
            try:
                self._connection = connect_to_write(folder)
                remove_leftovers(self._connection, folder)
                self._begin()
                self._generation, self._in_place = open_generation(self._connection, identity)
                self._batch = changes.next_batch(self._connection, self._generation.id)
                if self.coverage().pending:
                    changes.adopt_vectors(self._connection, self._generation, self._batch)
                self._words = WordsUpkeep(self._connection, folder, self._generation.id)
            except BaseException:
                self._lock.release()
                raise

    @property
    def in_place(self) -> bool:
        return self._in_place

    def files(self) -> dict[str, FileRecord]:
        with explain_errors(self._folder):
            return read_files(self._connection, self._generation.id)

    def missing(self, keys: Sequence[str]) -> set[str]:
        with explain_errors(self._folder):
            return set(keys) - changes.known_keys(self._connection, self._generation.model, keys)

    def put_vectors(self, keys: Sequence[str], vectors: Vectors) -> None:
        demand_vectors(self._generation.identity, keys, vectors)
        with explain_errors(self._folder):
            changes.insert_vectors(self._connection, self._generation, self._batch, keys, vectors)

    def pending(self) -> list[str]:
        with explain_errors(self._folder):
            keys = pending_keys(self._connection, self._generation.id)
        if keys:
            load_faiss()  # for their vectors; while the model is opened in another thread, its import costs no time
        return keys

    def strings(self, keys: Sequence[str]) -> dict[str, str]:
        with explain_errors(self._folder):
            return read_strings(self._connection, self._generation.id, self._generation.model, keys)

    def coverage(self) -> Coverage:
        with explain_errors(self._folder):
            return read_coverage(self._connection, self._generation.id)

    def put_file(self, file: FileRecord, documents: Sequence[ChunkedDocument]) -> None:
        with explain_errors(self._folder):
            changes.delete_file(self._connection, self._generation.id, file.path)
            changes.insert_file(self._connection, self._generation, self._batch, file, documents)

    def touch(self, file: FileRecord) -> None:
        with explain_errors(self._folder):
            changes.touch_file(self._connection, self._generation.id, file)

    def remove(self, paths: Sequence[str]) -> None:
        with explain_errors(self._folder):
            for path in paths:
                changes.delete_file(self._connection, self._generation.id, path)

    def commit(self) -> None:
        self._commit(LARGEST_IN_PASSING)

    def _commit(self, largest: int) -> None:
        with explain_errors(self._folder), self._new_transaction_after():
            broken = renew_segments(self._connection, self._folder, self._generation, largest)
            mark_finished(self._connection, self._generation, False)
            if largest == ANY_SIZE:
                join_segments(self._connection, self._folder, self._generation)
                meet_budget(self._connection, self._folder, self._generation, self._latency, self._say)
            self._connection.execute("COMMIT")
            self._batch = changes.next_batch(self._connection, self._generation.id)
            if broken:
                self._say(
                    "A FAISS file of the index was missing; it was rebuilt from the database.", warning=True
                )
            self._renew_words()
            remove_leftovers(self._connection, self._folder)

    def give_up_move(self) -> None:
        with explain_errors(self._folder):
            drop_building(self._connection)

    def finish(self) -> None:
        self._commit(ANY_SIZE)
        with explain_errors(self._folder), self._new_transaction_after():
            if not self._in_place:
                activate(self._connection, self._generation)
            self._connection.execute("COMMIT")
            self._in_place = True
            self._connection.execute("BEGIN IMMEDIATE")
            delete_dropped(self._connection)
            changes.sweep_vectors(self._connection)
            mark_finished(self._connection, self._generation, True)
            self._connection.execute("COMMIT")
            remove_leftovers(self._connection, self._folder)

    def __enter__(self) -> LocalWriter:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            with explain_errors(self._folder):
                self._words.close()
                self._connection.rollback()
                self._connection.close()
        finally:
            self._lock.release()

    @contextmanager
    def _new_transaction_after(self) -> Iterator[None]:
        """Whatever comes out, later changes wait for their own commit."""
        try:
            yield
        finally:
            if not self._connection.in_transaction:
                self._begin()

    def _begin(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def _renew_words(self) -> None:
        try:
            if self._words.usable():
                self._words.update()
                return
        except ValueError:  # damage that shows only at work
            pass
        self._say(
            "The word index was missing, damaged or of another version; it was rebuilt from the database.",
            warning=True,
        )
        self._words.rebuild()

    def _say(self, text: str, warning: bool = False) -> None:
        if self._observe:
            self._observe(Notice(text, warning))
