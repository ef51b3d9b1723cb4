"""Files to chunks to the store."""

from simsearch.indexing.export import ExportReport, VectorFormat, export
from simsearch.indexing.flow import forget, index
from simsearch.indexing.model import Model
from simsearch.indexing.report import IndexReport, Planned, Skipped
from simsearch.indexing.take_back import is_export, take_back
from simsearch.indexing.walker import Wishes

__all__ = [
    "ExportReport",
    "IndexReport",
    "Model",
    "Planned",
    "Skipped",
    "VectorFormat",
    "Wishes",
    "export",
    "forget",
    "index",
    "is_export",
    "take_back",
]
