"""Taking an exported index back: its documents, chunks and vectors, with nothing embedded again."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from simsearch.errors import InputError
from simsearch.files import hash_file
from simsearch.indexing.cutting import key_of
from simsearch.indexing.dump import DOCUMENTS, ROWS_AT_ONCE
from simsearch.indexing.dump_format import FORMAT, PARTS_FORMAT, read_about
from simsearch.indexing.model import Model
from simsearch.indexing.parts import read_files, read_vectors
from simsearch.indexing.report import IndexReport
from simsearch.storage.protocols import LENGTH_TOLERANCE, ChunkedDocument, FileRecord, Identity, Store, Writer
from simsearch.types import Chunk, Document, Heading, Vectors

CHUNKS_A_COMMIT = 2000


@dataclass(frozen=True, slots=True)
class Exported:
    """An exported index in a folder, found to be whole.

    Args:
        holds: How many files, documents and chunks.
        documents: The files with documents: documents.jsonl, or Parquet parts.
        vectors: The files with vectors: vectors.npy or vectors.parquet, or Parquet parts.
    """

    folder: Path
    identity: Identity
    holds: tuple[int, int, int]
    documents: tuple[Path, ...]
    vectors: tuple[Path, ...]

    @property
    def is_parts(self) -> bool:
        return self.documents[0].name != DOCUMENTS

    def place(self, number: int) -> str:
        """Where the file of this number is, counted from 1."""
        first = self.documents[0]
        return f"{first.parent}, file {number}" if self.is_parts else f"{first}, line {number}"


def restore_index(folder: Path, *, store: Store, model: Model, dry_run: bool = False) -> IndexReport:
    """Put what an exported index holds into the index.

    Args:
        folder: See simsearch.indexing.dump.
        model: The one that a new index is to be made with.
        dry_run: Only say what would be done.

    Raises:
        InputError: The folder is damaged, or its vectors don't fit this index; says why.
    """
    began = time.perf_counter()
    exported = _open(folder)
    known, identity = _state(store)
    _demand_fitting(exported, identity, model)
    # Read to the end before anything is written: a row that is wrong leaves the index as it was.
    files = _list_records(exported)
    same = {file.path for file in files if (there := known.get(file.path)) and there.digest == file.digest}
    chunks, coverage = 0, None
    if not dry_run and len(same) < len(files):
        with store.write(
            replace(exported.identity, model=identity.model if identity else model.name)
        ) as writer:
            chunks = _put(writer, exported, same)
            writer.finish()
            coverage = writer.coverage()
    added = sum(file.path not in known for file in files)
    return IndexReport(
        added=added,
        changed=len(files) - added - len(same),
        removed=0,
        unchanged=len(same),
        skipped=(),
        chunks=chunks,
        embedded=0,
        truncated=0,
        seconds=round(time.perf_counter() - began, 2),
        coverage=coverage,
    )


def _list_records(exported: Exported) -> list[FileRecord]:
    """The records of all files.

    Raises:
        InputError: The export doesn't hold as much as it says.
    """
    records, documents, chunks = [], 0, 0
    for file in _rows(exported):
        records.append(file.record)
        documents += len(file.documents)
        chunks += sum(len(item.keys) for item in file.documents)
    if (len(records), documents, chunks) != exported.holds:
        raise InputError(
            f"{exported.folder} holds {len(records)} files, {documents} documents and {chunks} chunks, but its "
            "index.json says {} files, {} documents and {} chunks; export it again.".format(*exported.holds)
        )
    return records


def _open(folder: Path) -> Exported:
    about = read_about(folder)
    if about.get("format") not in (FORMAT, PARTS_FORMAT):
        raise InputError(
            f"{folder} has the format '{about.get('format')}', but this simsearch reads '{FORMAT}' and "
            f"'{PARTS_FORMAT}'; export it again."
        )
    try:
        identity = Identity(
            str(about["model"]),
            str(about["fingerprint"]),
            int(about["dimension"]),
            str(about["chunker"]),
            str(about["readers"]),
        )
        holds = int(about["files"]), int(about["documents"]), int(about["chunks"])
        digests = {folder / name: str(digest) for name, digest in dict(about["sha256"]).items()}
        documents = tuple(sorted(path for path in digests if _kind(path, folder) == "documents"))
        vectors = tuple(sorted(set(digests) - set(documents)))
        if not documents or not vectors or (about["format"] == FORMAT and len(digests) != 2):
            raise ValueError("its index.json doesn't name the files that belong to one")
        damaged = [path for path, digest in digests.items() if hash_file(path) != digest]
    except (KeyError, TypeError, ValueError, OSError) as error:
        raise InputError(f"{folder} is not a complete export: {error}; export it again.") from error
    if damaged:
        raise InputError(f"{damaged[0]} was changed since it was exported; export it again.")
    return Exported(folder, identity, holds, documents, vectors)


def _kind(path: Path, folder: Path) -> str:
    """`documents`, `chunks` or `vectors`: how a file's name begins, or that of its folder."""
    return path.relative_to(folder).parts[0].partition(".")[0]


def _state(store: Store) -> tuple[dict[str, FileRecord], Identity | None]:
    if not store.exists():
        return {}, None
    with closing(store.read()) as reader:
        return reader.files(), reader.identity


def _demand_fitting(exported: Exported, mine: Identity | None, model: Model) -> None:
    theirs = exported.identity
    name, wanted = (mine.model, mine.fingerprint) if mine else (model.name, model.fingerprint)
    if theirs.fingerprint != wanted:
        raise InputError(
            f"{exported.folder} was made with {theirs.model} {theirs.fingerprint[:12]}, but this index with {name} "
            f"{wanted[:12]}: their vectors can't be compared. Name that model with --model in an empty workspace, or "
            "index the documents themselves."
        )
    if mine and mine.cut_by != theirs.cut_by:
        raise InputError(
            f"{exported.folder} was cut by '{theirs.cut_by}', and this index by '{mine.cut_by}': import it into an "
            "empty workspace, or index the documents themselves."
        )


@dataclass(frozen=True, slots=True)
class _ExportedFile:
    """A file with its documents, and the keys that have a row of the vectors, in their order."""

    record: FileRecord
    documents: list[ChunkedDocument]
    keys: list[str]


def _rows(exported: Exported) -> Iterator[_ExportedFile]:
    """Each file.

    Raises:
        InputError: A row is not as simsearch writes it.
    """
    number = 1
    try:
        for row in _values(exported):
            yield _file(row)
            number += 1
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            f"{exported.place(number)} is not as simsearch writes it: {error}; export it again."
        ) from error


def _values(exported: Exported) -> Iterator[dict[str, Any]]:
    if exported.is_parts:
        yield from read_files(exported.documents, exported.vectors)
        return
    with exported.documents[0].open("rb") as lines:
        yield from map(json.loads, lines)


def _file(row: dict[str, Any]) -> _ExportedFile:
    documents = [_document(document) for document in row["documents"]]
    keys = [
        key
        for item, document in zip(documents, row["documents"], strict=True)
        for place, key in enumerate(item.keys)
        if place not in document.get("pending", ())
    ]
    return _ExportedFile(_record(row), documents, keys)


def _record(row: dict[str, Any]) -> FileRecord:
    return FileRecord(row["path"], row["root"], row["digest"], row["size"], row["modified"])


def _put(writer: Writer, exported: Exported, same: set[str]) -> int:
    """Files in the order of the vectors' rows; returns how many chunks were put."""
    vectors, put, waiting = _Rows(exported), 0, 0
    for file in _rows(exported):
        block = vectors.take(len(file.keys))
        if file.record.path in same:
            continue
        writer.put_vectors(file.keys, block)
        writer.put_file(file.record, file.documents)
        chunks = sum(len(document.keys) for document in file.documents)
        put, waiting = put + chunks, waiting + chunks
        if waiting >= CHUNKS_A_COMMIT:
            writer.commit()
            waiting = 0
    return put


def _document(row: dict[str, Any]) -> ChunkedDocument:
    document = Document(
        row["text"],
        row["id"],
        row["title"],
        tuple(Heading(*heading) for heading in row["headings"]),
        row["metadata"],
        row["verbatim"],
        notices=tuple(row.get("notices", ())),
    )
    chunks = tuple(Chunk(*chunk) for chunk in row["chunks"])
    return ChunkedDocument(document, chunks, tuple(key_of(chunk.embedded(document)) for chunk in chunks))


class _Rows:
    """The vectors of an export, a few rows at a time from the first to the last."""

    def __init__(self, exported: Exported) -> None:
        self._exported = exported
        self._blocks = _blocks(exported)
        self._left: Vectors = np.empty((0, exported.identity.dimension), np.float32)

    def take(self, count: int) -> Vectors:
        """The next rows: float32 [count, d] of unit length."""
        parts, missing = [self._left], count - len(self._left)
        while missing > 0:
            block = next(self._blocks, None)
            if block is None:
                raise InputError(f"{self._exported.folder} has too few vectors; export it again.")
            parts.append(block)
            missing -= len(block)
        rows = np.concatenate(parts)
        taken, self._left = rows[:count], rows[count:]
        if not (np.abs(np.linalg.norm(taken, axis=1) - 1) <= LENGTH_TOLERANCE).all():
            raise InputError(
                f"{self._exported.folder} has vectors that are not of unit length; export it again."
            )
        return taken


def _blocks(exported: Exported) -> Iterator[Vectors]:
    first = exported.vectors[0]
    return _npy(first) if first.suffix == ".npy" else read_vectors(exported.vectors)


def _npy(path: Path) -> Iterator[Vectors]:
    try:
        rows = np.load(path, mmap_mode="r", allow_pickle=False)
    except ValueError as error:
        raise InputError(f"{path} can't be read: {error}.") from error
    for start in range(0, len(rows), ROWS_AT_ONCE):
        yield np.asarray(rows[start : start + ROWS_AT_ONCE], np.float32)
