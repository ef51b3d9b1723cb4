"""What tests of the store share: texts put into it, and all that a snapshot says, to compare."""

from __future__ import annotations

import hashlib
import re
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from simsearch.storage.protocols import (
    ChunkedDocument,
    ChunkRecord,
    FileRecord,
    Identity,
    Snapshot,
    Store,
    Writer,
)
from simsearch.types import Chunk, Document
from tests.support.hashed_words import HashedWords

MODEL = HashedWords(dimension=16)
OTHER = HashedWords(seed=1, dimension=16)
QUESTIONS = ("red fox", "blue hen", "the fox", "nothing known")
ANIMALS = {
    "docs/fox.md": "the red fox runs. the fox sleeps",
    "docs/hen.md": "a blue hen lays. the hen sleeps",
    "docs/owl.md": "one owl sees. the owl flies",
}


def identity(model: HashedWords = MODEL, chunker: str = "sentences") -> Identity:
    return Identity(model.name, model.fingerprint, model.dimension, chunker)


def record(path: str, text: str = "", root: str = "docs", modified: int = 0) -> FileRecord:
    return FileRecord(path, root, hashlib.sha256(text.encode()).hexdigest(), len(text), modified)


def cut(text: str, **about: Any) -> tuple[ChunkedDocument, dict[str, str]]:
    """A document with a chunk a sentence, and the strings to embed by key."""
    document = Document(text, **about)
    chunks = tuple(Chunk(*m.span(), document.title) for m in re.finditer(r"[^.\s][^.]*", text))
    strings = [chunk.embedded(document) for chunk in chunks]
    keys = tuple(hashlib.sha256(string.encode()).hexdigest() for string in strings)
    return ChunkedDocument(document, chunks, keys), dict(zip(keys, strings, strict=True))


def put(
    writer: Writer,
    path: str,
    *texts: str,
    model: HashedWords = MODEL,
    root: str = "docs",
    embed: bool = True,
    modified: int = 0,
    **about: Any,
) -> None:
    """A file with a document a text; without `embed` its chunks are pending."""
    documents, strings = [], {}
    for text in texts:
        document, more = cut(text, **about)
        documents.append(document)
        strings.update(more)
    if embed:
        missing = sorted(writer.missing(list(strings)))
        writer.put_vectors(missing, model.encode([strings[key] for key in missing]))
    writer.put_file(record(path, "\0".join(texts), root, modified), documents)


def embed_pending(writer: Writer, model: HashedWords = MODEL, count: int = 10**9) -> None:
    """Put the vectors that chunks wait for, at most `count`."""
    keys = writer.pending()[:count]
    strings = writer.strings(keys)
    writer.put_vectors(keys, model.encode([strings[key] for key in keys]))


def fill(store: Store, files: dict[str, str] = ANIMALS, model: HashedWords = MODEL) -> None:
    """An index of these files."""
    with store.write(identity(model)) as writer:
        for path, text in files.items():
            put(writer, path, text, model=model)
        writer.finish()


@dataclass(frozen=True)
class View:
    """All that a snapshot says of its index, without the numbers that a store gives its chunks."""

    model: str
    finished: bool = field(compare=False)  # damage to derived files shows here
    files: dict[str, FileRecord]
    documents: dict[str, list[Document]]
    chunks: list[Any]
    dense: dict[str, list[Any]]
    lexical: dict[str, list[Any]]
    counts: tuple[int, int, int]


def view(store: Store, model: HashedWords = MODEL, k: int = 1000) -> View:
    with closing(store.read()) as snapshot:
        return view_of(snapshot, model, k)


def view_of(snapshot: Snapshot, model: HashedWords = MODEL, k: int = 1000) -> View:
    counts, files = snapshot.counts(), snapshot.files()
    return View(
        snapshot.identity.model,
        snapshot.finished,
        files,
        {path: snapshot.documents(path) for path in files},
        [_named(chunk) for chunk in every_chunk(snapshot)],
        {text: dense(snapshot, text, model, k) for text in QUESTIONS},
        {text: sorted(place for place, _ in lexical(snapshot, text, k)) for text in QUESTIONS},
        (counts.files, counts.documents, counts.chunks),
    )


def every_chunk(snapshot: Snapshot) -> list[ChunkRecord]:
    """All chunks by path and start, also of a store that can't list them."""
    numbers = snapshot.search(np.zeros((1, snapshot.identity.dimension), np.float32), 10**6)[0].chunks
    return sorted(snapshot.chunks(numbers.tolist()), key=lambda r: (r.path, r.chunk))


def dense(snapshot: Snapshot, text: str, model: HashedWords = MODEL, k: int = 1000) -> list[Any]:
    """Places and scores of the nearest chunks."""
    found = snapshot.search(model.encode([text], "query"), k)[0]
    return _placed(snapshot, found)


def lexical(snapshot: Snapshot, text: str, k: int = 1000) -> list[Any]:
    return _placed(snapshot, snapshot.search_words(text, k))


def files_of(folder: Path) -> dict[str, int]:
    """Every file below a folder with its size."""
    return {str(p.relative_to(folder)): p.stat().st_size for p in folder.rglob("*") if p.is_file()}


def _placed(snapshot: Snapshot, found: Any) -> list[Any]:
    records = snapshot.chunks(found.chunks.tolist())
    assert len(records) == len(found.chunks)
    places = [(r.path, r.start, r.text) for r in records]
    return list(zip(places, [round(float(score), 5) for score in found.scores], strict=True))


def _named(chunk: ChunkRecord) -> dict[str, Any]:
    return {name: value for name, value in asdict(chunk).items() if name != "chunk"}
