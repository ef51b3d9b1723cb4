"""Rows of the database to files, documents and chunks."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from simsearch.storage.document_ids import document_id
from simsearch.storage.protocols import ChunkedDocument, ChunkRecord, FileRecord
from simsearch.types import Chunk, Document, Heading

_FILES = "SELECT path, root, digest, size, modified FROM files WHERE generation = ?"
_RECORDS = """
    SELECT c.id, f.path, f.root, d.name, d.title, d.text, c.start, c.end, c.first_line, c.last_line, c.prefix,
           d.metadata, c.batch IS NULL
    FROM chunks c JOIN documents d ON d.id = c.document JOIN files f ON f.id = d.file
"""


def read_files(connection: sqlite3.Connection, generation: int) -> dict[str, FileRecord]:
    """A generation's files by path."""
    return {row[0]: FileRecord(*row) for row in connection.execute(_FILES, (generation,))}


def read_documents(connection: sqlite3.Connection, generation: int, path: str) -> list[Document]:
    """The documents of one file, in the order they were put."""
    return [document for _, document in _numbered_documents(connection, generation, path)]


def read_chunked(connection: sqlite3.Connection, generation: int, path: str) -> list[ChunkedDocument]:
    """The documents of one file with their chunks, in the order of read_every_chunk."""
    found = []
    for number, document in _numbered_documents(connection, generation, path):
        rows = connection.execute(
            "SELECT c.start, c.end, c.prefix, v.key FROM chunks c JOIN vectors v ON v.id = c.vector "
            "WHERE c.document = ? ORDER BY c.start, c.id",
            (number,),
        ).fetchall()
        chunks = tuple(Chunk(start, end, prefix) for start, end, prefix, _ in rows)
        found.append(ChunkedDocument(document, chunks, tuple(key for *_, key in rows)))
    return found


def read_notices(connection: sqlite3.Connection, generation: int) -> dict[str, tuple[str, ...]]:
    """What was not read or was guessed of each file that has such notices, each once."""
    rows = connection.execute(
        "SELECT DISTINCT f.path, n.value FROM documents d JOIN files f ON f.id = d.file, json_each(d.notices) n "
        "WHERE d.notices <> '[]' AND f.generation = ? ORDER BY f.path",
        (generation,),
    )
    found: dict[str, tuple[str, ...]] = {}
    for path, notice in rows:
        found[path] = (*found.get(path, ()), notice)
    return found


def _numbered_documents(
    connection: sqlite3.Connection, generation: int, path: str
) -> Iterator[tuple[int, Document]]:
    rows = connection.execute(
        "SELECT d.id, d.text, d.name, d.title, d.headings, d.metadata, d.verbatim, d.notices FROM documents d "
        "JOIN files f ON f.id = d.file WHERE f.generation = ? AND f.path = ? ORDER BY d.id",
        (generation, path),
    )
    for number, text, name, title, headings, metadata, verbatim, notices in rows:
        read = tuple(Heading(*heading) for heading in json.loads(headings))
        yield (
            number,
            Document(
                text,
                name,
                title,
                read,
                json.loads(metadata),
                bool(verbatim),
                notices=tuple(json.loads(notices)),
            ),
        )


def read_chunks(connection: sqlite3.Connection, numbers: Sequence[int]) -> list[ChunkRecord]:
    """The records of these chunks in the order asked; unknown numbers are left out."""
    rows = connection.execute(
        f"{_RECORDS} WHERE c.id IN (SELECT value FROM json_each(?))", (as_json(numbers),)
    )
    records = {record.chunk: record for record in _as_records(rows)}
    return [records[number] for number in map(int, numbers) if number in records]


def read_document_ids(connection: sqlite3.Connection, generation: int) -> Iterator[str]:
    """The id of every document."""
    rows = connection.execute(
        "SELECT f.path, f.root, d.name FROM documents d JOIN files f ON f.id = d.file WHERE f.generation = ?",
        (generation,),
    )
    for path, root, name in rows:
        yield document_id(name, path, root)


def read_chunk_counts(connection: sqlite3.Connection, documents: Sequence[int]) -> dict[int, int]:
    """How many chunks each document has."""
    rows = connection.execute(
        "SELECT document, count(*) FROM chunks WHERE document IN (SELECT value FROM json_each(?)) GROUP BY document",
        (as_json(documents),),
    )
    return dict(rows.fetchall())


def read_sample(connection: sqlite3.Connection, generation: int, count: int) -> list[ChunkRecord]:
    """About `count` chunks, evenly spread over the order in which they were put."""
    (chunks,) = connection.execute("SELECT chunks FROM generations WHERE id = ?", (generation,)).fetchone()
    step = max(1, chunks // count)
    rows = connection.execute("SELECT id FROM chunks WHERE generation = ? ORDER BY id", (generation,))
    return read_chunks(connection, [chunk for (chunk,) in islice(rows, step - 1, None, step)])


def read_every_chunk(connection: sqlite3.Connection, generation: int) -> Iterator[ChunkRecord]:
    """All chunks of a generation, by path and start."""
    return _as_records(
        connection.execute(
            f"{_RECORDS} WHERE f.generation = ? ORDER BY f.path, d.id, c.start, c.id", (generation,)
        )
    )


def as_json(numbers: Iterable[int]) -> str:
    """Whole numbers as the one value that json_each takes apart."""
    return json.dumps([int(number) for number in numbers])


def _as_records(rows: sqlite3.Cursor) -> Iterator[ChunkRecord]:
    for number, path, root, name, title, text, start, end, first, last, prefix, metadata, pending in rows:
        yield ChunkRecord(
            chunk=number,
            path=path,
            id=document_id(name, path, root),
            title=title,
            text=text[start:end],
            start=start,
            end=end,
            lines=None if first is None else (first, last),
            prefix=prefix,
            metadata=json.loads(metadata),
            pending=bool(pending),
        )
