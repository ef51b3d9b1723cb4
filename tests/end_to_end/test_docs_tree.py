"""Reading and cutting two real documentation trees whole: every offset is checked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from simsearch import Document
from simsearch.embedding import load_embedder
from simsearch.indexing import FileFilter
from simsearch.indexing.changes import Candidate, scan
from simsearch.indexing.reading import Readers
from simsearch.indexing.roots import find_roots
from simsearch.plugins.registry import Registry
from simsearch.settings import DEFAULT_MODEL
from simsearch.types import Chunk

REGISTRY = Registry.load(only=())
VERBATIM = (".rst", ".md", ".txt", ".py")


def documents(folder: Path) -> Iterator[tuple[Candidate, Document]]:
    """Every file's document; none may be skipped."""
    found = scan(find_roots([folder], folder.parent, ()), folder.parent, FileFilter())
    assert [item for item in found.skipped if not item.path.endswith("SOURCE.txt")] == []
    readers = Readers(REGISTRY)
    for candidate in found.files:
        for document in readers.read(candidate)[1]:
            yield candidate, document


def left_out(document: Document) -> int:
    """How many characters of the document its notices say are in no chunk."""
    found = re.search(r"left out (\d+) characters", " ".join(document.notices))
    return int(found[1]) if found else 0


def check(document: Document, chunks: list[Chunk]) -> None:
    kept = np.zeros(len(document.text), dtype=bool)
    for chunk in chunks:
        text = document.text[chunk.start : chunk.end]
        assert text == text.strip()
        assert text
        kept[chunk.start : chunk.end] = True
    starts = [chunk.start for chunk in chunks]
    assert starts == sorted(set(starts))
    left = np.flatnonzero(~kept)
    missing = "".join("".join(document.text[place] for place in left).split())
    assert len(missing) <= left_out(document)


@pytest.mark.parametrize("tree", ["peps", "postgresql"])
def test_every_chunk_of_the_tree_is_its_place_in_the_text_and_can_be_read(
    shared_data: Path, tree: str
) -> None:
    tokens = load_embedder(DEFAULT_MODEL).tokens
    chunker = REGISTRY.chunker("structure").value
    count = 0
    for number, (candidate, document) in enumerate(documents(shared_data / "docs_tree" / tree)):
        if candidate.file.suffix in VERBATIM:
            assert document.verbatim
            assert document.text == candidate.file.read_bytes().decode()
        chunks = list(chunker(document, tokens))
        check(document, chunks)
        count += len(chunks)
        if number % 5 == 0:  # counting takes as long as all the rest
            embedded = [chunk.embedded(document) for chunk in chunks]
            assert max(tokens.count(embedded), default=0) <= tokens.limit == 254
    assert count > {"peps": 20_000, "postgresql": 8_000}[tree]
