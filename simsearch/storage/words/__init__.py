"""tantivy: the best chunks by BM25, in a word index derived from the database."""
