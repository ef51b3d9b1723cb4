"""tantivy: the best chunks by BM25, in a words index derived from the database."""
