"""The tables of an index, one schema for each workspace.

A generation is one complete index; at most one is active and at most one is building. What belongs to a generation
carries its number; vectors belong to a model, so that generations share them.
"""

from __future__ import annotations

TABLES = """
CREATE TABLE about (version integer NOT NULL);
CREATE TABLE numbers (                     -- the next number of each kind; none is ever given twice
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    generation bigint NOT NULL, file bigint NOT NULL, document bigint NOT NULL, chunk bigint NOT NULL,
    run bigint NOT NULL
);
INSERT INTO numbers (generation, file, document, chunk, run) VALUES (1, 1, 1, 1, 1);
CREATE TABLE models (
    id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    fingerprint text NOT NULL UNIQUE,
    dimension integer NOT NULL,
    breadth integer NOT NULL DEFAULT 0,    -- hnsw.ef_search of its HNSW index; 0 without one
    recall real NOT NULL DEFAULT 1,        -- recall@10 against exact search, measured when that was built
    milliseconds real NOT NULL DEFAULT 0,  -- what a query took then
    measured text NOT NULL DEFAULT ''      -- the date; empty where it was not
);
CREATE TABLE vectors (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    model integer NOT NULL REFERENCES models,
    key text COLLATE "C" NOT NULL,         -- hash of the embedded string
    vector halfvec,                        -- null while it is not known
    UNIQUE (model, key)
);
ALTER TABLE vectors ALTER COLUMN vector SET STORAGE PLAIN;
CREATE TABLE generations (
    id bigint PRIMARY KEY,
    state text NOT NULL CHECK (state IN ('building', 'active', 'dropped')),
    model integer NOT NULL REFERENCES models,
    name text NOT NULL,                    -- what the user calls the model
    chunker text NOT NULL,
    readers text NOT NULL,
    finished boolean NOT NULL DEFAULT false,
    files bigint NOT NULL DEFAULT 0,
    documents bigint NOT NULL DEFAULT 0,
    chunks bigint NOT NULL DEFAULT 0,
    pending bigint NOT NULL DEFAULT 0,
    dead bigint NOT NULL DEFAULT 0         -- chunks that are gone but still in postings
);
CREATE UNIQUE INDEX one_of_a_state ON generations (state) WHERE state IN ('building', 'active');
CREATE TABLE files (
    id bigint PRIMARY KEY,
    generation bigint NOT NULL REFERENCES generations,
    path text COLLATE "C" NOT NULL,
    folded text COLLATE "C" NOT NULL,      -- as filters compare it
    root text NOT NULL,
    digest text NOT NULL,
    size bigint NOT NULL,
    modified bigint NOT NULL               -- nanoseconds since the epoch
);
CREATE UNIQUE INDEX files_by_path ON files (generation, md5(path));
CREATE TABLE documents (
    id bigint PRIMARY KEY,
    file bigint NOT NULL REFERENCES files,
    name text NOT NULL,                    -- Document.id
    title text NOT NULL,
    headings text NOT NULL,                -- JSON: [[start, level, text], …]
    metadata text NOT NULL,                -- JSON
    verbatim boolean NOT NULL,
    notices text NOT NULL,                 -- JSON
    stand_in text NOT NULL,                -- what stands for U+0000 in name, title, text and prefixes; see texts.py
    language text NOT NULL,
    text text NOT NULL
);
CREATE INDEX documents_by_file ON documents (file);
CREATE TABLE field_names (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    name text COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX field_names_by_name ON field_names (md5(name));
CREATE TABLE field_values (
    field bigint NOT NULL REFERENCES field_names,
    document bigint NOT NULL REFERENCES documents,
    number numeric,
    word text COLLATE "C"                  -- one of both
);
CREATE INDEX field_values_by_number ON field_values (field, number) WHERE number IS NOT NULL;
CREATE INDEX field_values_by_word ON field_values (field, left(word, 200)) WHERE word IS NOT NULL;
CREATE INDEX field_values_by_document ON field_values (document);
CREATE TABLE chunks (
    id bigint PRIMARY KEY,
    generation bigint NOT NULL REFERENCES generations,
    document bigint NOT NULL REFERENCES documents,
    vector bigint NOT NULL REFERENCES vectors,
    pending boolean NOT NULL,
    first integer NOT NULL,                -- characters of the text
    past integer NOT NULL,
    first_line integer,
    last_line integer,
    prefix text NOT NULL
);
CREATE INDEX chunks_by_document ON chunks (document);
CREATE INDEX chunks_by_vector ON chunks (vector);
CREATE INDEX chunks_pending ON chunks (generation) WHERE pending;

CREATE TABLE runs (                        -- see words/runs.py
    id bigint PRIMARY KEY,
    generation bigint NOT NULL REFERENCES generations,
    first bigint NOT NULL,                 -- its lowest chunk
    chunks bigint NOT NULL
);
CREATE TABLE postings (                    -- a row for each term of each field in each run; see words/postings.py
    generation bigint NOT NULL REFERENCES generations,
    field smallint NOT NULL,
    term text COLLATE "C" NOT NULL,
    run bigint NOT NULL,
    count integer NOT NULL,
    chunks bytea NOT NULL,
    counts bytea NOT NULL,
    lengths bytea NOT NULL,
    positions bytea NOT NULL,
    PRIMARY KEY (generation, field, term, run)
);
CREATE TABLE lengths (                     -- what BM25 needs of each field, with the dead chunks in postings
    generation bigint NOT NULL REFERENCES generations,
    field smallint NOT NULL,
    terms bigint NOT NULL,
    PRIMARY KEY (generation, field)
);
CREATE TABLE languages (
    generation bigint NOT NULL REFERENCES generations,
    language text NOT NULL,
    chunks bigint NOT NULL,
    PRIMARY KEY (generation, language)
);
"""

TERMS_OF = """
ALTER TABLE generations ADD COLUMN analysis integer NOT NULL DEFAULT 0;  -- its version, which made the terms
"""

MIGRATIONS = (TABLES, TERMS_OF)
"""Each brings the tables from one version to the next; the first makes them. Those that were released never change."""
