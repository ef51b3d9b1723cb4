"""What tests of stores share: a model without a model file, texts to put, and all that a snapshot says, to compare."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any

import numpy as np

from simsearch.storage.protocols import (
    ChunkedDocument,
    ChunkRecord,
    FileRecord,
    Identity,
    Matches,
    Snapshot,
    Store,
    Writer,
)
from simsearch.testing.contract import demand
from simsearch.types import Chunk, Document, Role, Vectors

DIMENSION = 16


class ExampleModel:
    """A text is the sum of its words' random directions; each seed is another model."""

    def __init__(self, seed: int = 0, dimension: int = DIMENSION) -> None:
        self.name = f"hashed-words:seed={seed},dimension={dimension}"
        self.fingerprint = hashlib.sha256(self.name.encode()).hexdigest()
        self.dimension = dimension
        self._seed = seed

    def encode(self, texts: Sequence[str], role: Role = "document") -> Vectors:
        """float32 [len(texts), dimension], unit length."""
        vectors = np.full((len(texts), self.dimension), 1e-3, np.float32)
        for row, text in enumerate(texts):
            words = [direction(w, self._seed, self.dimension) for w in re.findall(r"\w+", text.lower())]
            vectors[row] += np.sum(words, axis=0, dtype=np.float32)
        unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit


@cache
def direction(word: str, seed: int, dimension: int) -> Vectors:
    """float32 [dimension]: the same for the same word and seed."""
    hashed = hashlib.shake_128(f"{seed} {word}".encode()).digest(dimension)
    return np.frombuffer(hashed, np.int8) + np.float32(0.5)


MODEL, OTHER = ExampleModel(), ExampleModel(seed=1)
QUESTIONS = ("red fox", "blue hen", "the fox", "nothing known")
ANIMALS = {
    "docs/fox.md": "the red fox runs. the fox sleeps",
    "docs/hen.md": "a blue hen lays. the hen sleeps",
    "docs/owl.md": "one owl sees. the owl flies",
}


def identity(model: ExampleModel = MODEL, chunker: str = "sentences", name: str = "") -> Identity:
    return Identity(name or model.name, model.fingerprint, model.dimension, chunker)


def record(path: str, text: str = "", root: str = "docs", modified: int = 0) -> FileRecord:
    return FileRecord(path, root, hashlib.sha256(text.encode()).hexdigest(), len(text), modified)


def cut(given: str | Document, **about: Any) -> tuple[ChunkedDocument, dict[str, str]]:
    """A document with a chunk a sentence, and the strings to embed by key."""
    document = given if isinstance(given, Document) else Document(given, **about)
    chunks = tuple(Chunk(*m.span(), document.title) for m in re.finditer(r"[^.\s][^.]*", document.text))
    strings = [chunk.embedded(document) for chunk in chunks]
    keys = tuple(hashlib.sha256(string.encode()).hexdigest() for string in strings)
    return ChunkedDocument(document, chunks, keys), dict(zip(keys, strings, strict=True))


def put(
    writer: Writer,
    path: str,
    *given: str | Document,
    model: ExampleModel = MODEL,
    root: str = "docs",
    embed: bool = True,
    modified: int = 0,
    **about: Any,
) -> None:
    """A file with a document for each text; without `embed` its chunks are pending."""
    documents, strings = [], {}
    for one in given:
        document, more = cut(one, **about)
        documents.append(document)
        strings.update(more)
    if embed:
        missing = sorted(writer.missing(list(strings)))
        writer.put_vectors(missing, model.encode([strings[key] for key in missing]))
    text = "\0".join(item.document.text for item in documents)
    writer.put_file(record(path, text, root, modified), documents)


def embed_pending(writer: Writer, model: ExampleModel = MODEL, count: int = 10**9) -> None:
    """Put the vectors that chunks wait for, at most `count`."""
    keys = writer.pending()[:count]
    strings = writer.strings(keys)
    writer.put_vectors(keys, model.encode([strings[key] for key in keys]))


def fill(store: Store, files: dict[str, str] = ANIMALS, model: ExampleModel = MODEL) -> None:
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


def view(store: Store, model: ExampleModel = MODEL, k: int = 1000) -> View:
    with closing(store.read()) as snapshot:
        return view_of(snapshot, model, k)


def view_of(snapshot: Snapshot, model: ExampleModel = MODEL, k: int = 1000) -> View:
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


def dense(snapshot: Snapshot, text: str, model: ExampleModel = MODEL, k: int = 1000) -> list[Any]:
    """Places and scores of the nearest chunks."""
    found = snapshot.search(model.encode([text], "query"), k)[0]
    return _placed(snapshot, found)


def lexical(snapshot: Snapshot, text: str, k: int = 1000) -> list[Any]:
    return _placed(snapshot, snapshot.search_words(text, k))


def _placed(snapshot: Snapshot, found: Matches) -> list[Any]:
    records = snapshot.chunks(found.chunks.tolist())
    demand(len(records) == len(found.chunks), "a search found chunks that have no record")
    places = [(r.path, r.start, r.text) for r in records]
    return list(zip(places, [round(float(score), 5) for score in found.scores], strict=True))


def _named(chunk: ChunkRecord) -> dict[str, Any]:
    return {name: value for name, value in asdict(chunk).items() if name != "chunk"}
