"""What is quoted is found as written, wherever a document holds it."""

from __future__ import annotations

import unicodedata
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simsearch.storage import open_store
from simsearch.storage.conditions import Not, Or, Quotes
from simsearch.storage.protocols import ChunkedDocument, FileRecord
from simsearch.storage.store import LocalStore
from simsearch.storage.words.normalisation import as_written, as_written_with_offsets
from simsearch.storage.words.quotes import quote_pattern
from simsearch.testing.stores.examples import MODEL, identity
from simsearch.types import Chunk, Document

LETTERS = "abzäßéiİгдёκςのー在庫관리ไทยكتب12"


def is_quoted(quote: str, text: str) -> bool:
    return bool(quote_pattern(quote).search(as_written(text)))


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("expenses", "Travel EXPENSES are paid."),
        ("stat_activity", "See pg_stat_activity."),
        ("C++", "C++17 is new."),
        (".net", "ASP.NET and more"),
        ("10.0.0.1", "at 10.0.0.1:80"),
        ("town hall", "the\n  town\thall"),
        ("the cache option", "Set **the `cache` option**."),
        ("cache.", "Clear the **cache**."),
        ("don't stop", "Don’t stop"),
        ("1990-1995", "1990–1995"),
        ("Böschung", "die Bo\u0308schung"),
        ("Gesamtkonzept", "Gesamt\xadkonzept"),
        ("error: disk", "\x1b[31mERROR\x1b[0m: disk"),
        ("كتب", "كَتَبَ الولد"),
        ("サーバー", "新ｻｰﾊﾞｰの"),
        ("nginx", "のnginxを"),
        ("ısparta", "ISPARTA"),
        ("->", "a -> b"),
        ("a * b", "a * b"),
    ],
)
def test_what_is_found(quote: str, text: str) -> None:
    assert is_quoted(quote, text)


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("expenses", "an expensive expense"),
        ("organ", "organic reorganisation"),
        ("C", "C++ and C#"),
        ("C++", "C and C#"),
        ("10.0.0.1", "10 0 0 1"),
        ("10.0.0.1", "10.0.0.12"),
        ("cafe", "café"),
        ("to this day children", "to this day. Children"),
        ("effect", "useEffect"),
        ("town hall", "town-hall"),
        ("กา", "ก่า"),
    ],
)
def test_what_is_not_found(quote: str, text: str) -> None:
    assert not is_quoted(quote, text)


@given(st.text())
def test_offsets_lie_inside_the_text(text: str) -> None:
    plain, offsets = as_written_with_offsets(text)
    assert len(offsets) == len(plain) + 1
    assert offsets == sorted(offsets)
    assert offsets[-1] == len(text)


def fill(store: LocalStore, texts: dict[str, str], cut: int) -> None:
    """Documents cut every `cut` characters, whatever is there."""
    with store.write(identity()) as writer:
        for name, text in texts.items():
            chunks = tuple(Chunk(at, min(at + cut, len(text))) for at in range(0, len(text), cut))
            keys = tuple(f"{name} {chunk.start}" for chunk in chunks)
            writer.put_vectors(keys, MODEL.encode(list(keys)))
            document = ChunkedDocument(Document(text), chunks, keys)
            writer.put_file(FileRecord(f"docs/{name}", "docs", name, 1, 1), [document])
        writer.finish()


def found(store: LocalStore, *phrases: str) -> list[tuple[str, int]]:
    """The path and start of each chunk that has the quotes."""
    with closing(store.read()) as snapshot:
        query = MODEL.encode(["x"], "query")
        (best,) = snapshot.search(query, 1000, Quotes(phrases))
        return sorted((place.path, place.start) for place in snapshot.places(best.chunks.tolist()).values())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.lists(st.text(LETTERS, min_size=1, max_size=6), min_size=1, max_size=5),
    cut=st.integers(8, 40),
    form=st.sampled_from(["NFC", "NFD", "NFKC"]),
)
def test_a_quote_is_found_across_chunks(
    tmp_path_factory: pytest.TempPathFactory, words: list[str], cut: int, form: str
) -> None:
    quote = " ".join(words)
    text = unicodedata.normalize(form, f"xx xx xx xx xx {quote} xx xx xx xx")
    store = open_store(tmp_path_factory.mktemp("quotes"))
    fill(store, {"one.txt": text, "other.txt": "xx xx xx"}, cut)
    paths = {path for path, _ in found(store, quote)}
    assert paths == {"docs/one.txt"}


def test_the_chunks_on_both_sides_of_a_border_are_found(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    fill(store, {"a.txt": "aaaa bbbb cccc dddd eeee ffff "}, 10)
    assert found(store, "bbbb cccc") == [("docs/a.txt", 0), ("docs/a.txt", 10)]
    assert found(store, "cccc dddd") == [("docs/a.txt", 10)]
    assert found(store, "bbbb dddd") == []


def test_all_quotes_are_in_the_document_and_one_is_in_the_chunk(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    fill(store, {"a.txt": "aaaa bbbb cccc dddd eeee ffff ", "b.txt": "aaaa bbbb"}, 10)
    assert found(store, "aaaa", "eeee") == [("docs/a.txt", 0), ("docs/a.txt", 20)]
    assert found(store, "aaaa", "gggg") == []
    with closing(store.read()) as snapshot:
        assert snapshot.count(Or((Quotes(("ffff",)), Quotes(("aaaa",))))) == 3
        assert snapshot.count(Not(Quotes(("aaaa",)))) == 2


def test_a_quote_is_found_in_the_name_of_a_file(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    fill(store, {"meeting_notes_kraftwerk.txt": "aaaa", "b.txt": "bbbb"}, 10)
    assert found(store, "notes_kraftwerk") == [("docs/meeting_notes_kraftwerk.txt", 0)]
