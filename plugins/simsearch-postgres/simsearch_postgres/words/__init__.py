"""Keyword search: postings kept by the server, scored as tantivy scores them."""
