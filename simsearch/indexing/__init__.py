"""Files to chunks to the store."""

from simsearch.indexing.dump import ExportReport, VectorFormat, dump_index
from simsearch.indexing.flow import forget, index
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
from simsearch.indexing.restore import is_export, restore_index
from simsearch.indexing.walker import FileFilter

__all__ = [
    "ExportReport",
    "FileFilter",
    "FileNotice",
    "IndexReport",
    "Kind",
    "Model",
    "Planned",
    "Skipped",
    "VectorFormat",
    "count_files",
    "dump_index",
    "forget",
    "index",
    "is_export",
    "list_notices",
    "restore_index",
]
