"""The fields of documents in the database: a row for each value, sorted by field and value."""

from __future__ import annotations

import json
import sqlite3

from simsearch.storage.field_values import document_values

INSERT_FIELDS = """
    INSERT OR IGNORE INTO fields (generation, field, value, document)
    SELECT f.generation, json_extract(v.value, '$[0]'), json_extract(v.value, '$[1]'), d.id
    FROM files f JOIN documents d ON d.file = f.id
    JOIN json_each(field_values(d.metadata, d.title, d.name, f.path, f.root)) v
"""


def define_field_values(connection: sqlite3.Connection) -> None:
    """Let a connection call what insert_fields needs."""
    connection.create_function("field_values", 5, _field_values, deterministic=True)


def insert_fields(connection: sqlite3.Connection, file: int) -> None:
    """Insert the fields of a file's documents."""
    connection.execute(f"{INSERT_FIELDS} WHERE f.id = ?", (file,))


def delete_fields(connection: sqlite3.Connection, file: int) -> None:
    """Delete the fields of a file's documents, which are still there."""
    connection.execute(
        "DELETE FROM fields WHERE document IN (SELECT id FROM documents WHERE file = ?)", (file,)
    )


def _field_values(metadata: str, title: str, name: str, path: str, root: str) -> str:
    """All values of a document as JSON, [[field, value], …]."""
    return json.dumps(document_values(json.loads(metadata), title, name, path, root))
