"""What any store must do: the one that is shipped, and a plain one of dictionaries that shows another can."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from simsearch.errors import NoIndex, WorkspaceLocked
from simsearch.storage import open_store
from simsearch.storage.conditions import And, FieldComparison, Not, Quotes
from simsearch.storage.protocols import Coverage, Store
from simsearch.types import Heading
from tests.support.plain_store import PlainStore
from tests.support.stored import (
    ANIMALS,
    MODEL,
    OTHER,
    cut,
    dense,
    embed_pending,
    every_chunk,
    fill,
    identity,
    lexical,
    put,
    record,
    view,
    view_of,
)


@pytest.fixture(params=["sqlite", "plain"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    made: dict[str, Callable[[], Store]] = {
        "sqlite": lambda: open_store(tmp_path / ".simsearch"),
        "plain": PlainStore,
    }
    return made[request.param]()


def test_without_an_index_there_is_nothing_to_read(store: Store) -> None:
    assert not store.exists()
    with pytest.raises(NoIndex):
        store.read()


def test_what_is_put_is_found(store: Store) -> None:
    fill(store)
    with closing(store.read()) as reader:
        assert reader.identity == identity()
        (place, score), *_ = dense(reader, "the red fox runs")
        assert place == ("docs/fox.md", 0, "the red fox runs")
        assert score == pytest.approx(1, abs=2e-3)
        assert {place[0] for place, _ in lexical(reader, "owl")} == {"docs/owl.md"}
        assert set(reader.files()) == set(ANIMALS)
        assert reader.counts().chunks == 6


def test_a_document_comes_back_as_it_was_put(store: Store) -> None:
    about = {
        "id": "7",
        "title": "Of foxes",
        "headings": (Heading(0, 1, "Red"), Heading(4, 2, "Blue")),
        "metadata": {"year": 1999, "tags": ["a", "b"], "deep": {"x": None}},
        "verbatim": True,
    }
    with store.write(identity()) as writer:
        put(writer, "docs/a.md", "one fox.\ntwo foxes\nrun. é 日本 \U0001f98a", "", **about)
        writer.finish()
    with closing(store.read()) as reader:
        first, second = reader.documents("docs/a.md")
        assert (first.id, first.title, first.headings, first.metadata, first.verbatim) == tuple(
            about.values()
        )
        assert first.text == "one fox.\ntwo foxes\nrun. é 日本 \U0001f98a"
        assert second.text == ""
        chunks = every_chunk(reader)
        assert [chunk.lines for chunk in chunks] == [(1, 1), (2, 3), (3, 3)]
        assert all(first.text[chunk.start : chunk.end] == chunk.text for chunk in chunks)
        assert reader.documents("docs/none.md") == []


def test_a_file_takes_the_place_of_what_it_was(store: Store) -> None:
    fill(store)
    with store.write(identity()) as writer:
        assert writer.in_place
        put(writer, "docs/fox.md", "a grey wolf")
        writer.remove(["docs/hen.md", "docs/never.md"])
        writer.finish()
    with closing(store.read()) as reader:
        assert [place[0] for place, _ in lexical(reader, "red hen runs")] == []
        assert dense(reader, "a grey wolf")[0][0] == ("docs/fox.md", 0, "a grey wolf")
        assert reader.counts().files == 2
        assert len(dense(reader, "fox")) == reader.counts().chunks == 3


def test_what_is_not_committed_is_dropped(store: Store) -> None:
    fill(store)
    before = view(store)
    with store.write(identity()) as writer:
        put(writer, "docs/new.md", "some news")
        writer.remove(list(ANIMALS))
    assert view(store) == before
    with store.write(identity()) as writer:
        writer.touch(record("docs/fox.md", ANIMALS["docs/fox.md"], modified=5))
        writer.commit()
        writer.remove(["docs/fox.md"])
    with closing(store.read()) as reader:
        assert reader.files()["docs/fox.md"].modified == 5
        assert len(reader.files()) == 3


def test_a_run_that_was_not_finished_is_recognised(store: Store) -> None:
    fill(store)
    with store.write(identity()) as writer:
        put(writer, "docs/new.md", "some news")
        writer.commit()
    with closing(store.read()) as reader:
        assert not reader.finished
    with store.write(identity()) as writer:
        writer.finish()
    with closing(store.read()) as reader:
        assert reader.finished


def test_a_reader_keeps_its_snapshot(store: Store) -> None:
    fill(store)
    with closing(store.read()) as reader:
        before = view_of(reader)
        with store.write(identity()) as writer:
            for number in range(30):
                put(writer, f"docs/{number}.md", f"the red fox number {number}")
                writer.commit()
            writer.remove(list(ANIMALS))
            writer.finish()
        assert view_of(reader) == before
    assert view(store).counts == (30, 30, 30)


def test_one_writer_at_a_time(store: Store) -> None:
    with store.write(identity()), pytest.raises(WorkspaceLocked):
        store.write(identity())
    with store.write(identity()):
        pass


def test_another_model_is_built_separately_and_takes_over_at_once(store: Store) -> None:
    fill(store)
    before = view(store)
    with store.write(identity(OTHER)) as writer:
        assert not writer.in_place
        assert writer.files() == {}
        for path, text in ANIMALS.items():
            put(writer, path, text, model=OTHER)
            writer.commit()
            assert view(store) == before
        writer.finish()
        assert writer.in_place
    after = view(store, OTHER)
    assert after.model == OTHER.name
    assert (after.files, after.documents, after.chunks) == (before.files, before.documents, before.chunks)
    assert after.dense != before.dense


def test_an_interrupted_move_goes_on_where_it_stopped(store: Store) -> None:
    fill(store)
    with store.write(identity(OTHER)) as writer:
        put(writer, "docs/fox.md", ANIMALS["docs/fox.md"], model=OTHER)
        writer.commit()
        put(writer, "docs/hen.md", ANIMALS["docs/hen.md"], model=OTHER)
    with closing(store.read()) as reader:
        assert reader.identity == identity()
    with store.write(identity(OTHER)) as writer:
        assert not writer.in_place
        assert set(writer.files()) == {"docs/fox.md"}
        assert writer.missing(cut(ANIMALS["docs/fox.md"])[0].keys) == set()


def test_a_move_is_given_up_by_going_on_with_the_old_model(store: Store) -> None:
    fill(store)
    with store.write(identity(OTHER)) as writer:
        put(writer, "docs/fox.md", ANIMALS["docs/fox.md"], model=OTHER)
        writer.commit()
    with store.write(identity()) as writer:
        put(writer, "docs/new.md", "news")
        writer.give_up_move()
        writer.finish()
    with store.write(identity(OTHER)) as writer:
        assert writer.files() == {}


def test_a_move_goes_on_after_a_change_of_the_old_index(store: Store) -> None:
    fill(store)
    with store.write(identity(OTHER)) as writer:
        put(writer, "docs/fox.md", ANIMALS["docs/fox.md"], model=OTHER)
        writer.commit()
    with store.write(identity()) as writer:
        writer.remove(["docs/hen.md"])
        writer.finish()
    with store.write(identity(OTHER)) as writer:
        assert set(writer.files()) == {"docs/fox.md"}


def test_another_chunker_is_another_index(store: Store) -> None:
    fill(store)
    with store.write(identity(chunker="lines")) as writer:
        assert not writer.in_place
        put(writer, "docs/fox.md", ANIMALS["docs/fox.md"])
        writer.finish()
    with closing(store.read()) as reader:
        assert reader.identity.chunker == "lines"
        assert set(reader.files()) == {"docs/fox.md"}


def test_only_chunks_that_meet_a_condition_are_found_and_k_of_them(store: Store) -> None:
    fill(store, {f"docs/{i:03}.md": f"the fox number {i} and w{i % 7}" for i in range(200)})
    condition = FieldComparison("path", ":", "docs/*0.md")
    with closing(store.read()) as reader:
        query = MODEL.encode(["the fox number 3"], "query")
        for found in (
            reader.search(query, 7, condition)[0],
            reader.search_words("fox number", 7, condition),
        ):
            assert len(found.chunks) == 7
            assert all(record.path.endswith("0.md") for record in reader.chunks(found.chunks.tolist()))
            assert (np.diff(found.scores) <= 0).all()
        assert len(reader.search(query, 50, condition)[0].chunks) == reader.count(condition) == 20
        nothing = And((condition, Not(condition)))
        assert reader.count(nothing) == len(reader.search(query, 5, nothing)[0].chunks) == 0


def test_quotes_are_a_condition(store: Store) -> None:
    fill(store)
    with closing(store.read()) as reader:
        assert reader.count(Quotes(("hen sleeps",))) == 1
        assert reader.count(Quotes(("sleeps hen",))) == 0
        assert reader.count(Not(Quotes(("hen sleeps",)))) == 5
        query = MODEL.encode(["fox"], "query")
        (found,) = reader.search(
            query, 5, And((Quotes(("the fox",)), FieldComparison("path", ":", "docs/f*")))
        )
        assert [record.text for record in reader.chunks(found.chunks.tolist())] == ["the fox sleeps"]


def test_given_chunks_are_scored_as_a_search_scores_them(store: Store) -> None:
    fill(store)
    with closing(store.read()) as reader:
        queries = MODEL.encode(["red fox", "owl"], "query")
        near, words = reader.search(queries, 6), reader.search_words("fox", 6)
        for row, found in enumerate(near):
            scores = reader.score(queries, found.chunks.tolist())
            assert scores.dtype == np.float32
            assert scores[row].tolist() == found.scores.tolist()
        assert reader.score_words("fox", words.chunks.tolist()).tolist() == words.scores.tolist()
        (hen,) = reader.search_words("lays", 1).chunks.tolist()
        assert reader.score_words("fox", [hen]).tolist() == [0]
        assert np.isnan(reader.score(queries, [hen, 10**9])).tolist() == [[False, True]] * 2


def test_equal_scores_stand_by_path_and_start(store: Store) -> None:
    fill(store, {f"docs/{name}.md": "the same words. the same words" for name in "dacb"})
    with closing(store.read()) as reader:
        order = [place[:2] for place, _ in dense(reader, "the same words")]
        assert order == [(f"docs/{name}.md", start) for name in "abcd" for start in (0, 16)]
        assert [place[:2] for place, _ in dense(reader, "the same words", k=3)] == order[:3]


def test_several_questions_at_once_are_answered_as_alone(store: Store) -> None:
    fill(store)
    with closing(store.read()) as reader:
        queries = MODEL.encode(["red fox", "owl", ""], "query")
        together = reader.search(queries, 4)
        for row, found in zip(queries, together, strict=True):
            alone = reader.search(row[None], 4)[0]
            assert (found.chunks.tolist(), found.scores.tolist()) == (
                alone.chunks.tolist(),
                alone.scores.tolist(),
            )


def test_unknown_chunks_are_left_out(store: Store) -> None:
    fill(store)
    with closing(store.read()) as reader:
        numbers = [chunk.chunk for chunk in every_chunk(reader)]
        asked = [numbers[3], 10**9, numbers[0]]
        assert [chunk.chunk for chunk in reader.chunks(asked)] == [numbers[3], numbers[0]]


def test_a_pending_chunk_is_found_by_its_words_only(store: Store) -> None:
    with store.write(identity()) as writer:
        put(writer, "docs/fox.md", "the red fox runs. the fox sleeps", embed=False)
        put(writer, "docs/hen.md", "a blue hen lays")
        assert writer.coverage() == Coverage(3, 1)
        writer.finish()
    with closing(store.read()) as reader:
        assert reader.coverage() == Coverage(3, 1)
        assert not reader.finished
        assert [place[0] for place, _ in dense(reader, "the red fox runs")] == ["docs/hen.md"]
        found = reader.search_words("fox", 5).chunks.tolist()
        assert [record.pending for record in reader.chunks(found)] == [True, True]
        assert np.isnan(reader.score(MODEL.encode(["fox"], "query"), found)).all()
        assert reader.count(Quotes(("red fox",))) == 1
        assert len(reader.search(MODEL.encode(["fox"], "query"), 5, Quotes(("red fox",)))[0].chunks) == 0


def test_pending_chunks_get_their_vectors_later(store: Store) -> None:
    fill(store, model=OTHER)
    whole = view(store, OTHER)
    with store.write(identity()) as writer:
        for path, text in ANIMALS.items():
            put(writer, path, text, embed=False)
        writer.commit()
        assert view(store, OTHER) == whole  # the old vectors answer
        embed_pending(writer)
        writer.finish()
    with store.write(identity(OTHER)) as writer:
        for path, text in ANIMALS.items():
            put(writer, path, text, model=OTHER, embed=False)
        for done in (2, 4, 6):
            embed_pending(writer, OTHER, 2)
            writer.commit()
            assert writer.coverage() == Coverage(6, done)
        assert writer.pending() == []
        writer.finish()
    assert view(store, OTHER) == whole


def test_the_newest_files_wait_first(store: Store) -> None:
    with store.write(identity()) as writer:
        for path, modified in (("a", 5), ("b", 9), ("c", 7), ("now", 0)):
            put(writer, path, path, embed=False, modified=modified)
        strings = writer.strings(writer.pending())
        assert [strings[key] for key in writer.pending()] == ["now", "b", "c", "a"]


def test_a_removed_file_no_longer_waits(store: Store) -> None:
    with store.write(identity()) as writer:
        put(writer, "docs/a.md", "one. two", embed=False)
        put(writer, "docs/b.md", "two. three", embed=False)
        writer.commit()
        writer.remove(["docs/a.md"])
        assert sorted(writer.strings(writer.pending()).values()) == ["three", "two"]
        assert writer.coverage() == Coverage(2, 0)
        embed_pending(writer)
        put(writer, "docs/c.md", "three. four", embed=False)  # one of them is known
        assert writer.coverage() == Coverage(4, 3)
        embed_pending(writer)
        writer.finish()
    assert view(store).finished
