"""SQLite, the truth: files, documents, chunks, vectors, and which index is active."""
