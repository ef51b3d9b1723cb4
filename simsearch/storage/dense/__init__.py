"""FAISS: the nearest chunks by cosine, in immutable segment files derived from the database."""
