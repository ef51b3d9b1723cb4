"""The tables of a database.

A generation is one complete index; at most one is active and at most one is building. What belongs to
a generation carries its number; vectors belong to a model, so that generations share them.
"""

from __future__ import annotations

FORMAT = 3
"""Changes with the tables: a database of another format is refused, and rebuilt from the files."""

TABLES = """
CREATE TABLE models (
    id INTEGER PRIMARY KEY,
    fingerprint TEXT NOT NULL UNIQUE,
    dimension INTEGER NOT NULL,
    vectors INTEGER NOT NULL DEFAULT 0,   -- how many are known
    swept INTEGER NOT NULL DEFAULT 0      -- vectors up to this id were looked at for chunks that use them
);
CREATE TABLE vectors (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    model INTEGER NOT NULL REFERENCES models (id),
    key TEXT NOT NULL,                    -- hash of the embedded string
    vector BLOB,                          -- float16, little-endian; null while it is not known
    UNIQUE (model, key)
);
CREATE TABLE loose (vector INTEGER PRIMARY KEY);  -- lost a chunk; dropped at the next finish if it was the last

CREATE TABLE generations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    state TEXT NOT NULL CHECK (state IN ('building', 'active', 'dropped')),
    model INTEGER NOT NULL REFERENCES models (id),
    name TEXT NOT NULL,                   -- what the user calls the model
    chunker TEXT NOT NULL,
    readers TEXT NOT NULL,
    files INTEGER NOT NULL DEFAULT 0,
    documents INTEGER NOT NULL DEFAULT 0,
    chunks INTEGER NOT NULL DEFAULT 0,
    pending INTEGER NOT NULL DEFAULT 0,   -- how many of the chunks have no vector yet
    finished INTEGER NOT NULL DEFAULT 0,  -- 0 from a run's first commit on until it has tidied up
    words TEXT NOT NULL DEFAULT '',       -- folder of the word index; empty before the first commit
    words_stamp INTEGER NOT NULL DEFAULT 0,  -- its own number of the last commit that is written down here
    words_last INTEGER NOT NULL DEFAULT 0,   -- the last chunk in it then
    words_dead INTEGER NOT NULL DEFAULT 0    -- chunks taken out of it since it was made
);
CREATE UNIQUE INDEX one_of_a_state ON generations (state) WHERE state IN ('building', 'active');

CREATE TABLE files (
    id INTEGER PRIMARY KEY,
    generation INTEGER NOT NULL REFERENCES generations (id),
    path TEXT NOT NULL,
    root TEXT NOT NULL,
    digest TEXT NOT NULL,
    size INTEGER NOT NULL,
    modified INTEGER NOT NULL,            -- nanoseconds since the epoch
    UNIQUE (generation, path)
);
CREATE TABLE documents (
    id INTEGER PRIMARY KEY,
    file INTEGER NOT NULL REFERENCES files (id),
    name TEXT NOT NULL,                   -- Document.id
    title TEXT NOT NULL,
    headings TEXT NOT NULL,               -- JSON: [[start, level, text], …]
    metadata TEXT NOT NULL,               -- JSON
    verbatim INTEGER NOT NULL,
    notices TEXT NOT NULL,                -- JSON: what was not read or was guessed
    text TEXT NOT NULL
);
CREATE INDEX documents_by_file ON documents (file);
CREATE INDEX documents_with_notices ON documents (file) WHERE notices <> '[]';
CREATE TABLE fields (                     -- see fields.py
    generation INTEGER NOT NULL REFERENCES generations (id),
    field TEXT NOT NULL,
    value NOT NULL,                       -- a number, or words as they are compared
    document INTEGER NOT NULL REFERENCES documents (id),
    PRIMARY KEY (generation, field, value, document)
) WITHOUT ROWID;
CREATE INDEX fields_by_document ON fields (document);
CREATE TABLE chunks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    generation INTEGER NOT NULL REFERENCES generations (id),
    document INTEGER NOT NULL REFERENCES documents (id),
    vector INTEGER NOT NULL REFERENCES vectors (id),
    batch INTEGER,                        -- the commit that its vector came with; null while the chunk is pending
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    first_line INTEGER,                   -- null where the text is not the file itself
    last_line INTEGER,
    prefix TEXT NOT NULL
);
CREATE INDEX chunks_by_document ON chunks (document);
CREATE INDEX chunks_by_vector ON chunks (vector);
CREATE INDEX chunks_by_batch ON chunks (generation, batch);

CREATE TABLE segments (                   -- see segment_records.py
    id INTEGER PRIMARY KEY,
    generation INTEGER NOT NULL REFERENCES generations (id),
    name TEXT NOT NULL UNIQUE,
    first INTEGER NOT NULL,               -- holds this generation's chunks of the batches from first to last
    last INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    dead INTEGER NOT NULL,                -- rows whose chunk is gone
    bytes INTEGER NOT NULL,
    digest TEXT NOT NULL,                 -- sha256 of the file
    kind TEXT NOT NULL CHECK (kind IN ('flat', 'ivf')),
    lists INTEGER NOT NULL,
    probes INTEGER NOT NULL,
    recall REAL NOT NULL,                 -- recall@10 against exact search, measured when it was written
    milliseconds REAL NOT NULL,           -- what a query took then
    exact_milliseconds REAL NOT NULL,     -- what an exact one took
    measured TEXT NOT NULL                -- date; empty where it was not
);
CREATE INDEX segments_by_generation ON segments (generation, first);
CREATE TABLE tombstones (                 -- chunks that are gone but still in the word index
    chunk INTEGER PRIMARY KEY,
    generation INTEGER NOT NULL REFERENCES generations (id)
);
"""
