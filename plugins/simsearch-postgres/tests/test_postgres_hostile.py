"""Names, texts, filters and field names never become SQL, and mean what they mean in the local store."""

from __future__ import annotations

import string
from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from simsearch.errors import InputError
from simsearch.plugins.registry import Registry
from simsearch.storage import open_store
from simsearch.storage.comparisons import path_test
from simsearch.storage.conditions import And, Condition, FieldComparison, Not, Or, Quotes
from simsearch.storage.opening import StoreContext
from simsearch.storage.protocols import Snapshot, Store
from simsearch.testing.stores.examples import MODEL, dense, identity, put
from simsearch.types import Document

HOSTILE = (
    "'; DROP TABLE chunks; --", '"; DROP SCHEMA public CASCADE; --', "%s %(x)s %%", "$1 $$ $a$", "\\", "' OR 1=1 --",
    "a\x00b", "*", "?", "%", "_", "[a-z]+", "(?:", "***:x", "\x1fdate", "é\u0301", "\U0001f98a", "x" * 1200,
    "{0}", "", "-0",
)  # fmt: skip
PLAIN = ("red fox", "2024-05-01", "7", "1e400", "0.1", str(2**62 + 1), "fox", "Fox", "2024")
TEXTS = st.sampled_from(HOSTILE + PLAIN) | st.text(string.printable + "é日\x00", max_size=12)
NAMES = st.sampled_from(("title", "id", "path", "tag", *HOSTILE))
PATHS = tuple(f"docs/{number}/{name[:40].replace(chr(0), '')}.md" for number, name in enumerate(HOSTILE))
LIMITED = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


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


@pytest.fixture(scope="module")
def stores(server: object, tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Store]:
    """A local store and one whose schema has an odd name, with the same odd documents."""
    context = StoreContext(tmp_path_factory.mktemp("hostile"))
    schema = """ "'; --% ,é"""
    postgres = Registry.load().store(f'postgres:"schema={schema.replace(chr(34), "")}"').value(context)
    both = open_store(context.folder), postgres
    for store in both:
        with store.write(identity()) as writer:
            for number, (path, text) in enumerate(zip(PATHS, HOSTILE, strict=True)):
                metadata: dict[str, Any] = {text: text, "tag": [text, number, PLAIN[number % len(PLAIN)]]}
                put(writer, path, Document(f"{text} fox. {text}", "", text, metadata=metadata))
            writer.finish()
    return both


@pytest.fixture(scope="module")
def snapshots(stores: tuple[Store, Store]) -> Iterator[tuple[Snapshot, Snapshot]]:
    with ExitStack() as stack:
        one, other = (stack.enter_context(closing(store.read())) for store in stores)
        yield one, other


def test_odd_documents_come_back(snapshots: tuple[Snapshot, Snapshot]) -> None:
    one, other = snapshots
    for path in PATHS:
        assert one.documents(path) == other.documents(path)
        assert len(other.documents(path)) == 1
    assert one.fields() == other.fields()
    assert dense(one, "fox") == dense(other, "fox")


@LIMITED
@given(conditions())
@example(FieldComparison("a\x00b", ":", "a"))
@example(FieldComparison("tag", ">", "0.1"))
@example(FieldComparison("tag", ":", str(2**62 + 1)))
def test_a_condition_means_the_same(snapshots: tuple[Snapshot, Snapshot], condition: Condition) -> None:
    one, other = (snapshot.count(condition) for snapshot in snapshots)
    assert one == other
    found = snapshots[1].search(MODEL.encode(["fox"], "query"), 5, condition)[0]
    assert len(found.chunks) == min(5, other)


@LIMITED
@given(TEXTS)
def test_any_question_is_answered_the_same(snapshots: tuple[Snapshot, Snapshot], text: str) -> None:
    one, other = (
        [(r.path, r.start) for r in snapshot.chunks(snapshot.search_words(text, 50).chunks.tolist())]
        for snapshot in snapshots
    )
    assert one == other


@LIMITED
@given(TEXTS, st.sampled_from(PATHS))
def test_a_path_means_the_same(snapshots: tuple[Snapshot, Snapshot], value: str, path: str) -> None:
    condition = FieldComparison("path", ":", value)
    paths = {
        record.path
        for record in snapshots[1].chunks(
            snapshots[1].search(MODEL.encode(["fox"], "query"), 500, condition)[0].chunks.tolist()
        )
    }
    assert paths == {path for path in PATHS if path_test(condition)(path)}


@pytest.mark.parametrize("schema", ["", "x" * 64])
def test_what_cant_be_a_schema_is_refused(schema: str) -> None:
    with pytest.raises(InputError, match="can't name a schema"):
        Registry.load().store(f"postgres:schema={schema}")
