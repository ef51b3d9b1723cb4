"""Files to chunks to the store."""

from simsearch.indexing.dump import ExportReport, VectorFormat, dump_index
from simsearch.indexing.flow import forget, index
from simsearch.indexing.model import Model
from simsearch.indexing.report import IndexReport, Planned, Skipped
from simsearch.indexing.restore import is_export, restore_index
from simsearch.indexing.walker import FileFilter

__all__ = [
    "ExportReport",
    "FileFilter",
    "IndexReport",
    "Model",
    "Planned",
    "Skipped",
    "VectorFormat",
    "dump_index",
    "forget",
    "index",
    "is_export",
    "restore_index",
]
