"""An index as Parquet parts: of any size, because a few megabytes and the largest file are in memory at once.

- `documents/`: a row for each document, by path, with its whole text and the file that it is from;
- `chunks/`: a row for each chunk, in the same order, with its vector (null while the chunk is pending).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from simsearch.errors import InputError
from simsearch.indexing.dump_rows import list_files, listing_of
from simsearch.storage.protocols import ChunkedDocument, Snapshot
from simsearch.types import Vectors

DOCUMENTS, CHUNKS = "documents", "chunks"
FILE_FIELDS = ("path", "root", "digest", "size", "modified")
DOCUMENT_FIELDS = ("id", "title", "verbatim", "notices", "text")
HEADING_FIELDS = ("start", "level", "text")

GROUP_ROWS = 2048
GROUP_CHARACTERS = 4_000_000
"""What is gathered before it is written, and what a reader holds at once."""

PART_BYTES = 256 << 20
"""Of the rows of a part in memory; on the disk it is smaller."""


def write_parts(folder: Path, snapshot: Snapshot) -> list[Path]:
    """Write all that an index holds; returns the parts."""
    with (
        _Parts(folder / DOCUMENTS, _document_schema()) as documents,
        _Parts(folder / CHUNKS, _chunk_schema(snapshot.identity.dimension)) as chunks,
    ):
        for record, items in list_files(snapshot):
            file = asdict(record)
            if not items:
                documents.add(file, 0)
            for item in items:
                documents.add(file | _document_row(item), len(item.document.text))
                for row in _chunk_rows(item, snapshot):
                    chunks.add({"path": record.path, "id": item.document.id} | row, len(row["text"]))
    return [*documents.paths, *chunks.paths]


def read_files(documents: Sequence[Path], chunks: Sequence[Path]) -> Iterator[dict[str, Any]]:
    """Each file with its documents, as a line of documents.jsonl has them.

    Raises:
        InputError: A part can't be read.
        ValueError: There are fewer chunks than the documents have.
    """
    bounds = _rows(chunks, ["start", "end", "prefix", "pending"])
    for _, rows in groupby(_rows(documents), itemgetter("path")):
        first, *more = rows
        found = [_read_document(row, bounds) for row in (first, *more) if row["text"] is not None]
        yield {name: first[name] for name in FILE_FIELDS} | {"documents": found}


def read_vectors(chunks: Sequence[Path]) -> Iterator[Vectors]:
    """The vectors of the chunks that have one, in order, of parts or of a vectors.parquet: blocks of float32
    [n, dimension]."""
    for batch in _batches(chunks, ["vector"]):
        column = batch.column(0).drop_null()
        flat = column.flatten().to_numpy(zero_copy_only=False)
        yield flat.astype(np.float32).reshape(len(column), column.type.list_size)


def _document_row(item: ChunkedDocument) -> dict[str, Any]:
    document = item.document
    return {
        **{name: getattr(document, name) for name in DOCUMENT_FIELDS},
        "metadata": json.dumps(dict(document.metadata), ensure_ascii=False),
        "headings": [
            {name: getattr(heading, name) for name in HEADING_FIELDS} for heading in document.headings
        ],
        "chunks": len(item.chunks),
    }


def _chunk_rows(item: ChunkedDocument, snapshot: Snapshot) -> Iterator[dict[str, Any]]:
    for place in range(0, len(item.keys), GROUP_ROWS):
        keys = item.keys[place : place + GROUP_ROWS]
        missing = listing_of(snapshot).missing(keys)
        vectors = iter(listing_of(snapshot).vectors([key for key in keys if key not in missing]))
        for key, chunk in zip(keys, item.chunks[place:], strict=False):
            yield {
                "start": chunk.start,
                "end": chunk.end,
                "prefix": chunk.prefix,
                "text": item.document.text[chunk.start : chunk.end],
                "pending": key in missing,
                "vector": None if key in missing else next(vectors),
            }


def _read_document(row: dict[str, Any], bounds: Iterator[dict[str, Any]]) -> dict[str, Any]:
    chunks = list(islice(bounds, row["chunks"]))
    if len(chunks) < row["chunks"]:
        raise ValueError("chunks are missing")
    return {
        **{name: row[name] for name in DOCUMENT_FIELDS},
        "metadata": json.loads(row["metadata"]),
        "headings": [[heading[name] for name in HEADING_FIELDS] for heading in row["headings"]],
        "chunks": [[chunk["start"], chunk["end"], chunk["prefix"]] for chunk in chunks],
        "pending": [place for place, chunk in enumerate(chunks) if chunk["pending"]],
    }


def _rows(paths: Sequence[Path], columns: list[str] | None = None) -> Iterator[dict[str, Any]]:
    for batch in _batches(paths, columns):
        yield from batch.to_pylist()


def _batches(paths: Sequence[Path], columns: list[str] | None) -> Iterator[Any]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    for path in paths:
        try:
            with pq.ParquetFile(path) as file:
                for group in range(file.num_row_groups):
                    yield from file.read_row_group(group, columns).to_batches()
        except pa.ArrowException as error:
            raise InputError(f"{path} can't be read: {error}.") from error


def _document_schema() -> Any:
    import pyarrow as pa

    heading = pa.struct([("start", pa.int64()), ("level", pa.int64()), ("text", pa.string())])
    return pa.schema(
        [
            *((name, pa.string()) for name in ("path", "root", "digest")),
            *((name, pa.int64()) for name in ("size", "modified")),
            *((name, pa.string()) for name in ("id", "title", "text", "metadata")),
            ("verbatim", pa.bool_()),
            ("notices", pa.list_(pa.string())),
            ("headings", pa.list_(heading)),
            ("chunks", pa.int64()),
        ]
    )


def _chunk_schema(dimension: int) -> Any:
    import pyarrow as pa

    return pa.schema(
        [
            *((name, pa.string()) for name in ("path", "id", "prefix", "text")),
            *((name, pa.int64()) for name in ("start", "end")),
            ("pending", pa.bool_()),
            ("vector", pa.list_(pa.float32(), dimension)),
        ]
    )


class _Parts:
    """Writes rows to `part-00000.parquet` and so on.

    Args:
        folder: Made.
        schema: Of the rows; what a row lacks is null.
    """

    def __init__(self, folder: Path, schema: Any) -> None:
        self._folder = folder
        self._schema = schema
        self._rows: list[dict[str, Any]] = []
        self._characters = self._bytes = 0
        self._writer: Any = None
        self.paths: list[Path] = []

    def add(self, row: dict[str, Any], characters: int) -> None:
        """Write a row, together with others.

        Args:
            characters: Of its text.
        """
        self._rows.append(row)
        self._characters += characters
        if len(self._rows) >= GROUP_ROWS or self._characters >= GROUP_CHARACTERS:
            self._write_group()

    def __enter__(self) -> _Parts:
        self._folder.mkdir()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None and (self._rows or not self.paths):
            self._write_group()
        self._close_part()

    def _write_group(self) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        table = pa.Table.from_pylist(self._rows, self._schema)
        if self._writer is None:
            self.paths.append(self._folder / f"part-{len(self.paths):05}.parquet")
            self._writer = pq.ParquetWriter(self.paths[-1], self._schema)
        self._writer.write_table(table)
        self._rows, self._characters = [], 0
        self._bytes += table.nbytes
        if self._bytes >= PART_BYTES:
            self._close_part()

    def _close_part(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._writer, self._bytes = None, 0
