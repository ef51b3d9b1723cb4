"""The one writer: a lock of the server that ends with the connection, and one transaction from commit to commit.

Files are staged, and go to the server together; postings are written with the commit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simsearch.storage.document_facts import embedded_text
from simsearch.storage.protocols import ChunkedDocument, Coverage, FileRecord, Identity
from simsearch.storage.vector_checks import demand_vectors
from simsearch.storage.words.passages import Passage, document_passages
from simsearch.types import Notice, Observer, Vectors
from simsearch_postgres import changes
from simsearch_postgres.connecting import Server
from simsearch_postgres.dense import renew_index
from simsearch_postgres.generations import (
    activate,
    delete_dropped,
    drop_building,
    mark_analysed,
    mark_finished,
    open_generation,
    read_coverage,
    sweep_vectors,
)
from simsearch_postgres.quoted_texts import StoredTexts
from simsearch_postgres.records import read_files
from simsearch_postgres.session import Connection, one
from simsearch_postgres.texts import with_nul
from simsearch_postgres.vectors import adopt_vectors, insert_vectors, missing_keys
from simsearch_postgres.words.postings import RunBuilder
from simsearch_postgres.words.runs import delete_runs, join_runs, write_run
from simsearch_postgres.words.terms import TermReader

STAGED_CHUNKS = 1000
"""Chunks that wait to be sent together."""

CHUNKS_A_RUN = 20_000
"""Chunks whose postings are kept in memory at most."""

MOST_DEAD = 0.05
"""BM25 counts removed chunks too; above this share of them, all postings are written again."""

_PENDING = """
    SELECT v.key FROM chunks c JOIN vectors v ON v.id = c.vector JOIN documents d ON d.id = c.document
    JOIN files f ON f.id = d.file WHERE c.generation = %s AND c.pending
    ORDER BY f.modified <> 0, f.modified DESC, c.id
"""
_STRINGS = """
    SELECT DISTINCT ON (v.key) v.key, substr(d.text, c.first + 1, c.past - c.first), c.prefix, d.stand_in
    FROM vectors v JOIN chunks c ON c.vector = v.id JOIN documents d ON d.id = c.document
    WHERE v.model = %s AND v.key = ANY(%s) AND c.generation = %s ORDER BY v.key, c.id
"""


class PostgresWriter:
    """The Writer of simsearch.storage.protocols.

    Raises:
        WorkspaceLocked: Another process is writing.
    """

    def __init__(self, server: Server, identity: Identity, exact: int, observe: Observer | None) -> None:
        self._server = server
        self._exact = exact
        self._observe = observe
        self._staged: dict[str, tuple[FileRecord, Sequence[ChunkedDocument]]] = {}
        self._staged_chunks = 0
        self._run = RunBuilder()
        self._connection: Connection = server.connect_to_write()
        try:
            with server.explain_errors():
                self._generation, self._in_place = open_generation(self._connection, identity)
                adopt_vectors(self._connection, self._generation)
        except BaseException:
            self._connection.close()
            raise

    @property
    def in_place(self) -> bool:
        return self._in_place

    def files(self) -> dict[str, FileRecord]:
        with self._server.explain_errors():
            self._send()
            return read_files(self._connection, self._generation.id)

    def missing(self, keys: Sequence[str]) -> set[str]:
        with self._server.explain_errors():
            return missing_keys(self._connection, self._generation.model, keys)

    def pending(self) -> list[str]:
        with self._server.explain_errors():
            self._send()
            rows = self._connection.execute(_PENDING, (self._generation.id,))
            return list(dict.fromkeys(key for (key,) in rows))

    def strings(self, keys: Sequence[str]) -> dict[str, str]:
        with self._server.explain_errors():
            self._send()
            values = (self._generation.model, list(keys), self._generation.id)
            rows = self._connection.execute(_STRINGS, values).fetchall()
        return {
            key: embedded_text(with_nul(text, nul), with_nul(prefix, nul)) for key, text, prefix, nul in rows
        }

    def coverage(self) -> Coverage:
        with self._server.explain_errors():
            self._send()
            return read_coverage(self._connection, self._generation.id)

    def put_vectors(self, keys: Sequence[str], vectors: Vectors) -> None:
        demand_vectors(self._generation.identity, keys, vectors)
        if not keys:
            return
        with self._server.explain_errors():  # what is staged looks its vectors up when it is sent
            insert_vectors(self._connection, self._generation, keys, vectors)

    def put_file(self, file: FileRecord, documents: Sequence[ChunkedDocument]) -> None:
        self._staged.pop(file.path, None)
        self._staged[file.path] = file, documents
        self._staged_chunks += sum(len(item.chunks) for item in documents)
        if self._staged_chunks >= STAGED_CHUNKS:
            with self._server.explain_errors():
                self._send()

    def touch(self, file: FileRecord) -> None:
        with self._server.explain_errors():
            self._send()
            changes.touch_file(self._connection, self._generation.id, file)

    def remove(self, paths: Sequence[str]) -> None:
        with self._server.explain_errors():
            self._send()
            changes.delete_files(self._connection, self._generation.id, paths)

    def commit(self) -> None:
        with self._server.explain_errors():
            self._write_words()
            mark_finished(self._connection, self._generation, False)
            self._commit()

    def give_up_move(self) -> None:
        with self._server.explain_errors():
            drop_building(self._connection)

    def finish(self) -> None:
        self.commit()
        with self._server.explain_errors():
            self._renew_postings()
            if index := renew_index(self._connection, self._generation, self._exact):
                self._say(
                    "The nearest chunks are found by an HNSW index from now on; its recall@10 was measured: "
                    f"{index.recall:.3f}."
                )
            if not self._in_place:
                activate(self._connection, self._generation)
            self._commit()
            self._in_place = True
            delete_dropped(self._connection)
            sweep_vectors(self._connection)
            mark_finished(self._connection, self._generation, True)
            self._commit()
            self._analyze()

    def __enter__(self) -> PostgresWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def _send(self) -> None:
        """Send what is staged."""
        if not self._staged:
            return
        files, self._staged, self._staged_chunks = list(self._staged.values()), {}, 0
        changes.delete_files(self._connection, self._generation.id, [record.path for record, _ in files])
        self._add_words(changes.insert_files(self._connection, self._generation, files))

    def _add_words(self, passages: Iterator[Passage]) -> None:
        for passage in passages:
            self._run.add(passage)
            if self._run.chunks >= CHUNKS_A_RUN:
                self._write_run()

    def _write_words(self) -> None:
        self._send()
        self._write_run()

    def _write_run(self) -> None:
        if self._run.chunks:
            run, self._run = self._run, RunBuilder()
            write_run(self._connection, self._generation.id, run)
            join_runs(self._connection, self._generation.id)

    def _renew_postings(self) -> None:
        """Write all postings again where too many of their chunks are gone, or another analysis has made them."""
        dead, chunks = one(
            self._connection, "SELECT dead, chunks FROM generations WHERE id = %s", self._generation.id
        )
        if self._generation.analysed and dead <= MOST_DEAD * (chunks + dead):
            return
        delete_runs(self._connection, self._generation.id)
        texts = StoredTexts(
            self._connection, self._generation.id, TermReader(self._connection, self._generation.id)
        )
        for document in texts.read(sorted(texts.every_document())):
            about = (document.path, document.name, document.title, document.text)
            self._add_words(document_passages(*about, sorted(document.chunks)))
        self._write_run()
        self._generation = mark_analysed(self._connection, self._generation)

    def _commit(self) -> None:
        self._connection.execute("COMMIT")
        self._connection.execute("BEGIN")

    def _analyze(self) -> None:
        """Let the planner know how much there is now, rather than when autovacuum finds time."""
        self._connection.execute("COMMIT")
        for table in ("vectors", "chunks", "documents", "files", "field_values", "postings"):
            self._connection.execute(f"ANALYZE {table}")
        self._connection.execute("BEGIN")

    def _say(self, text: str) -> None:
        if self._observe:
            self._observe(Notice(text))
