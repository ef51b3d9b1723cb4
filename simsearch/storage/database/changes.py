"""Changes to the truth: vectors, files with their documents and chunks, and what deleting leaves behind."""

from __future__ import annotations

import json
import re
import sqlite3
from bisect import bisect_left
from collections.abc import Iterator, Sequence

import numpy as np

from simsearch.errors import StorageError
from simsearch.storage.database.fields import delete_fields, insert_fields
from simsearch.storage.database.records import as_json
from simsearch.storage.protocols import ChunkedDocument, FileRecord
from simsearch.types import Vectors


def known_keys(connection: sqlite3.Connection, model: int, keys: Sequence[str]) -> set[str]:
    """Those keys that have a vector."""
    rows = connection.execute(
        "SELECT key FROM vectors WHERE model = ? AND key IN (SELECT value FROM json_each(?))",
        (model, json.dumps(list(keys))),
    )
    return {key for (key,) in rows}


def insert_vectors(connection: sqlite3.Connection, model: int, keys: Sequence[str], vectors: Vectors) -> None:
    """Insert vectors whose keys are new; float32 [len(keys), d], kept as float16."""
    rows = zip(keys, np.asarray(vectors, "<f2"), strict=True)
    inserted = connection.executemany(
        "INSERT OR IGNORE INTO vectors (model, key, vector) VALUES (?, ?, ?)",
        ((model, key, vector.tobytes()) for key, vector in rows),
    ).rowcount
    connection.execute("UPDATE models SET vectors = vectors + ? WHERE id = ?", (max(0, inserted), model))


def insert_file(
    connection: sqlite3.Connection,
    generation: int,
    model: int,
    file: FileRecord,
    documents: Sequence[ChunkedDocument],
) -> None:
    """Insert a file that is not there; every chunk's vector is."""
    number = _inserted(
        connection.execute(
            "INSERT INTO files (generation, path, root, digest, size, modified) VALUES (?, ?, ?, ?, ?, ?)",
            (generation, file.path, file.root, file.digest, file.size, file.modified),
        )
    )
    for item in documents:
        _insert_chunks(connection, generation, model, _insert_document(connection, number, item), item)
    insert_fields(connection, number)
    _count(connection, generation, 1, len(documents), sum(len(item.chunks) for item in documents))


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
        "SELECT c.id, c.vector FROM chunks c JOIN documents d ON d.id = c.document WHERE d.file = ?", found
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
        "AND NOT EXISTS (SELECT 1 FROM chunks c WHERE c.vector = vectors.id) RETURNING model"
    ).fetchall()
    connection.executemany("UPDATE models SET vectors = vectors - 1 WHERE id = ?", unused)
    connection.execute("DELETE FROM loose")
    connection.execute(
        "UPDATE models SET swept = ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'vectors'), 0)"
    )


def _bury(connection: sqlite3.Connection, generation: int, chunks: Sequence[tuple[int, int]]) -> None:
    numbers = as_json([chunk for chunk, _ in chunks])
    connection.executemany("INSERT OR IGNORE INTO loose VALUES (?)", ((vector,) for _, vector in chunks))
    connection.executemany(
        "INSERT INTO tombstones (chunk, generation) VALUES (?, ?)",
        ((chunk, generation) for chunk, _ in chunks),
    )
    connection.execute(
        "UPDATE segments SET dead = dead + "
        "(SELECT count(*) FROM json_each(?) WHERE value BETWEEN first AND last) WHERE generation = ?",
        (numbers, generation),
    )


def _insert_document(connection: sqlite3.Connection, file: int, item: ChunkedDocument) -> int:
    document = item.document
    return _inserted(
        connection.execute(
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
    )


def _insert_chunks(
    connection: sqlite3.Connection, generation: int, model: int, document: int, item: ChunkedDocument
) -> None:
    rows = (
        (generation, document, model, key, chunk.start, chunk.end, *lines, chunk.prefix)
        for chunk, key, lines in zip(item.chunks, item.keys, _lines(item), strict=True)
    )
    try:
        connection.executemany(
            "INSERT INTO chunks (generation, document, vector, start, end, first_line, last_line, prefix) "
            "VALUES (?, ?, (SELECT id FROM vectors WHERE model = ? AND key = ?), ?, ?, ?, ?, ?)",
            rows,
        )
    except sqlite3.IntegrityError as error:
        raise StorageError(
            "A chunk was stored before its vector; put_vectors goes before put_file."
        ) from error


def _lines(item: ChunkedDocument) -> Iterator[tuple[int | None, int | None]]:
    """First and last line of each chunk, from 1; none where the text is not the file itself."""
    if not item.document.verbatim:
        yield from ((None, None) for _ in item.chunks)
        return
    ends = [match.start() for match in re.finditer("\n", item.document.text)]
    for chunk in item.chunks:
        yield _line(ends, chunk.start), _line(ends, max(chunk.start, chunk.end - 1))


def _line(ends: list[int], position: int) -> int:
    return bisect_left(ends, position) + 1


def _count(connection: sqlite3.Connection, generation: int, files: int, documents: int, chunks: int) -> None:
    connection.execute(
        "UPDATE generations SET files = files + ?, documents = documents + ?, chunks = chunks + ? WHERE id = ?",
        (files, documents, chunks, generation),
    )


def _inserted(cursor: sqlite3.Cursor) -> int:
    assert cursor.lastrowid is not None
    return cursor.lastrowid
