"""Tables: as rows of a file, and as text of a document."""

from simsearch.tables.text import Table, find_tables, table_text

__all__ = ["Table", "find_tables", "table_text"]
