"""The one writer. What it sends is seen by nobody until the row of the state names it (state.py)."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from simsearch.storage.document_facts import embedded_text
from simsearch.storage.protocols import ChunkedDocument, Coverage, FileRecord, Identity
from simsearch.storage.vector_checks import demand_vectors
from simsearch.types import Vectors
from simsearch_milvus import changes, generations, purging
from simsearch_milvus.connecting import AT_ONCE, Connection, Server
from simsearch_milvus.lease import Lease
from simsearch_milvus.numbers import NEVER, number_of
from simsearch_milvus.records import (
    CHUNK_COLUMNS,
    Collections,
    Reader,
    StoredFile,
    collections_of,
    read_files,
)
from simsearch_milvus.state import LIVING, PENDING, Generation, State, create_state, read_state, write_state
from simsearch_milvus.vectors import embed_pending, insert_vectors, known_keys, read_vectors, rounded
from simsearch_milvus.words.terms import Key, term_rows
from simsearch_milvus.words.upkeep import keep_words

STAGED_CHUNKS = 500
"""Chunks that wait to be sent together."""

MOST_RECENT = 5000
"""Vectors that are remembered for the files that are put next."""

LEAST_FLUSHED = 100
"""Chunks of a run from which on the server is asked to write and index them at once."""


class MilvusWriter:
    """The Writer of simsearch.storage.protocols.

    Raises:
        WorkspaceLocked: Another process is writing.
    """

    _state: State
    _generation: Generation
    _in_place: bool
    _of: Collections

    def __init__(self, server: Server, identity: Identity, lease: int, keep: int) -> None:
        self._connection: Connection = server.connect()
        try:
            self._lease = Lease(server, lease)
        except BaseException:
            self._connection.close()
            raise
        self._staged: dict[str, tuple[FileRecord, Sequence[ChunkedDocument]]] = {}
        self._staged_chunks, self._sent_chunks = 0, 0
        self._recent: dict[str, Vectors] = {}
        self._terms: Counter[Key] = Counter()
        try:
            create_state(self._connection)
            self._open(replace(read_state(self._connection), keep=keep), identity)
        except BaseException:
            self.__exit__()
            raise

    @property
    def in_place(self) -> bool:
        return self._in_place

    def files(self) -> dict[str, FileRecord]:
        self._send()
        return {path: self._files[path].record for path in sorted(self._files)}

    def missing(self, keys: Sequence[str]) -> set[str]:
        unknown = [key for key in keys if key not in self._recent]
        return set(unknown) - known_keys(self._connection, self._of, unknown)

    def pending(self) -> list[str]:
        self._send()
        modified = {file.number: file.record.modified for file in self._files.values()}
        rows = self._connection.rows(self._of.chunks, PENDING, ["file", *CHUNK_COLUMNS])
        time = {row["number"]: modified[row["file"]] for row in rows}
        chunks = sorted(
            self._reader().keep(rows),
            key=lambda one: (time[one.number] != 0, -time[one.number], one.number),
        )
        return list(dict.fromkeys(chunk.about["key"] for chunk in chunks))

    def strings(self, keys: Sequence[str]) -> dict[str, str]:
        self._send()
        hashes = [number_of(key) for key in keys]
        rows = self._connection.among(self._of.chunks, "vector", hashes, CHUNK_COLUMNS, LIVING)
        found = {}
        for chunk in self._reader().keep(list(rows)):
            found[chunk.about["key"]] = embedded_text(chunk.about["text"], chunk.about["prefix"])
        return {key: found[key] for key in keys if key in found}

    def coverage(self) -> Coverage:
        self._send()
        return self._generation.coverage

    def put_vectors(self, keys: Sequence[str], vectors: Vectors) -> None:
        demand_vectors(self._generation.identity, keys, vectors)
        if keys:
            self._keep_vectors(dict(zip(keys, rounded(vectors), strict=True)))

    def put_file(self, file: FileRecord, documents: Sequence[ChunkedDocument]) -> None:
        self._staged.pop(file.path, None)
        self._staged[file.path] = file, documents
        self._staged_chunks += sum(len(item.chunks) for item in documents)
        if self._staged_chunks >= STAGED_CHUNKS:
            self._send()

    def touch(self, file: FileRecord) -> None:
        self._send()
        if file.path not in self._files:
            return
        before = self._files[file.path]
        rows, touched = changes.touched_rows(before, file, self._numbers)
        self._connection.insert(self._of.records, rows)
        self._connection.change(self._of.records, [before.row], {"died": self._next_commit})
        self._files[file.path] = touched

    def remove(self, paths: Sequence[str]) -> None:
        self._send()
        self._remove(paths)

    def commit(self) -> None:
        self._commit(finished=False)

    def give_up_move(self) -> None:
        self._state = self._state.without_building()

    def finish(self) -> None:
        self.commit()
        self._generation = keep_words(
            self._connection, self._of, self._generation, self._numbers, self._next_commit
        )
        purging.sweep_vectors(self._connection, self._state, self._generation)
        if not self._in_place:
            self._state = generations.activate(self._state, self._generation)
            self._in_place = True
        self._commit(finished=True)
        self._state = purging.forget_old(self._state)
        self._write_state()
        purging.delete_forgotten(self._connection, self._state)
        if self._sent_chunks >= LEAST_FLUSHED:
            for collection in (self._of.chunks, self._of.records, self._of.lookup):
                self._connection.flush(collection)
            self._sent_chunks = 0

    def __enter__(self) -> MilvusWriter:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._lease.release()
        finally:
            self._connection.close()

    @property
    def _next_commit(self) -> int:
        return self._state.commit + 1

    def _open(self, state: State, identity: Identity) -> None:
        self._state, self._generation, self._in_place = generations.open_generation(
            self._connection, state, identity
        )
        self._of = collections_of(self._connection, self._generation)
        self._numbers: Iterator[int] = itertools.count(self._generation.next)
        self._files: dict[str, StoredFile] = read_files(self._connection, self._of, LIVING)
        if self._generation.pending:
            self._adopt_vectors()

    def _adopt_vectors(self) -> None:
        """Give chunks that wait the vectors that a killed writer, or another generation, has brought meanwhile."""
        keys = self.pending()
        for start in range(0, len(keys), AT_ONCE):
            known = read_vectors(self._connection, self._of, keys[start : start + AT_ONCE])
            self._count_embedded(embed_pending(self._connection, self._of, known, self._next_commit))

    def _keep_vectors(self, vectors: dict[str, Vectors]) -> None:
        insert_vectors(self._connection, self._of, vectors)
        if len(self._recent) > MOST_RECENT:
            self._recent = {}
        self._recent |= vectors
        if self._generation.pending:
            self._count_embedded(embed_pending(self._connection, self._of, vectors, self._next_commit))

    def _count_embedded(self, count: int) -> None:
        self._generation = replace(self._generation, pending=self._generation.pending - count)

    def _send(self) -> None:
        """Send what is staged."""
        if not self._staged:
            return
        self._lease.demand()
        staged, self._staged, self._staged_chunks = list(self._staged.values()), {}, 0
        self._remove([file.path for file, _ in staged])
        tally, vectors = changes.Tally(), self._vectors_of(staged)
        dimension = self._generation.identity.dimension
        rows, files = changes.file_rows(staged, vectors, dimension, self._numbers, tally)
        self._apply(tally)
        self._generation = changes.weigh(rows, self._generation)
        self._connection.insert(self._of.records, rows.records)
        self._connection.insert(self._of.lookup, rows.lookup)
        self._connection.insert(self._of.chunks, rows.chunks)
        self._files |= {file.record.path: file for file in files}
        self._sent_chunks += len(rows.chunks)

    def _vectors_of(self, staged: changes.Staged) -> dict[str, Vectors]:
        """The vectors of the chunks that have one."""
        keys = {key for _, documents in staged for item in documents for key in item.keys}
        found = {key: self._recent[key] for key in keys if key in self._recent}
        return found | read_vectors(self._connection, self._of, sorted(keys - set(found)))

    def _remove(self, paths: Sequence[str]) -> None:
        gone = [self._files.pop(path) for path in dict.fromkeys(paths) if path in self._files]
        if gone:
            tally = changes.Tally()
            changes.remove_files(self._connection, self._of, self._reader(), gone, self._next_commit, tally)
            self._apply(tally)

    def _apply(self, tally: changes.Tally) -> None:
        self._generation = tally.applied(self._generation)
        for key, count in tally.terms.items():
            self._terms[key] += count

    def _commit(self, finished: bool) -> None:
        self._send()
        self._send_terms()
        vectors = self._connection.count(self._of.vectors, "")
        self._generation = replace(
            self._generation, finished=finished, vectors=vectors, next=next(self._numbers)
        )
        state = replace(self._state, commit=self._next_commit)
        self._state = generations.with_time(
            replace(state, active=self._generation)
            if self._in_place
            else replace(state, building=self._generation)
        )
        self._write_state()

    def _send_terms(self) -> None:
        rows = term_rows(self._terms, self._numbers)
        self._connection.insert(self._of.lookup, rows)
        self._generation = replace(self._generation, added=self._generation.added + len(rows))
        self._terms = Counter()

    def _write_state(self) -> None:
        self._lease.demand()
        write_state(self._connection, self._state)

    def _reader(self) -> Reader:
        """Reads what was sent so far."""
        return Reader(self._connection, self._of, NEVER - 1, NEVER)
