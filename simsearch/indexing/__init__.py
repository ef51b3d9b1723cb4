"""Files to chunks to the store."""

from simsearch.indexing.dump_format import is_export
from simsearch.indexing.embedding_rate import read_rate
from simsearch.indexing.flow import forget, index
from simsearch.indexing.missing import IndexedRoot, Missing, find_missing, list_roots, record_run
from simsearch.indexing.model import Model
from simsearch.indexing.report import (
    FileNotice,
    IndexReport,
    Kind,
    Planned,
    Skipped,
    count_files,
    list_notices,
)
from simsearch.indexing.skipped import read_skipped, record_skipped
from simsearch.indexing.walker import FileFilter

__all__ = [
    "FileFilter",
    "FileNotice",
    "IndexReport",
    "IndexedRoot",
    "Kind",
    "Missing",
    "Model",
    "Planned",
    "Skipped",
    "count_files",
    "find_missing",
    "forget",
    "index",
    "is_export",
    "list_notices",
    "list_roots",
    "read_rate",
    "read_skipped",
    "record_run",
    "record_skipped",
]
