"""Changes to the truth: vectors, files with their documents and chunks, and what deleting leaves behind."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

import numpy as np

from simsearch.storage.database.fields import delete_fields, insert_fields
from simsearch.storage.database.generations import Generation
from simsearch.storage.database.records import as_json
from simsearch.storage.document_facts import chunk_lines
from simsearch.storage.protocols import ChunkedDocument, FileRecord
from simsearch.types import Vectors


def known_keys(connection: sqlite3.Connection, model: int, keys: Sequence[str]) -> set[str]:
    """Those keys that have a vector."""
    rows = connection.execute(
        "SELECT key FROM vectors WHERE model = ? AND vector IS NOT NULL AND key IN (SELECT value FROM json_each(?))",
        (model, json.dumps(list(keys))),
    )
    return {key for (key,) in rows}


def insert_vectors(
    connection: sqlite3.Connection, generation: Generation, batch: int, keys: Sequence[str], vectors: Vectors
) -> None:
    """Insert vectors whose keys have none, and end the waiting of the generation's chunks with these keys.

    Args:
        vectors: float32 [len(keys), d], kept as float16.
    """
    rows = zip(keys, np.asarray(vectors, "<f2"), strict=True)
    inserted = connection.executemany(
        "INSERT INTO vectors (model, key, vector) VALUES (?, ?, ?) "
        "ON CONFLICT (model, key) DO UPDATE SET vector = excluded.vector WHERE vector IS NULL",
        ((generation.model, key, vector.tobytes()) for key, vector in rows),
    ).rowcount
    connection.execute(
        "UPDATE models SET vectors = vectors + ? WHERE id = ?", (max(0, inserted), generation.model)
    )
    with_keys = "SELECT id FROM vectors WHERE model = ? AND key IN (SELECT value FROM json_each(?))"
    embedded = connection.execute(
        f"UPDATE chunks SET batch = ? WHERE generation = ? AND batch IS NULL AND vector IN ({with_keys})",
        (batch, generation.id, generation.model, json.dumps(list(keys))),
    ).rowcount
    _count_pending(connection, generation.id, -embedded)


def adopt_vectors(connection: sqlite3.Connection, generation: Generation, batch: int) -> None:
    """End the waiting of chunks whose vector another generation has brought meanwhile."""
    adopted = connection.execute(
        "UPDATE chunks SET batch = ? WHERE generation = ? AND batch IS NULL "
        "AND EXISTS (SELECT 1 FROM vectors v WHERE v.id = chunks.vector AND v.vector IS NOT NULL)",
        (batch, generation.id),
    ).rowcount
    _count_pending(connection, generation.id, -adopted)


def next_batch(connection: sqlite3.Connection, generation: int) -> int:
    """A number above those of all batches that the generation has had."""
    (last,) = connection.execute(
        "SELECT max(ifnull((SELECT max(batch) FROM chunks WHERE generation = :id), 0), "
        "ifnull((SELECT max(last) FROM segments WHERE generation = :id), 0))",
        {"id": generation},
    ).fetchone()
    return int(last) + 1


def insert_file(
    connection: sqlite3.Connection,
    generation: Generation,
    batch: int,
    file: FileRecord,
    documents: Sequence[ChunkedDocument],
) -> None:
    """Insert a file that is not there; its chunks without a vector are pending."""
    number = _insert(
        connection,
        "INSERT INTO files (generation, path, root, digest, size, modified) VALUES (?, ?, ?, ?, ?, ?)",
        (generation.id, file.path, file.root, file.digest, file.size, file.modified),
    )
    for item in documents:
        _insert_chunks(connection, generation, batch, _insert_document(connection, number, item), item)
    insert_fields(connection, number)
    _count(connection, generation.id, 1, len(documents), sum(len(item.chunks) for item in documents))


def touch_file(connection: sqlite3.Connection, generation: int, file: FileRecord) -> None:
    """Renew what is known of a file whose content is the same."""
    connection.execute(
        "UPDATE files SET root = ?, digest = ?, size = ?, modified = ? WHERE generation = ? AND path = ?",
        (file.root, file.digest, file.size, file.modified, generation, file.path),
    )


def delete_file(connection: sqlite3.Connection, generation: int, path: str) -> None:
    """Delete a file, if it is there; its chunks stay in the derived files as dead rows."""
    found = connection.execute(
        "SELECT id FROM files WHERE generation = ? AND path = ?", (generation, path)
    ).fetchone()
    if found is None:
        return
    chunks = connection.execute(
        "SELECT c.id, c.vector, c.batch FROM chunks c JOIN documents d ON d.id = c.document WHERE d.file = ?",
        found,
    ).fetchall()
    _bury(connection, generation, chunks)
    connection.execute(
        "DELETE FROM chunks WHERE document IN (SELECT id FROM documents WHERE file = ?)", found
    )
    delete_fields(connection, *found)
    documents = connection.execute("DELETE FROM documents WHERE file = ?", found).rowcount
    connection.execute("DELETE FROM files WHERE id = ?", found)
    _count(connection, generation, -1, -documents, -len(chunks))


def sweep_vectors(connection: sqlite3.Connection) -> None:
    """Delete vectors that no chunk uses, looking only at new ones and at those that lost a chunk."""
    suspects = (
        "SELECT vector FROM loose UNION "
        "SELECT v.id FROM vectors v JOIN models m ON m.id = v.model WHERE v.id > "
        "(SELECT min(swept) FROM models) AND v.id > m.swept"
    )
    unused = connection.execute(
        f"DELETE FROM vectors WHERE id IN ({suspects}) "
        "AND NOT EXISTS (SELECT 1 FROM chunks c WHERE c.vector = vectors.id) RETURNING model, vector IS NOT NULL"
    ).fetchall()
    connection.executemany(
        "UPDATE models SET vectors = vectors - 1 WHERE id = ?", ((model,) for model, known in unused if known)
    )
    connection.execute("DELETE FROM loose")
    connection.execute(
        "UPDATE models SET swept = ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'vectors'), 0)"
    )


def _bury(
    connection: sqlite3.Connection, generation: int, chunks: Sequence[tuple[int, int, int | None]]
) -> None:
    connection.executemany("INSERT OR IGNORE INTO loose VALUES (?)", ((vector,) for _, vector, _ in chunks))
    connection.executemany(
        "INSERT INTO tombstones (chunk, generation) VALUES (?, ?)",
        ((chunk, generation) for chunk, *_ in chunks),
    )
    batches = [batch for *_, batch in chunks if batch is not None]
    connection.execute(
        "UPDATE segments SET dead = dead + "
        "(SELECT count(*) FROM json_each(?) WHERE value BETWEEN first AND last) WHERE generation = ?",
        (as_json(batches), generation),
    )
    _count_pending(connection, generation, len(batches) - len(chunks))


def _insert_document(connection: sqlite3.Connection, file: int, item: ChunkedDocument) -> int:
    document = item.document
    return _insert(
        connection,
        "INSERT INTO documents (file, name, title, headings, metadata, verbatim, notices, text) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            file,
            document.id,
            document.title,
            json.dumps([[heading.start, heading.level, heading.text] for heading in document.headings]),
            json.dumps(dict(document.metadata)),
            document.verbatim,
            json.dumps(document.notices),
            document.text,
        ),
    )


def _insert_chunks(
    connection: sqlite3.Connection, generation: Generation, batch: int, document: int, item: ChunkedDocument
) -> None:
    model = generation.model
    connection.executemany(
        "INSERT OR IGNORE INTO vectors (model, key) VALUES (?, ?)", ((model, key) for key in item.keys)
    )
    connection.executemany(
        "INSERT INTO chunks (generation, document, vector, batch, start, end, first_line, last_line, prefix) "
        "SELECT ?, ?, id, CASE WHEN vector IS NULL THEN NULL ELSE ? END, ?, ?, ?, ?, ? "
        "FROM vectors WHERE model = ? AND key = ?",
        (
            (generation.id, document, batch, chunk.start, chunk.end, *lines, chunk.prefix, model, key)
            for chunk, key, lines in zip(item.chunks, item.keys, chunk_lines(item), strict=True)
        ),
    )
    (pending,) = connection.execute(
        "SELECT count(*) FROM chunks WHERE document = ? AND batch IS NULL", (document,)
    ).fetchone()
    _count_pending(connection, generation.id, pending)


def _count(connection: sqlite3.Connection, generation: int, files: int, documents: int, chunks: int) -> None:
    connection.execute(
        "UPDATE generations SET files = files + ?, documents = documents + ?, chunks = chunks + ? WHERE id = ?",
        (files, documents, chunks, generation),
    )


def _count_pending(connection: sqlite3.Connection, generation: int, more: int) -> None:
    connection.execute("UPDATE generations SET pending = pending + ? WHERE id = ?", (more, generation))


def _insert(connection: sqlite3.Connection, statement: str, row: Sequence[object]) -> int:
    """Insert a row; returns its number."""
    number = connection.execute(statement, row).lastrowid
    assert number is not None
    return number
