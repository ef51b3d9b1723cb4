"""Keyword search: Milvus chooses candidates by sparse vectors, and their scores are computed here as tantivy does."""
