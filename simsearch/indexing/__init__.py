"""Files to chunks to the store."""

from simsearch.indexing.flow import IndexReport, forget, index

__all__ = ["IndexReport", "forget", "index"]
