"""An index as plain files that other systems import, and that `simsearch index` takes back.

- `index.json`: what the index was made with, how much there is, and the sha256 of the files below;
- `vectors.npy` or `vectors.parquet`: float32 [chunks with a vector, dimension], unit length;
- `chunks.jsonl`: what each row of the vectors is, in the same order; `row` is null for a chunk without a vector yet;
- `documents.jsonl`: the files with the whole texts of their documents, in the same order.
"""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import count, islice
from pathlib import Path
from typing import Any, Literal

from simsearch import __version__
from simsearch.errors import InputError
from simsearch.files import hash_file
from simsearch.indexing.dump_format import ABOUT, FORMAT, PARTS_FORMAT
from simsearch.indexing.dump_rows import list_files, listing_of
from simsearch.indexing.parts import write_parts
from simsearch.storage.protocols import ChunkedDocument, Snapshot
from simsearch.types import Vectors

CHUNKS, DOCUMENTS = "chunks.jsonl", "documents.jsonl"
ROWS_AT_ONCE = 4096

VectorFormat = Literal["npy", "parquet"]
Layout = Literal["files", "parts"]


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written, and where."""

    folder: str
    files: int
    documents: int
    chunks: int
    dimension: int
    model: str


def dump_index(
    snapshot: Snapshot, folder: Path, vectors: VectorFormat = "npy", layout: Layout = "files"
) -> ExportReport:
    """Write an index to a new folder.

    Args:
        folder: Made; appears once it is whole.
        vectors: What to write them as, in the layout `files`.
        layout: One file of each kind, or Parquet parts; see simsearch.indexing.parts.

    Raises:
        InputError: The folder is there already.
    """
    if folder.exists():
        raise InputError(f"{folder} already exists; name a new folder, or remove it first.")
    counts, identity = snapshot.counts(), snapshot.identity
    with _create_folder(folder) as making:
        files = (
            write_parts(making, snapshot) if layout == "parts" else _write_files(making, snapshot, vectors)
        )
        about = {
            "format": PARTS_FORMAT if layout == "parts" else FORMAT,
            "version": __version__,
            **asdict(identity),
            **asdict(counts),
            "sha256": {path.relative_to(making).as_posix(): hash_file(path) for path in files},
        }
        about.pop("bytes")
        (making / ABOUT).write_text(json.dumps(about, indent=1), encoding="utf-8")
    return ExportReport(
        str(folder), counts.files, counts.documents, counts.chunks, identity.dimension, identity.model
    )


def _write_files(folder: Path, snapshot: Snapshot, vectors: VectorFormat) -> list[Path]:
    """One file of each kind; returns those that are needed to restore the index."""
    vector_file, documents = folder / f"vectors.{vectors}", folder / DOCUMENTS
    write = _write_npy if vectors == "npy" else _write_parquet
    write(vector_file, _vectors(snapshot), snapshot.coverage().with_vectors, snapshot.identity.dimension)
    _write_lines(folder / CHUNKS, _chunk_rows(snapshot))
    _write_lines(documents, _file_rows(snapshot))
    return [vector_file, documents]


@contextmanager
def _create_folder(folder: Path) -> Iterator[Path]:
    """A temporary folder to write into, which gets the name when all is written."""
    making = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    try:
        making.mkdir(parents=True)
        yield making
        making.rename(folder)
    except OSError as error:
        raise InputError(f"{folder} can't be written: {error}.") from error
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _vectors(snapshot: Snapshot) -> Iterator[Vectors]:
    listing = listing_of(snapshot)
    keys = (key for _, documents in list_files(snapshot) for document in documents for key in document.keys)
    while block := list(islice(keys, ROWS_AT_ONCE)):
        missing = listing.missing(block)
        yield listing.vectors([key for key in block if key not in missing])


def _chunk_rows(snapshot: Snapshot) -> Iterator[dict[str, Any]]:
    rows = count()
    for record in listing_of(snapshot).every_chunk():
        about = asdict(record)
        del about["chunk"], about["pending"]
        yield {"row": None if record.pending else next(rows), **about}


def _file_rows(snapshot: Snapshot) -> Iterator[dict[str, Any]]:
    for record, documents in list_files(snapshot):
        yield {**asdict(record), "documents": [_document_row(document, snapshot) for document in documents]}


def _document_row(item: ChunkedDocument, snapshot: Snapshot) -> dict[str, Any]:
    document, missing = item.document, listing_of(snapshot).missing(item.keys)
    pending = [place for place, key in enumerate(item.keys) if key in missing]
    return {
        **({"pending": pending} if pending else {}),
        "id": document.id,
        "title": document.title,
        "metadata": dict(document.metadata),
        "verbatim": document.verbatim,
        "notices": list(document.notices),
        "headings": [[heading.start, heading.level, heading.text] for heading in document.headings],
        "chunks": [[chunk.start, chunk.end, chunk.prefix] for chunk in item.chunks],
        "text": document.text,
    }


def _write_lines(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _write_npy(path: Path, blocks: Iterator[Vectors], rows: int, dimension: int) -> None:
    import numpy as np

    with path.open("wb") as file:
        header = {"descr": "<f4", "fortran_order": False, "shape": (rows, dimension)}
        np.lib.format.write_array_header_1_0(file, header)
        for block in blocks:
            file.write(np.asarray(block, "<f4").tobytes())


def _write_parquet(path: Path, blocks: Iterator[Vectors], rows: int, dimension: int) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([("vector", pa.list_(pa.float32(), dimension))])
    with pq.ParquetWriter(path, schema) as writer:
        for block in blocks:
            column = pa.FixedSizeListArray.from_arrays(pa.array(block.reshape(-1)), dimension)
            writer.write_table(pa.table({"vector": column}, schema))
