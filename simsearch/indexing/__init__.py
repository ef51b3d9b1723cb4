"""Files to chunks to the store."""

from simsearch.indexing.dump import ExportReport, VectorFormat, dump_index
from simsearch.indexing.flow import forget, index
from simsearch.indexing.model import Model
from simsearch.indexing.report import IndexReport, Planned, Skipped
from simsearch.indexing.restore import is_export, restore_index
from simsearch.indexing.walker import Wishes

__all__ = [
    "ExportReport",
    "IndexReport",
    "Model",
    "Planned",
    "Skipped",
    "VectorFormat",
    "Wishes",
    "dump_index",
    "forget",
    "index",
    "is_export",
    "restore_index",
]
