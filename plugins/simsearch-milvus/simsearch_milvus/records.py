"""Rows of a generation to files, documents and chunks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simsearch.storage.document_ids import document_id
from simsearch.storage.protocols import ChunkRecord, FileRecord, Place
from simsearch.storage.words.passages import Field, Passage, passage_terms
from simsearch.types import Document, Heading
from simsearch_milvus.connecting import Connection, Row
from simsearch_milvus.schema import Kind
from simsearch_milvus.state import Generation, State
from simsearch_milvus.texts import read_abouts, read_parts

PARTS = ("chunks", "records", "lookup")
"""Of a generation."""

CHUNK_COLUMNS = ("document", "embedded", "died", "pieces", "text")
MOST_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Collections:
    """The names of a generation's collections, and of its model's."""

    chunks: str
    records: str
    lookup: str
    vectors: str


def collections_of(connection: Connection, generation: Generation) -> Collections:
    name = connection.server.collection
    chunks, records, lookup = (name(generation.id, part) for part in PARTS)
    return Collections(chunks, records, lookup, name("vectors", generation.model))


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of a generation.

    Args:
        row: The number of its row.
        number: Its own, which its documents and chunks have.
    """

    row: int
    number: int
    record: FileRecord
    documents: int
    chunks: int


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """A chunk with what is written of it and of its document, see changes.py."""

    number: int
    document: int
    embedded: int
    about: Mapping[str, Any]
    of_document: Mapping[str, Any]

    @property
    def id(self) -> str:
        return document_id(self.of_document["name"], self.of_document["path"], self.of_document["root"])

    @property
    def place(self) -> Place:
        return Place(self.of_document["path"], self.document, self.about["start"], self.id)

    def record(self, commit: int) -> ChunkRecord:
        """As a snapshot of this commit shows it."""
        about, document = self.about, self.of_document
        return ChunkRecord(
            chunk=self.number,
            path=document["path"],
            id=self.id,
            title=document["title"],
            text=about["text"],
            start=about["start"],
            end=about["end"],
            lines=None if about["lines"] is None else (about["lines"][0], about["lines"][1]),
            prefix=about["prefix"],
            metadata=document["metadata"],
            pending=self.embedded > commit,
        )

    def terms(self) -> dict[Field, list[str]]:
        """The terms of each field, in order."""
        about, document = self.about, self.of_document
        text = about["text"] + about["rest_of_word"]
        passage = Passage(
            self.number, text, document["path"], document["title"], document["stem"], about["prefix"],
            document["language"],
        )  # fmt: skip
        return passage_terms(passage)


class Reader:
    """Reads a generation's rows; what was read of chunks and documents is remembered.

    Args:
        sees: Whether a row of this number, which was removed in this commit, is there.
    """

    def __init__(self, connection: Connection, of: Collections, commit: int, following: int) -> None:
        self._connection = connection
        self._of = of
        self._commit = commit
        self._following = following
        self._chunks: dict[int, StoredChunk] = {}
        self._documents: dict[int, Mapping[str, Any]] = {}

    def chunks(self, numbers: Sequence[int]) -> dict[int, StoredChunk]:
        """Those of some chunks that exist."""
        wanted = [int(number) for number in numbers]
        unknown = [number for number in wanted if number not in self._chunks]
        if unknown:
            self.keep(self._connection.numbered(self._of.chunks, unknown, CHUNK_COLUMNS).values())
        return {number: self._chunks[number] for number in wanted if number in self._chunks}

    def keep(self, rows: Iterable[Row]) -> list[StoredChunk]:
        """Rows with CHUNK_COLUMNS as chunks, those that exist."""
        alive = [row for row in rows if row["number"] < self._following and row["died"] > self._commit]
        abouts = read_abouts(self._connection, self._of.records, alive)
        documents = self.documents([row["document"] for row in alive])
        if len(self._chunks) > MOST_REMEMBERED:
            self._chunks = {}
        found = [
            StoredChunk(
                row["number"],
                row["document"],
                row["embedded"],
                abouts[row["number"]],
                documents[row["document"]],
            )
            for row in alive
        ]
        self._chunks |= {chunk.number: chunk for chunk in found}
        return found

    def documents(self, numbers: Iterable[int]) -> dict[int, Mapping[str, Any]]:
        """What is written of some documents besides their texts."""
        wanted = list(dict.fromkeys(numbers))
        unknown = [number for number in wanted if number not in self._documents]
        rows = self._connection.numbered(self._of.records, unknown, ["pieces", "text"]) if unknown else {}
        if len(self._documents) > MOST_REMEMBERED:
            self._documents = {
                number: self._documents[number] for number in wanted if number in self._documents
            }
        self._documents |= read_abouts(self._connection, self._of.records, list(rows.values()))
        return {number: self._documents[number] for number in wanted}

    def of(self, chunks: Sequence[int]) -> dict[int, Place]:
        """The place of each chunk that exists."""
        return {number: chunk.place for number, chunk in self.chunks(chunks).items()}


def read_files(connection: Connection, of: Collections, expression: str) -> dict[str, StoredFile]:
    """Files by path, in order.

    Args:
        expression: The rows that are there.
    """
    whole = f"kind == {int(Kind.FILE)} and {expression}"
    rows = connection.rows(of.records, whole, ["owner", "pieces", "text"])
    abouts = read_abouts(connection, of.records, rows)
    files = [_file(row, abouts[row["number"]]) for row in rows]
    return {file.record.path: file for file in sorted(files, key=lambda file: file.record.path)}


def read_documents(
    connection: Connection, of: Collections, reader: Reader, file: StoredFile
) -> list[tuple[int, Document]]:
    """The documents of one file with their numbers, in the order they were put."""
    numbers = [row["number"] for row in document_rows(connection, of, [file.number])]
    texts = read_parts(connection, of.records, Kind.CONTENT, numbers)
    return [(number, _document(about, texts[number])) for number, about in reader.documents(numbers).items()]


def document_rows(connection: Connection, of: Collections, files: Sequence[int]) -> list[Row]:
    """The rows of the documents of some files, without what is written of them."""
    kind = f"kind == {int(Kind.DOCUMENT)}"
    return sorted(
        connection.among(of.records, "owner", files, ["owner"], kind), key=lambda row: int(row["number"])
    )


def chunks_of_files(
    connection: Connection, of: Collections, reader: Reader, files: Sequence[StoredFile], expression: str
) -> Iterator[StoredChunk]:
    """The chunks of some files, by file, document and start."""
    place = {file.number: order for order, file in enumerate(files)}
    rows = list(connection.among(of.chunks, "file", list(place), ["file", *CHUNK_COLUMNS], expression))
    file = {row["number"]: place[row["file"]] for row in rows}
    found = reader.keep(rows)
    yield from sorted(found, key=lambda one: (file[one.number], one.document, one.about["start"], one.number))


def reader_of(connection: Connection, of: Collections, state: State, generation: Generation) -> Reader:
    """A reader of what a snapshot sees."""
    return Reader(connection, of, state.commit, generation.next)


def _file(row: Row, about: Mapping[str, Any]) -> StoredFile:
    record = FileRecord(about["path"], about["root"], about["digest"], about["size"], about["modified"])
    return StoredFile(row["number"], row["owner"], record, about["documents"], about["chunks"])


def _document(about: Mapping[str, Any], text: str) -> Document:
    return Document(
        text,
        about["name"],
        about["title"],
        tuple(Heading(*heading) for heading in about["headings"]),
        about["metadata"],
        about["verbatim"],
        notices=tuple(about["notices"]),
    )
