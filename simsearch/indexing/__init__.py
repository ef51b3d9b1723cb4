"""Files to chunks to the store."""

from simsearch.indexing.flow import forget, index
from simsearch.indexing.model import Model
from simsearch.indexing.report import IndexReport, Planned, Skipped
from simsearch.indexing.walker import Wishes

__all__ = ["IndexReport", "Model", "Planned", "Skipped", "Wishes", "forget", "index"]
