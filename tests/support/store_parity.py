"""What a store on a server must have in common with the local one, for a test class of each such plugin."""

from __future__ import annotations

import string
from collections.abc import Iterator
from contextlib import ExitStack, closing
from itertools import islice
from pydoc_data.topics import topics
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from simsearch.plugins.registry import Registry
from simsearch.querying.where_filter import parse_filter
from simsearch.storage import open_store
from simsearch.storage.comparisons import path_test
from simsearch.storage.conditions import And, Condition, FieldComparison, Not, Or, Quotes
from simsearch.storage.opening import StoreContext
from simsearch.storage.protocols import Matches, Snapshot, Store
from simsearch.testing.stores.examples import MODEL, identity, put
from simsearch.types import Document

QUESTIONS = (
    "how do I define a function", "assignment", "the", "to be or not to be", "a value of the expression",
    "class definitions", "assert.3.md", "assert/a*", "list of targets", "import*", "C++", "zzzz", "", "fox",
    "what happens when the target of an assignment is an attribute reference of an object",
)  # fmt: skip
FILTERS = (
    "path:assert", "not path:assert", "path:a*/*.1*.md", "size>300", "topic:assert or topic:3", "topic:3.0",
    "date:2004", "date>=2010-01-01", "title:a*", "title>=b", "path<b", "id:assert/assert.3.md", "topic:*s*t", "size:17",
)  # fmt: skip
QUOTES = ("the value", '"",')
DOCUMENTS = 60

HOSTILE = (
    "'; DROP TABLE chunks; --", '"; DROP SCHEMA public CASCADE; --', "%s %(x)s %%", "$1 $$ $a$", "\\", "' OR 1=1 --",
    '" or number > 0 or "', "' or 1 == 1 or '", "number >= 0", "]", "{x}", "{0}", "$meta", "a\x00b", "*", "?", "%_",
    "_", "[a-z]+", "(?:", "***:x", "\x1fdate", "é\u0301", "\U0001f98a", "x" * 1200, "", "-0", "not", "\u2028\n",
)  # fmt: skip
PLAIN = ("red fox", "2024-05-01", "7", "1e400", "0.1", str(2**62 + 1), "fox", "Fox", "2024", "-3", "1e-7")
PATHS = tuple(f"docs/{number}/{name[:40].replace(chr(0), '')}.md" for number, name in enumerate(HOSTILE))

TEXTS = st.sampled_from(HOSTILE + PLAIN) | st.text(string.printable + "é日\x00", max_size=12)
NAMES = st.sampled_from(("title", "id", "path", "tag", *HOSTILE))
LIMITED = settings(max_examples=40, suppress_health_check=[HealthCheck.differing_executors])

Pair = tuple[Snapshot, Snapshot]


def plain_documents() -> Iterator[tuple[str, Document]]:
    """Paths and documents: paragraphs of Python's help, with metadata to filter by."""
    found = 0
    for topic in sorted(topics):
        for number, text in enumerate(topics[topic].split("\n\n")):
            if 150 < len(text) < 600:
                about = {"size": len(text), "topic": [topic, number], "date": f"20{found % 25:02}-05-01"}
                yield f"{topic}/{topic}.{number}.md", Document(text, "", topic.title(), metadata=about)
                found += 1


def hostile_documents() -> Iterator[tuple[str, Document]]:
    """Paths and documents whose names, texts and fields look like a part of a query."""
    for number, (path, text) in enumerate(zip(PATHS, HOSTILE, strict=True)):
        about: dict[str, Any] = {text: text, "tag": [text, number, PLAIN[number % len(PLAIN)]]}
        yield path, Document(f"{text} fox. {text}", "", text, metadata=about)


def fill(store: Store, count: int = DOCUMENTS) -> None:
    """Put the first plain documents and all hostile ones."""
    with store.write(identity()) as writer:
        for path, document in (*islice(plain_documents(), count), *hostile_documents()):
            put(writer, path, document)
        writer.finish()


def conditions() -> st.SearchStrategy[Condition]:
    comparison = st.builds(FieldComparison, NAMES, st.sampled_from((":", "<", "<=", ">", ">=")), TEXTS)
    quotes = st.builds(lambda text: Quotes((text,)), TEXTS.filter(str.strip))
    return st.recursive(
        comparison | quotes,
        lambda inner: (
            st.builds(Not, inner)
            | st.builds(And, st.tuples(inner, inner))
            | st.builds(Or, st.tuples(inner, inner))
        ),
        max_leaves=4,
    )


class StoreParity:
    """The same index in a store and in files: the same hits in the same order, with the same scores. Names, texts,
    filters and field names mean the same, and never become a part of a query.

    A subclass sets `spec`, and the fixture `server` starts what the store needs.
    """

    spec: ClassVar[str]

    @pytest.fixture(scope="class")
    def both(self, server: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
        """Snapshots of the local store and of the other one."""
        context = StoreContext(tmp_path_factory.mktemp("parity"))
        with ExitStack() as stack:
            stores = open_store(context.folder), Registry.load().store(self.spec).value(context)
            for store in stores:
                fill(store)
            one, other = (stack.enter_context(closing(store.read())) for store in stores)
            yield one, other

    def test_both_hold_the_same(self, both: Pair) -> None:
        assert both[0].files() == both[1].files()
        one, other = (snapshot.counts() for snapshot in both)
        assert (one.files, one.documents, one.chunks, one.vectors) == (
            other.files, other.documents, other.chunks, other.vectors,
        )  # fmt: skip
        assert both[0].fields() == both[1].fields()
        for path in PATHS:
            assert both[0].documents(path) == both[1].documents(path) != []

    def test_all_chunks_are_the_same(self, both: Pair) -> None:
        one, other = (list(snapshot.every_chunk()) for snapshot in both)  # type: ignore[attr-defined]
        assert [(c.path, c.start, c.text, c.id) for c in one] == [
            (c.path, c.start, c.text, c.id) for c in other
        ]
        keys = [
            key for path in list(both[0].files())[:20] for item in both[0].chunked(path) for key in item.keys
        ]  # type: ignore[attr-defined]
        assert np.array_equal(*(snapshot.vectors(keys) for snapshot in both))  # type: ignore[attr-defined]

    def test_the_nearest_are_identical(self, both: Pair) -> None:
        queries = MODEL.encode(QUESTIONS, "query")
        one, other = (
            [placed(snapshot, found) for found in snapshot.search(queries, 10)] for snapshot in both
        )
        assert one == other

    def test_words_rank_the_same(self, both: Pair) -> None:
        for question in QUESTIONS:
            _demand_same_words(both, question, 50)

    def test_few_words_are_the_best_of_many(self, both: Pair) -> None:
        for question in QUESTIONS:
            many = placed(both[1], both[1].search_words(question, 50))
            assert placed(both[1], both[1].search_words(question, 3)) == many[:3]

    def test_filters_let_the_same_through(self, both: Pair) -> None:
        query = MODEL.encode(["the value of a name"], "query")
        for condition in (*map(parse_filter, FILTERS), *(Quotes((quote,)) for quote in QUOTES)):
            one, other = (snapshot.count(condition) for snapshot in both)
            assert one == other, condition
            near = [placed(snapshot, snapshot.search(query, 10, condition)[0]) for snapshot in both]
            assert near[0] == near[1]
            assert len(near[0]) == min(10, one)
            _demand_same_words(both, "value of a name", 10, condition)

    @LIMITED
    @given(condition=conditions())
    @example(condition=FieldComparison("a\x00b", ":", "a"))
    @example(condition=FieldComparison("tag", ">", "0.1"))
    @example(condition=FieldComparison("tag", ":", str(2**62 + 1)))
    @example(condition=FieldComparison("tag", "<", "1e-7"))
    def test_any_condition_means_the_same(self, both: Pair, condition: Condition) -> None:
        one, other = (snapshot.count(condition) for snapshot in both)
        assert one == other
        found = both[1].search(MODEL.encode(["fox"], "query"), 5, condition)[0]
        assert len(found.chunks) == min(5, other)

    @LIMITED
    @given(text=TEXTS)
    def test_any_question_is_answered_the_same(self, both: Pair, text: str) -> None:
        _demand_same_words(both, text, 50)

    @LIMITED
    @given(value=TEXTS)
    def test_any_path_means_the_same(self, both: Pair, value: str) -> None:
        condition = FieldComparison("path", ":", value)
        found = both[1].search(MODEL.encode(["fox"], "query"), 1000, condition)[0]
        paths = {record.path for record in both[1].chunks(found.chunks.tolist())}
        assert paths == {path for path in both[0].files() if path_test(condition)(path)}


def placed(snapshot: Snapshot, found: Matches) -> list[tuple[str, int, float]]:
    """Path, start and score of each match."""
    places = snapshot.places(found.chunks.tolist())
    return [
        (places[chunk].path, places[chunk].start, score)
        for chunk, score in zip(found.chunks.tolist(), found.scores.tolist(), strict=True)
    ]


def _demand_same_words(both: Pair, text: str, k: int, condition: Condition | None = None) -> None:
    one, other = (placed(snapshot, snapshot.search_words(text, k, condition)) for snapshot in both)
    assert [place[:2] for place in one] == [place[:2] for place in other]
    assert [place[2] for place in one] == pytest.approx([place[2] for place in other], abs=2e-4)
