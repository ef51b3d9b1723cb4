"""Parquet: a row a document, columns chosen as for other tables."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from simsearch import Document, UnreadableFile
from simsearch.builtin.readers.front_matter import plain
from simsearch.builtin.readers.rows import DocumentColumns, Row


def read_parquet(
    path: Path, content: bytes, text: str = "", title: str = "", id: str = ""
) -> Iterator[Document]:
    """Rows as documents."""
    columns = DocumentColumns(id, title, text)
    for number, row in enumerate(_rows(content), 1):
        yield columns.document(number, row)


def _rows(content: bytes) -> Iterator[Row]:
    import pyarrow
    from pyarrow import parquet

    pyarrow.set_memory_pool(pyarrow.system_memory_pool())  # others ask for more than they need
    try:
        file = parquet.ParquetFile(io.BytesIO(content))
        for batch in file.iter_batches(batch_size=1000, use_threads=False):
            for row in batch.to_pylist():
                yield {str(name): plain(value) for name, value in row.items()}
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise UnreadableFile("broken Parquet file") from error
