"""Rows of the server to files, documents and chunks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from simsearch.storage.document_ids import document_id
from simsearch.storage.protocols import ChunkedDocument, ChunkRecord, FileRecord, Place
from simsearch.types import Chunk, Document, Heading
from simsearch_postgres.session import Connection
from simsearch_postgres.texts import with_nul

AT_ONCE = 2000
"""Rows fetched at a time where all are wanted."""

_RECORDS = """
    SELECT c.id, f.path, f.root, d.name, d.title, substr(d.text, c.first + 1, c.past - c.first), c.first, c.past,
           c.first_line, c.last_line, c.prefix, d.metadata, c.pending, d.stand_in
    FROM chunks c JOIN documents d ON d.id = c.document JOIN files f ON f.id = d.file
"""


def read_files(connection: Connection, generation: int) -> dict[str, FileRecord]:
    """A generation's files by path."""
    rows = connection.execute(
        "SELECT path, root, digest, size, modified FROM files WHERE generation = %s ORDER BY path",
        (generation,),
    )
    return {row[0]: FileRecord(*row) for row in rows}


def read_documents(connection: Connection, generation: int, path: str) -> list[tuple[int, Document]]:
    """The documents of one file with their numbers, in the order they were put."""
    rows = connection.execute(
        "SELECT d.id, d.text, d.name, d.title, d.headings, d.metadata, d.verbatim, d.notices, d.stand_in "
        "FROM documents d JOIN files f ON f.id = d.file "
        "WHERE f.generation = %s AND md5(f.path) = md5(%s) AND f.path = %s ORDER BY d.id",
        (generation, path, path),
    )
    return [(row[0], _document(*row[1:])) for row in rows]


def read_chunked(connection: Connection, generation: int, path: str) -> list[ChunkedDocument]:
    """The documents of one file with their chunks, in the order of read_every_chunk."""
    found = []
    for number, document in read_documents(connection, generation, path):
        rows = connection.execute(
            "SELECT c.first, c.past, c.prefix, v.key, d.stand_in FROM chunks c JOIN vectors v ON v.id = c.vector "
            "JOIN documents d ON d.id = c.document WHERE c.document = %s ORDER BY c.first, c.id",
            (number,),
        ).fetchall()
        chunks = tuple(Chunk(first, past, with_nul(prefix, nul)) for first, past, prefix, _, nul in rows)
        found.append(ChunkedDocument(document, chunks, tuple(row[3] for row in rows)))
    return found


def read_notices(connection: Connection, generation: int) -> dict[str, tuple[str, ...]]:
    """What was not read or was guessed of each file that has such notices, each once."""
    rows = connection.execute(
        "SELECT f.path, d.notices FROM documents d JOIN files f ON f.id = d.file "
        "WHERE d.notices <> '[]' AND f.generation = %s ORDER BY f.path, d.id",
        (generation,),
    )
    found: dict[str, dict[str, None]] = {}
    for path, notices in rows:
        found.setdefault(path, {}).update(dict.fromkeys(json.loads(notices)))
    return {path: tuple(notices) for path, notices in found.items()}


def read_chunks(connection: Connection, numbers: Sequence[int]) -> list[ChunkRecord]:
    """The records of these chunks in the order given; unknown numbers are left out."""
    wanted = [int(number) for number in numbers]
    rows = connection.execute(f"{_RECORDS} WHERE c.id = ANY(%s)", (wanted,))
    records = {row[0]: _record(*row) for row in rows}
    return [records[number] for number in wanted if number in records]


def read_every_chunk(connection: Connection, generation: int) -> Iterator[ChunkRecord]:
    """All chunks of a generation, by path and start."""
    with connection.cursor(name="every_chunk") as cursor:
        cursor.itersize = AT_ONCE
        cursor.execute(
            f"{_RECORDS} WHERE c.generation = %s ORDER BY f.path, d.id, c.first, c.id", (generation,)
        )
        for row in cursor:
            yield _record(*row)


def read_sample(connection: Connection, generation: int, count: int) -> list[ChunkRecord]:
    """About `count` chunks, evenly spread over the order in which they were put."""
    rows = connection.execute(
        "SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS place, count(*) OVER () AS every "
        "FROM chunks WHERE generation = %s) n WHERE place %% greatest(1, every / %s) = 0 ORDER BY id",
        (generation, count),
    )
    return read_chunks(connection, [number for (number,) in rows])


def read_document_ids(connection: Connection, generation: int) -> Iterator[str]:
    """The id of every document."""
    rows = connection.execute(
        "SELECT d.name, f.path, f.root, d.stand_in FROM documents d JOIN files f ON f.id = d.file "
        "WHERE f.generation = %s",
        (generation,),
    )
    for name, path, root, nul in rows:
        yield document_id(with_nul(name, nul), path, root)


class Places:
    """Where the chunks of a snapshot are; what was looked up once is remembered."""

    MOST_REMEMBERED = 20_000

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[int, Place | None] = {}

    def of(self, chunks: Sequence[int]) -> dict[int, Place]:
        """The place of each chunk that exists."""
        unknown = [int(chunk) for chunk in chunks if chunk not in self._known]
        if unknown:
            self._known |= dict.fromkeys(unknown) | self._read(unknown)
        places = {int(chunk): place for chunk in chunks if (place := self._known[int(chunk)])}
        if len(self._known) > self.MOST_REMEMBERED:
            self._known = {}
        return places

    def _read(self, chunks: list[int]) -> dict[int, Place]:
        rows = self._connection.execute(
            "SELECT c.id, f.path, f.root, d.name, d.id, c.first, d.stand_in FROM chunks c "
            "JOIN documents d ON d.id = c.document JOIN files f ON f.id = d.file WHERE c.id = ANY(%s)",
            (chunks,),
        )
        return {
            chunk: Place(path, document, first, document_id(with_nul(name, nul), path, root))
            for chunk, path, root, name, document, first, nul in rows
        }


def _document(
    text: str, name: str, title: str, headings: str, metadata: str, verbatim: bool, notices: str, nul: str
) -> Document:
    return Document(
        with_nul(text, nul),
        with_nul(name, nul),
        with_nul(title, nul),
        tuple(Heading(*heading) for heading in json.loads(headings)),
        json.loads(metadata),
        verbatim,
        notices=tuple(json.loads(notices)),
    )


def _record(*row: Any) -> ChunkRecord:
    (
        number,
        path,
        root,
        name,
        title,
        text,
        first,
        past,
        first_line,
        last_line,
        prefix,
        metadata,
        pending,
        nul,
    ) = row
    return ChunkRecord(
        chunk=number,
        path=path,
        id=document_id(with_nul(name, nul), path, root),
        title=with_nul(title, nul),
        text=with_nul(text, nul),
        start=first,
        end=past,
        lines=None if first_line is None else (first_line, last_line),
        prefix=with_nul(prefix, nul),
        metadata=json.loads(metadata),
        pending=pending,
    )
