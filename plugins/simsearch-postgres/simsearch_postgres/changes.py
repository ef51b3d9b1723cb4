"""Files put into a generation, and taken out of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from simsearch.storage.document_facts import chunk_lines
from simsearch.storage.field_values import document_values, folded
from simsearch.storage.protocols import ChunkedDocument, FileRecord
from simsearch.storage.words.languages import language_of
from simsearch.storage.words.passages import Passage, document_passages
from simsearch_postgres.generations import Generation
from simsearch_postgres.session import Connection, one
from simsearch_postgres.texts import stand_in_for, without_nul
from simsearch_postgres.vectors import count_pending

Staged = Sequence[tuple[FileRecord, Sequence[ChunkedDocument]]]


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A document with the numbers that it and its file have, and that of its first chunk."""

    file: int
    number: int
    first: int
    record: FileRecord
    item: ChunkedDocument

    def passages(self) -> Iterator[Passage]:
        document = self.item.document
        chunks = (
            (self.first + place, chunk.start, chunk.end, chunk.prefix)
            for place, chunk in enumerate(self.item.chunks)
        )
        return document_passages(self.record.path, document.id, document.title, document.text, chunks)


def insert_files(connection: Connection, generation: Generation, files: Staged) -> Iterator[Passage]:
    """Insert files that are not there; chunks whose key has no vector are pending.

    Yields:
        Their chunks for the words index, once all are inserted.
    """
    records = [record for record, _ in files]
    numbers = _reserve(connection, files)
    documents = list(_number(files, numbers))
    _copy(connection, "files (id, generation, path, folded, root, digest, size, modified)",
          (_file_row(numbers[0] + place, generation, record) for place, record in enumerate(records)))  # fmt: skip
    _copy(connection, "documents (id, file, name, title, headings, metadata, verbatim, notices, stand_in, language, "
          "text)", map(_document_row, documents))  # fmt: skip
    _copy_values(connection, documents)
    chunks, pending = _copy_chunks(connection, generation, documents)
    _count(connection, generation.id, len(files), len(documents), chunks)
    count_pending(connection, generation.id, pending)
    for document in documents:
        yield from document.passages()


def delete_files(connection: Connection, generation: int, paths: Sequence[str]) -> None:
    """Delete those files that are there; their chunks stay in postings as dead ones."""
    rows = connection.execute(
        "SELECT f.id FROM unnest(%s::text[]) p (path) "
        "JOIN files f ON f.generation = %s AND md5(f.path) = md5(p.path) AND f.path = p.path",
        (list(paths), generation),
    )
    found = [number for (number,) in rows]
    if not found:
        return
    of_files = "document IN (SELECT id FROM documents WHERE file = ANY(%s))"
    chunks, pending = one(
        connection, f"SELECT count(*), count(*) FILTER (WHERE pending) FROM chunks WHERE {of_files}", found
    )
    connection.execute(f"DELETE FROM chunks WHERE {of_files}", (found,))
    connection.execute(f"DELETE FROM field_values WHERE {of_files}", (found,))
    documents = connection.execute("DELETE FROM documents WHERE file = ANY(%s)", (found,)).rowcount
    connection.execute("DELETE FROM files WHERE id = ANY(%s)", (found,))
    _count(connection, generation, -len(found), -documents, -chunks)
    count_pending(connection, generation, -pending)
    connection.execute("UPDATE generations SET dead = dead + %s WHERE id = %s", (chunks, generation))


def touch_file(connection: Connection, generation: int, file: FileRecord) -> None:
    """Renew what is known of a file whose content is the same."""
    connection.execute(
        "UPDATE files SET root = %s, digest = %s, size = %s, modified = %s "
        "WHERE generation = %s AND md5(path) = md5(%s) AND path = %s",
        (file.root, file.digest, file.size, file.modified, generation, file.path, file.path),
    )


def _reserve(connection: Connection, files: Staged) -> tuple[int, int, int]:
    """The first of new numbers for files, documents and chunks."""
    documents = sum(len(items) for _, items in files)
    chunks = sum(len(item.chunks) for _, items in files for item in items)
    file, document, chunk = one(
        connection,
        "UPDATE numbers SET file = file + %s, document = document + %s, chunk = chunk + %s "
        "RETURNING file, document, chunk",
        len(files), documents, chunks,
    )  # fmt: skip
    return file - len(files), document - documents, chunk - chunks


def _number(files: Staged, first: tuple[int, int, int]) -> Iterator[_Numbered]:
    file, document, chunk = first
    for record, items in files:
        for item in items:
            yield _Numbered(file, document, chunk, record, item)
            document, chunk = document + 1, chunk + len(item.chunks)
        file += 1


def _file_row(number: int, generation: Generation, record: FileRecord) -> tuple[Any, ...]:
    path = record.path
    return (
        number,
        generation.id,
        path,
        folded(path),
        record.root,
        record.digest,
        record.size,
        record.modified,
    )


def _document_row(numbered: _Numbered) -> tuple[Any, ...]:
    document = numbered.item.document
    nul = _stand_in(numbered)
    headings = [[heading.start, heading.level, heading.text] for heading in document.headings]
    return (
        numbered.number, numbered.file, without_nul(document.id, nul), without_nul(document.title, nul),
        json.dumps(headings), json.dumps(dict(document.metadata)), document.verbatim, json.dumps(document.notices),
        nul, language_of(document.text), without_nul(document.text, nul),
    )  # fmt: skip


def _stand_in(numbered: _Numbered) -> str:
    document = numbered.item.document
    prefixes = (chunk.prefix for chunk in numbered.item.chunks)
    return stand_in_for(document.id, document.title, document.text, *prefixes)


def _copy_values(connection: Connection, documents: Sequence[_Numbered]) -> None:
    rows = []
    for numbered in documents:
        document, file = numbered.item.document, numbered.record
        values = document_values(document.metadata, document.title, document.id, file.path, file.root)
        rows += [(field, numbered.number, value) for field, value in dict.fromkeys(values)]
    names = _field_numbers(connection, sorted({field for field, *_ in rows}))
    _copy(connection, "field_values (field, document, number, word)", (
        (names[field], document, *((None, value) if isinstance(value, str) else (Decimal(value), None)))
        for field, document, value in rows
    ))  # fmt: skip


def _field_numbers(connection: Connection, names: list[str]) -> dict[str, int]:
    connection.execute(
        "INSERT INTO field_names (name) SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING", (names,)
    )
    rows = connection.execute("SELECT name, id FROM field_names WHERE name = ANY(%s)", (names,))
    return dict(rows.fetchall())


def _copy_chunks(
    connection: Connection, generation: Generation, documents: Sequence[_Numbered]
) -> tuple[int, int]:
    """How many chunks were inserted, and how many of them are pending."""
    vectors = _vector_numbers(connection, generation.model, {key for d in documents for key in d.item.keys})
    rows = [row for numbered in documents for row in _chunk_rows(numbered, generation.id, vectors)]
    _copy(connection, "chunks (id, generation, document, vector, pending, first, past, first_line, last_line, "
          "prefix)", rows)  # fmt: skip
    return len(rows), sum(row[4] for row in rows)


def _chunk_rows(
    numbered: _Numbered, generation: int, vectors: dict[str, tuple[int, bool]]
) -> Iterator[tuple[Any, ...]]:
    item, nul = numbered.item, _stand_in(numbered)
    parts = zip(item.chunks, item.keys, chunk_lines(item), strict=True)
    for place, (chunk, key, lines) in enumerate(parts):
        yield (
            numbered.first + place, generation, numbered.number, *vectors[key], chunk.start, chunk.end, *lines,
            without_nul(chunk.prefix, nul),
        )  # fmt: skip


def _vector_numbers(connection: Connection, model: int, keys: set[str]) -> dict[str, tuple[int, bool]]:
    """For each key the number of its vector, and whether that is not known yet."""
    connection.execute(
        "INSERT INTO vectors (model, key) SELECT %s, unnest(%s::text[]) ON CONFLICT DO NOTHING",
        (model, sorted(keys)),
    )
    rows = connection.execute(
        "SELECT key, id, vector IS NULL FROM vectors WHERE model = %s AND key = ANY(%s)", (model, list(keys))
    )
    return {key: (number, pending) for key, number, pending in rows}


def _copy(
    connection: Connection, into: str, rows: Iterator[tuple[Any, ...]] | Sequence[tuple[Any, ...]]
) -> None:
    with connection.cursor().copy(f"COPY {into} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _count(connection: Connection, generation: int, files: int, documents: int, chunks: int) -> None:
    connection.execute(
        "UPDATE generations SET files = files + %s, documents = documents + %s, chunks = chunks + %s WHERE id = %s",
        (files, documents, chunks, generation),
    )
