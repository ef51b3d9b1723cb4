"""Files put into a generation, and taken out of it.

Nothing of it is seen before the commit: new rows have numbers from the state's `next` on, and removed ones the number
of the commit that is to come.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from simsearch.storage.document_facts import chunk_lines
from simsearch.storage.protocols import ChunkedDocument, FileRecord
from simsearch.storage.words.passages import document_passages, passage_terms
from simsearch.types import Vectors
from simsearch_milvus.connecting import Connection, Row
from simsearch_milvus.numbers import NEVER, number_of
from simsearch_milvus.records import (
    Collections,
    Reader,
    StoredFile,
    chunks_of_files,
    document_rows,
)
from simsearch_milvus.schema import Kind, record
from simsearch_milvus.state import LIVING, Generation
from simsearch_milvus.texts import pieces, with_pieces
from simsearch_milvus.values import value_rows, values_of
from simsearch_milvus.words.terms import NAMES, Key
from simsearch_milvus.words.weights import FIELDS, Terms, chunk_weights

Staged = Sequence[tuple[FileRecord, Sequence[ChunkedDocument]]]


@dataclass
class Tally:
    """By how much what is counted of a generation changes."""

    files: int = 0
    documents: int = 0
    chunks: int = 0
    pending: int = 0
    terms: Counter[Key] = field(default_factory=Counter)
    lengths: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)

    def add_document(self, about: Mapping[str, Any], sign: int = 1) -> None:
        self.documents += sign
        for name in {name for name, _ in values_of(about)}:
            self.terms[NAMES, name] += sign

    def add_chunk(self, terms: Terms, language: str, pending: bool, sign: int = 1) -> None:
        self.chunks += sign
        self.pending += sign * pending
        self.languages[language] += sign
        for name in FIELDS:
            self.lengths[name] += sign * len(terms[name])
            for term in set(terms[name]):
                self.terms[name, term] += sign

    def applied(self, generation: Generation) -> Generation:
        """The generation with the changes, but for the terms, which are rows."""
        return replace(
            generation,
            files=generation.files + self.files,
            documents=generation.documents + self.documents,
            chunks=generation.chunks + self.chunks,
            pending=generation.pending + self.pending,
            lengths=_sums(generation.lengths, self.lengths),
            languages={
                name: count for name, count in _sums(generation.languages, self.languages).items() if count
            },
        )


@dataclass
class Rows:
    """What is to be inserted."""

    records: list[Row] = field(default_factory=list)
    lookup: list[Row] = field(default_factory=list)
    chunks: list[Row] = field(default_factory=list)
    terms: list[Terms] = field(default_factory=list)
    """Of the chunks, from which their weights are made."""


def file_rows(
    staged: Staged, vectors: Mapping[str, Vectors], dimension: int, numbers: Iterator[int], tally: Tally
) -> tuple[Rows, list[StoredFile]]:
    """The rows of new files; chunks have no weights yet.

    Args:
        vectors: By key; chunks whose key has none are pending.
        numbers: For the rows.
        tally: Counts them.
    """
    rows, files = Rows(), []
    for about, documents in staged:
        number = next(numbers)
        file = StoredFile(number, number, about, len(documents), sum(len(item.chunks) for item in documents))
        files.append(file)
        rows.records += _file_rows(file, numbers)
        tally.files += 1
        for item in documents:
            _add_document(rows, file, item, vectors, np.zeros(dimension, np.float32), numbers, tally)
    return rows, files


def weigh(rows: Rows, generation: Generation) -> Generation:
    """Give chunks their weights, by the average lengths that a generation has with them."""
    averages = generation.averages()
    for chunk, terms in zip(rows.chunks, rows.terms, strict=True):
        chunk["words"] = chunk_weights(terms, averages)
    return replace(generation, lowest=lowest_of(generation.lowest, averages))


def lowest_of(lowest: Mapping[str, float], averages: Mapping[str, float]) -> dict[str, float]:
    """The lower of two average lengths for each field that has any."""
    return {name: min(lowest.get(name, average), average) for name, average in averages.items() if average}


def remove_files(
    connection: Connection,
    of: Collections,
    reader: Reader,
    files: Sequence[StoredFile],
    commit: int,
    tally: Tally,
) -> None:
    """Mark rows as removed in a commit, and count them."""
    chunks = list(chunks_of_files(connection, of, reader, files, LIVING))
    for chunk in chunks:
        pending = chunk.embedded == NEVER
        tally.add_chunk(chunk.terms(), chunk.of_document["language"], pending, -1)
    numbers = [row["number"] for row in document_rows(connection, of, [file.number for file in files])]
    for about in reader.documents(numbers).values():
        tally.add_document(about, -1)
    tally.files -= len(files)
    connection.change(of.chunks, [chunk.number for chunk in chunks], {"died": commit})
    connection.change(of.records, [file.row for file in files], {"died": commit})


def touched_rows(file: StoredFile, about: FileRecord, numbers: Iterator[int]) -> tuple[list[Row], StoredFile]:
    """The rows that take the place of a file's, whose content is the same."""
    touched = replace(file, row=next(numbers), record=about)
    return _file_rows(touched, numbers), touched


def _file_rows(file: StoredFile, numbers: Iterator[int]) -> list[Row]:
    about = {**asdict(file.record), "documents": file.documents, "chunks": file.chunks}
    row = record(file.row, Kind.FILE, owner=file.number, died=NEVER)
    first, rest = with_pieces(row, about, numbers)
    return [first, *rest]


def _add_document(
    rows: Rows,
    file: StoredFile,
    item: ChunkedDocument,
    vectors: Mapping[str, Vectors],
    nothing: Vectors,
    numbers: Iterator[int],
    tally: Tally,
) -> None:
    document, number = item.document, next(numbers)
    chunks = [(next(numbers), chunk.start, chunk.end, chunk.prefix) for chunk in item.chunks]
    passages = list(document_passages(file.record.path, document.id, document.title, document.text, chunks))
    about = _about_document(file.record, item)
    row = record(number, Kind.DOCUMENT, owner=file.number, notices=len(document.notices))
    first, rest = with_pieces(row, about, numbers)
    rows.records += [first, *rest]
    rows.lookup += value_rows(number, about, numbers)
    rows.records += [
        record(next(numbers), Kind.CONTENT, owner=number, place=place, text=text)
        for place, text in enumerate(pieces(document.text))
    ]
    tally.add_document(about)
    for passage, chunk, key, lines in zip(passages, item.chunks, item.keys, chunk_lines(item), strict=True):
        text = document.text[chunk.start : chunk.end]
        about_chunk = {
            "key": key, "start": chunk.start, "end": chunk.end, "lines": None if lines[0] is None else lines,
            "prefix": chunk.prefix, "text": text, "rest_of_word": passage.text[len(text) :],
        }  # fmt: skip
        row = {
            "number": passage.chunk, "file": file.number, "document": number, "vector": number_of(key),
            "embedded": 0 if key in vectors else NEVER, "died": NEVER, "dense": vectors.get(key, nothing),
        }  # fmt: skip
        first, rest = with_pieces(row, about_chunk, numbers)
        terms = passage_terms(passage)
        rows.chunks.append(first)
        rows.records += rest
        rows.terms.append(terms)
        tally.add_chunk(terms, about["language"], key not in vectors)


def _about_document(file: FileRecord, item: ChunkedDocument) -> dict[str, Any]:
    document = item.document
    whole = next(document_passages(file.path, document.id, document.title, document.text, [(0, 0, 0, "")]))
    return {
        "path": file.path, "root": file.root, "name": document.id, "title": document.title,
        "headings": [[heading.start, heading.level, heading.text] for heading in document.headings],
        "metadata": dict(document.metadata), "verbatim": document.verbatim, "notices": list(document.notices),
        "language": whole.language, "stem": whole.name,
    }  # fmt: skip


def _sums(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {name: one.get(name, 0) + other.get(name, 0) for name in {**one, **other}}
