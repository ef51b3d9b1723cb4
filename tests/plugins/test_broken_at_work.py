"""Components that give back nonsense while indexing and asking: each blamed by name, no traceback, no half index."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.support.plugin_packages import install

EMBEDDER = """
import hashlib
from simsearch import Truncation

class Words:
    limit = 64
    def count(self, texts): {count}
    def spans(self, text): return [(i, i + 1) for i in range(0, len(text), 2)]

class Embedder:
    name, dimension, fingerprint = "{name}", 8, hashlib.sha256(b"{name}").hexdigest()
    tokens, truncation = Words(), Truncation()
    def encode(self, texts, role="document"):
        import numpy as np
        good = np.zeros((len(texts), 8), np.float32)
        good[:, 0] = 1
        return {vectors}

@hookimpl
def simsearch_embedders(): return [Component("{name}", "An embedder", Embedder)]
"""
COUNT = "return [len(self.spans(text)) for text in texts]"
COMPONENT = """
def build():
    from simsearch import Chunk, Document, Heading
    return lambda one, other: {value}

@hookimpl
def simsearch_{kind}(): return [Component("{name}", "A component", build{accepts})]
"""
EMBEDDERS = {
    "vectors-nan": ("good * np.nan", "gave a vector that is not finite"),
    "vectors-long": ("good * 5", "gave a vector that is not of unit length"),
    "vectors-few": ("good[1:]", "gave vectors of shape ("),
    "vectors-narrow": ("good[:, :3]", "gave vectors of shape ("),
    "vectors-list": ("good.tolist()", "gave vectors of type list, not a numpy array of float32"),
    "vectors-double": ("good.astype(float)", "gave vectors of type float64, not a numpy array of float32"),
    "vectors-raise": ("1 / 0", "raised ZeroDivisionError"),
}
CHUNKERS = {
    "chunks-text": ("['a']", "gave a str, not a Chunk"),
    "chunks-beyond": ("[Chunk(0, 10**6)]", "gave the chunk 0 to 1000000 of a text of "),
    "chunks-none": ("None", "raised TypeError: 'NoneType' object is not iterable"),
    "chunks-raise": ("1 / 0", "raised ZeroDivisionError"),
}
READERS = {
    "documents-text": ("['a']", "'documents-text' of documents-text 1.0 gave a str, not a Document"),
    "documents-bytes": ("[Document(b'a')]", "gave a document whose text is bytes, not str"),
    "documents-titleless": (
        "[Document('a', title=None)]",
        "gave a document whose title is NoneType, not str",
    ),
    "documents-numbered": ("[Document('a', id=7)]", "gave a document whose id is int, not str"),
    "documents-unsure": (
        "[Document('a', verbatim=None)]",
        "gave a document whose verbatim is NoneType, not bool",
    ),
    "documents-headless": ("[Document('a', headings=None)]", "gave headings that are not a tuple of Heading"),
    "documents-bare": ("[Document('a', headings=('b',))]", "gave headings that are not a tuple of Heading"),
    "documents-half": (
        "[Document('a', headings=(Heading(0.5, 1, 'b'),))]",
        "gave a heading whose start is float, not int",
    ),
    "documents-wordless": (
        "[Document('a', headings=(Heading(0, 1, None),))]",
        "gave a heading whose text is NoneType, not str",
    ),
    "documents-odd": ("[Document('a', metadata={'x': object()})]", "gave metadata that is not JSON"),
    "documents-none": ("None", "the reader 'documents-none' of documents-none 1.0 failed: TypeError"),
    "documents-raise": (
        "1 / 0",
        "the reader 'documents-raise' of documents-raise 1.0 failed: ZeroDivisionError",
    ),
}
FORMATTERS = {
    "shown-list": ("[1]", "'shown-list' of shown-list 1.0 returned a list, not text"),
    "shown-raise": ("1 / 0", "'shown-raise' of shown-raise 1.0 raised ZeroDivisionError"),
}


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    folder = tmp_path / "packages"
    folder.mkdir()
    (tmp_path / "note.txt").write_text("The quick brown fox jumps over the lazy dog. " * 9)
    install(folder, "fine", EMBEDDER.format(name="fine", count=COUNT, vectors="good"))
    return folder


def component(folder: Path, name: str, kind: str, value: str, accepts: str = "") -> None:
    install(folder, name, COMPONENT.format(name=name, kind=kind, value=value, accepts=accepts))


@pytest.mark.parametrize("name", EMBEDDERS)
def test_vectors_that_are_none_are_blamed_on_the_embedder(name: str, run: Run, packages: Path) -> None:
    vectors, reason = EMBEDDERS[name]
    install(packages, name, EMBEDDER.format(name=name, count=COUNT, vectors=vectors))
    ran = run("index", "note.txt", "--model", name, PYTHONPATH=str(packages), SIMSEARCH_PLUGINS=name)
    assert (ran.status, ran.out) == (1, "")
    assert f"error: '{name}' of {name} 1.0 {reason}" in ran.err
    assert "Traceback" not in ran.err


def test_a_token_counter_that_raises_is_not_the_chunkers_fault(run: Run, packages: Path) -> None:
    install(packages, "counts", EMBEDDER.format(name="counts", count="return 1 / 0", vectors="good"))
    ran = run("index", "note.txt", "--model", "counts", PYTHONPATH=str(packages), SIMSEARCH_PLUGINS="counts")
    assert "error: 'counts' of counts 1.0 raised ZeroDivisionError" in ran.err


@pytest.mark.parametrize("name", CHUNKERS)
def test_chunks_that_are_none_are_blamed_on_the_chunker(name: str, run: Run, packages: Path) -> None:
    value, reason = CHUNKERS[name]
    component(packages, name, "chunkers", value)
    ran = run(
        "index", "note.txt", "--model", "fine", "--chunker", name,
        PYTHONPATH=str(packages), SIMSEARCH_PLUGINS=f"fine,{name}",
    )  # fmt: skip
    assert (ran.status, ran.out) == (1, "")
    assert f"error: '{name}' of {name} 1.0 {reason}" in ran.err
    assert "Traceback" not in ran.err


def test_files_that_readers_break_on_are_skipped_and_a_formatter_is_blamed(
    run: Run, packages: Path, tmp_path: Path
) -> None:
    for name, (value, _) in READERS.items():
        component(packages, name, "readers", value, accepts=f", accepts=('.{name}',)")
        (tmp_path / f"it.{name}").write_text("text")
    for name, (value, _) in FORMATTERS.items():
        component(packages, name, "formatters", value)
    files = [f"it.{name}" for name in READERS]
    ran = run(
        "index",
        "note.txt",
        *files,
        "--model",
        "fine",
        "--format",
        "json",
        "--quiet",
        PYTHONPATH=str(packages),
    )
    assert ran.status == 0, ran.err
    assert ran.json["added"] == 1
    skipped = {item["path"].rpartition(".")[2]: item["reason"] for item in ran.json["skipped"]}
    for name, (_, reason) in READERS.items():
        assert reason in skipped[name]
    for name, (_, reason) in FORMATTERS.items():
        asked = run("query", "fox", "--format", name, PYTHONPATH=str(packages))
        assert (asked.status, asked.out) == (1, "")
        assert f"error: {reason}" in asked.err
    assert run("query", "fox", "--format", "paths", PYTHONPATH=str(packages)).out.strip() == "note.txt"
