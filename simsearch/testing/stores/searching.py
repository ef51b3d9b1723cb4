"""Laws of snapshots: what was put is found, as it was put, in the right order, whatever a writer does meanwhile."""

from __future__ import annotations

from contextlib import closing

import numpy as np

from simsearch.errors import NoIndex
from simsearch.storage.conditions import And, FieldComparison, Not, Or, Quotes
from simsearch.storage.protocols import Coverage, Store
from simsearch.testing.contract import demand
from simsearch.testing.stores.examples import (
    ANIMALS,
    MODEL,
    dense,
    every_chunk,
    fill,
    identity,
    lexical,
    put,
    view,
    view_of,
)
from simsearch.testing.stores.laws import StoreLaws, demand_equal
from simsearch.types import Document, Heading

TEXT = "one fox.\ntwo foxes\nrun. é 日本 \U0001f98a"
UNKNOWN = 10**9


class SnapshotLaws(StoreLaws):
    """What a snapshot must answer."""

    def test_without_an_index_there_is_nothing_to_read(self) -> None:
        with self.store() as store:
            try:
                store.read().close()
            except NoIndex:
                return
            raise AssertionError("an empty store can be read; it should raise NoIndex")

    def test_what_is_put_is_found(self) -> None:
        with self.store() as store:
            fill(store)
            demand(store.exists(), "the store has an index, and says that there is none")
            with closing(store.read()) as snapshot:
                demand_equal(snapshot.identity, identity(), "the identity")
                place, score = dense(snapshot, "the red fox runs")[0]
                demand_equal(place, ("docs/fox.md", 0, "the red fox runs"), "the nearest chunk")
                demand(abs(score - 1) < 2e-3, f"a chunk's cosine with itself is {score}")
                found = {place[0] for place, _ in lexical(snapshot, "owl")}
                demand_equal(found, {"docs/owl.md"}, "the files found by a word")
                demand_equal(set(snapshot.files()), set(ANIMALS), "the files")
                demand_equal(snapshot.counts().chunks, 6, "the number of chunks")

    def test_a_document_comes_back_as_it_was_put(self) -> None:
        metadata = {"year": 1999, "tags": ["a", "b"], "deep": {"x": None}}
        headings = (Heading(0, 1, "Red"), Heading(4, 2, "Blue"))
        document = Document(TEXT, "7", "Of foxes", headings, metadata, True, notices=("a notice",))
        with self.store() as store:
            with store.write(identity()) as writer:
                put(writer, "docs/a.md", document, "")
                writer.finish()
            with closing(store.read()) as snapshot:
                demand_equal(snapshot.documents("docs/a.md"), [document, Document("")], "the documents")
                demand_equal(snapshot.documents("docs/none.md"), [], "the documents of an unknown file")
                demand_equal(snapshot.notices(), {"docs/a.md": ("a notice",)}, "the notices")
                chunks = every_chunk(snapshot)
                demand_equal([chunk.lines for chunk in chunks], [(1, 1), (2, 3), (3, 3)], "the chunks' lines")
                texts = [TEXT[chunk.start : chunk.end] for chunk in chunks]
                demand_equal([chunk.text for chunk in chunks], texts, "the chunks' texts")
                about = [(chunk.id, chunk.title, chunk.metadata) for chunk in chunks]
                demand_equal(
                    about, [("7", "Of foxes", metadata)] * 3, "what the chunks say of their document"
                )

    def test_a_reader_keeps_its_snapshot(self) -> None:
        with self.store() as store:
            fill(store)
            with closing(store.read()) as snapshot:
                before = view_of(snapshot)
                with store.write(identity()) as writer:
                    for number in range(30):
                        put(writer, f"docs/{number}.md", f"the red fox number {number}")
                        writer.commit()
                    writer.remove(list(ANIMALS))
                    writer.finish()
                demand_equal(view_of(snapshot), before, "an open snapshot after a writer has finished")
            demand_equal(view(store).counts, (30, 30, 30), "the counts of a new snapshot")

    def test_only_chunks_that_meet_a_condition_are_found_and_k_of_them(self) -> None:
        condition = FieldComparison("path", ":", "docs/*0.md")
        nothing = And((condition, Not(condition)))
        with self.store() as store:
            fill(store, {f"docs/{i:03}.md": f"the fox number {i} and w{i % 7}" for i in range(200)})
            with closing(store.read()) as snapshot:
                query = MODEL.encode(["the fox number 3"], "query")
                for found in (
                    snapshot.search(query, 7, condition)[0],
                    snapshot.search_words("fox number", 7, condition),
                ):
                    records = snapshot.chunks(found.chunks.tolist())
                    demand_equal(len(records), 7, "how many chunks are found of 20 that meet the condition")
                    outside = [record.path for record in records if not record.path.endswith("0.md")]
                    demand_equal(outside, [], "chunks found that don't meet the condition")
                    demand((np.diff(found.scores) <= 0).all(), "scores are not from high to low")
                every = len(snapshot.search(query, 50, condition)[0].chunks), snapshot.count(condition)
                demand_equal(every, (20, 20), "how many chunks meet the condition")
                none = len(snapshot.search(query, 5, nothing)[0].chunks), snapshot.count(nothing)
                demand_equal(none, (0, 0), "how many chunks meet a condition that nothing can meet")
                either = Or((condition, FieldComparison("path", ":", "docs/001.md")))
                demand_equal(snapshot.count(either), 21, "how many chunks meet one of two conditions")

    def test_a_document_is_found_by_the_id_that_its_chunks_show(self) -> None:
        with self.store() as store:
            with store.write(identity()) as writer:
                put(writer, "notes/docs/fox.md", "the red fox", root="notes/docs")
                put(writer, "../docs/hen.md", "a blue hen", root="../docs")
                put(writer, "docs/r.pdf", Document("page one", "#page=1"), Document("page two", "#page=2"))
                put(writer, "docs/rows.csv", Document("a row", "17"))
                writer.finish()
            with closing(store.read()) as snapshot:
                for chunk in every_chunk(snapshot):
                    found = snapshot.matching(FieldComparison("id", ":", chunk.id)).tolist()
                    demand_equal(found, [chunk.chunk], f"the chunks that have the id {chunk.id}")

    def test_quotes_are_a_condition(self) -> None:
        with self.store() as store:
            fill(store)
            with closing(store.read()) as snapshot:
                for condition, count in (
                    (Quotes(("hen sleeps",)), 1),
                    (Quotes(("sleeps hen",)), 0),
                    (Not(Quotes(("hen sleeps",))), 5),
                ):
                    demand_equal(snapshot.count(condition), count, f"how many chunks meet {condition}")
                both = And((Quotes(("the fox",)), FieldComparison("path", ":", "docs/f*")))
                (found,) = snapshot.search(MODEL.encode(["fox"], "query"), 5, both)
                texts = [record.text for record in snapshot.chunks(found.chunks.tolist())]
                demand_equal(texts, ["the fox sleeps"], "the chunks that meet a quote and a path")

    def test_given_chunks_are_scored_as_a_search_scores_them(self) -> None:
        with self.store() as store:
            fill(store)
            with closing(store.read()) as snapshot:
                queries = MODEL.encode(["red fox", "owl"], "query")
                words = snapshot.search_words("fox", 6)
                for row, found in enumerate(snapshot.search(queries, 6)):
                    scores = snapshot.score(queries, found.chunks.tolist())
                    demand_equal(scores.dtype, np.dtype(np.float32), "the type of scores")
                    demand_equal(scores[row].tolist(), found.scores.tolist(), "the scores of given chunks")
                again = snapshot.score_words("fox", words.chunks.tolist())
                demand_equal(again.tolist(), words.scores.tolist(), "the word scores of given chunks")
                (hen,) = snapshot.search_words("lays", 1).chunks.tolist()
                demand_equal(snapshot.score_words("fox", [hen]).tolist(), [0], "the score of no match")
                unknown = np.isnan(snapshot.score(queries, [hen, UNKNOWN])).tolist()
                demand_equal(unknown, [[False, True]] * 2, "whether unknown chunks have no score")

    def test_equal_scores_stand_by_path_and_start(self) -> None:
        with self.store() as store:
            fill(store, {f"docs/{name}.md": "the same words. the same words" for name in "dacb"})
            with closing(store.read()) as snapshot:
                order = [place[:2] for place, _ in dense(snapshot, "the same words")]
                wanted = [(f"docs/{name}.md", start) for name in "abcd" for start in (0, 16)]
                demand_equal(order, wanted, "the order of equal scores")
                best = [place[:2] for place, _ in dense(snapshot, "the same words", k=3)]
                demand_equal(best, wanted[:3], "the best three of equal scores")

    def test_several_questions_at_once_are_answered_as_alone(self) -> None:
        with self.store() as store:
            fill(store)
            with closing(store.read()) as snapshot:
                queries = MODEL.encode(["red fox", "owl", ""], "query")
                for row, found in zip(queries, snapshot.search(queries, 4), strict=True):
                    alone = snapshot.search(row[None], 4)[0]
                    demand_equal(found.chunks.tolist(), alone.chunks.tolist(), "the chunks of one of several")
                    demand_equal(found.scores.tolist(), alone.scores.tolist(), "the scores of one of several")

    def test_unknown_chunks_are_left_out(self) -> None:
        with self.store() as store:
            fill(store)
            with closing(store.read()) as snapshot:
                numbers = [chunk.chunk for chunk in every_chunk(snapshot)]
                asked = [numbers[3], UNKNOWN, numbers[0]]
                found = [chunk.chunk for chunk in snapshot.chunks(asked)]
                demand_equal(found, [numbers[3], numbers[0]], "the chunks of some numbers")
                demand_equal(set(snapshot.places(asked)), set(found), "the places of some numbers")

    def test_a_pending_chunk_is_found_by_its_words_only(self) -> None:
        with self.store() as store:
            _fill_half(store)
            with closing(store.read()) as snapshot:
                query = MODEL.encode(["fox"], "query")
                demand_equal(snapshot.coverage(), Coverage(3, 1), "the coverage")
                demand_equal(snapshot.finished, False, "finished while chunks are pending")
                near = [place[0] for place, _ in dense(snapshot, "the red fox runs")]
                demand_equal(near, ["docs/hen.md"], "what is found by its vector")
                found = snapshot.search_words("fox", 5).chunks.tolist()
                pending = [record.pending for record in snapshot.chunks(found)]
                demand_equal(pending, [True, True], "whether the chunks found by a word are pending")
                demand(np.isnan(snapshot.score(query, found)).all(), "a pending chunk has a cosine")
                quotes = Quotes(("red fox",))
                demand_equal(snapshot.count(quotes), 1, "how many pending chunks have a quote")
                demand_equal(len(snapshot.matching(quotes)), 1, "how many pending chunks meet a condition")
                demand_equal(len(snapshot.search(query, 5, quotes)[0].chunks), 0, "how many of them are near")


def _fill_half(store: Store) -> None:
    with store.write(identity()) as writer:
        put(writer, "docs/fox.md", "the red fox runs. the fox sleeps", embed=False)
        put(writer, "docs/hen.md", "a blue hen lays")
        demand_equal(writer.coverage(), Coverage(3, 1), "the writer's coverage")
        writer.finish()
