"""Laws of writers: what is put is kept, one index takes another's place at once, and chunks can wait for vectors."""

from __future__ import annotations

from contextlib import closing

from simsearch.errors import WorkspaceLocked
from simsearch.storage.protocols import Coverage
from simsearch.testing.contract import demand
from simsearch.testing.stores.examples import (
    ANIMALS,
    MODEL,
    OTHER,
    cut,
    dense,
    embed_pending,
    fill,
    identity,
    lexical,
    put,
    record,
    view,
)
from simsearch.testing.stores.laws import StoreLaws, demand_equal

FOX, HEN = ANIMALS["docs/fox.md"], ANIMALS["docs/hen.md"]


class WriterLaws(StoreLaws):
    """What a writer must do."""

    def test_a_file_takes_the_place_of_what_it_was(self) -> None:
        with self.store() as store:
            fill(store)
            with store.write(identity()) as writer:
                demand(writer.in_place, "a writer of the same identity doesn't change the index in place")
                put(writer, "docs/fox.md", "a grey wolf")
                writer.remove(["docs/hen.md", "docs/never.md"])
                writer.finish()
            with closing(store.read()) as snapshot:
                demand_equal(lexical(snapshot, "red hen runs"), [], "what is found of removed files")
                wolf = ("docs/fox.md", 0, "a grey wolf")
                demand_equal(dense(snapshot, "a grey wolf")[0][0], wolf, "the nearest chunk")
                demand_equal(snapshot.counts().files, 2, "the number of files")
                demand_equal(
                    (len(dense(snapshot, "fox")), snapshot.counts().chunks), (3, 3), "the number of chunks"
                )

    def test_what_is_not_committed_is_dropped(self) -> None:
        with self.store() as store:
            fill(store)
            before = view(store)
            with store.write(identity()) as writer:
                put(writer, "docs/new.md", "some news")
                writer.remove(list(ANIMALS))
            demand_equal(view(store), before, "the index after a writer left without a commit")
            with store.write(identity()) as writer:
                writer.touch(record("docs/fox.md", FOX, modified=5))
                writer.commit()
                writer.remove(["docs/fox.md"])
            with closing(store.read()) as snapshot:
                demand_equal(snapshot.files()["docs/fox.md"].modified, 5, "the time of a touched file")
                demand_equal(len(snapshot.files()), 3, "the number of files")

    def test_a_run_that_was_not_finished_is_recognised(self) -> None:
        with self.store() as store:
            fill(store)
            with store.write(identity()) as writer:
                put(writer, "docs/new.md", "some news")
                writer.commit()
            with closing(store.read()) as snapshot:
                demand_equal(snapshot.finished, False, "finished after a commit alone")
            with store.write(identity()) as writer:
                writer.finish()
            with closing(store.read()) as snapshot:
                demand_equal(snapshot.finished, True, "finished after finish")

    def test_one_writer_at_a_time(self) -> None:
        with self.store() as store:
            with store.write(identity()):
                try:
                    second = store.write(identity())
                except WorkspaceLocked:
                    pass
                else:
                    second.__exit__(None, None, None)
                    raise AssertionError("a second writer was let in; it should raise WorkspaceLocked")
            with store.write(identity()):
                pass

    def test_another_model_is_built_separately_and_takes_over_at_once(self) -> None:
        with self.store() as store:
            fill(store)
            before = view(store)
            with store.write(identity(OTHER)) as writer:
                demand(not writer.in_place, "a writer of another identity changes the index in place")
                demand_equal(writer.files(), {}, "the files of a new index")
                for path, text in ANIMALS.items():
                    put(writer, path, text, model=OTHER)
                    writer.commit()
                    demand_equal(view(store), before, "the old index while the new one is built")
                writer.finish()
                demand(writer.in_place, "a finished writer doesn't change the index in place")
            after = view(store, OTHER)
            demand_equal(after.model, OTHER.name, "the model after the move")
            demand_equal(
                (after.files, after.counts), (before.files, before.counts), "the files after the move"
            )
            demand(after.dense != before.dense, "the old model's vectors still answer after the move")

    def test_an_interrupted_move_goes_on_where_it_stopped(self) -> None:
        with self.store() as store:
            fill(store)
            with store.write(identity(OTHER)) as writer:
                put(writer, "docs/fox.md", FOX, model=OTHER)
                writer.commit()
                put(writer, "docs/hen.md", HEN, model=OTHER)
            with closing(store.read()) as snapshot:
                demand_equal(snapshot.identity, identity(), "the identity during a move")
            with store.write(identity(OTHER)) as writer:
                demand(not writer.in_place, "an interrupted move took the old index's place")
                demand_equal(set(writer.files()), {"docs/fox.md"}, "the files of the resumed move")
                demand_equal(writer.missing(cut(FOX)[0].keys), set(), "the missing vectors of a kept file")

    def test_a_move_is_given_up_by_going_on_with_the_old_model(self) -> None:
        with self.store() as store:
            fill(store)
            with store.write(identity(OTHER)) as writer:
                put(writer, "docs/fox.md", FOX, model=OTHER)
                writer.commit()
            with store.write(identity()) as writer:
                put(writer, "docs/new.md", "news")
                writer.give_up_move()
                writer.finish()
            with store.write(identity(OTHER)) as writer:
                demand_equal(writer.files(), {}, "the files of a move after one that was given up")

    def test_a_move_goes_on_after_a_change_of_the_old_index(self) -> None:
        with self.store() as store:
            fill(store)
            with store.write(identity(OTHER)) as writer:
                put(writer, "docs/fox.md", FOX, model=OTHER)
                writer.commit()
            with store.write(identity()) as writer:
                writer.remove(["docs/hen.md"])
                writer.finish()
            with store.write(identity(OTHER)) as writer:
                demand_equal(set(writer.files()), {"docs/fox.md"}, "the files of the resumed move")

    def test_another_chunker_is_another_index(self) -> None:
        with self.store() as store:
            fill(store)
            with store.write(identity(chunker="lines")) as writer:
                demand(not writer.in_place, "a writer of another chunker changes the index in place")
                put(writer, "docs/fox.md", FOX)
                writer.finish()
            with closing(store.read()) as snapshot:
                demand_equal(snapshot.identity.chunker, "lines", "the chunker after the move")
                demand_equal(set(snapshot.files()), {"docs/fox.md"}, "the files after the move")

    def test_pending_chunks_get_their_vectors_later(self) -> None:
        with self.store() as store:
            fill(store, model=OTHER)
            whole = view(store, OTHER)
            with store.write(identity()) as writer:
                for path, text in ANIMALS.items():
                    put(writer, path, text, embed=False)
                writer.commit()
                demand_equal(view(store, OTHER), whole, "the old index while the new one is pending")
                embed_pending(writer)
                writer.finish()
            with store.write(identity(OTHER)) as writer:
                for path, text in ANIMALS.items():
                    put(writer, path, text, model=OTHER, embed=False)
                for done in (2, 4, 6):
                    embed_pending(writer, OTHER, 2)
                    writer.commit()
                    demand_equal(writer.coverage(), Coverage(6, done), "the writer's coverage")
                demand_equal(writer.pending(), [], "what is pending after all vectors are put")
                writer.finish()
            demand_equal(view(store, OTHER), whole, "the index after its vectors came later")

    def test_the_newest_files_wait_first(self) -> None:
        with self.store() as store, store.write(identity()) as writer:
            for path, modified in (("a", 5), ("b", 9), ("c", 7), ("now", 0)):
                put(writer, path, path, embed=False, modified=modified)
            strings = writer.strings(writer.pending())
            order = [strings[key] for key in writer.pending()]
            demand_equal(order, ["now", "b", "c", "a"], "the order in which chunks wait")

    def test_a_removed_file_no_longer_waits(self) -> None:
        with self.store() as store:
            with store.write(identity()) as writer:
                put(writer, "docs/a.md", "one. two", embed=False)
                put(writer, "docs/b.md", "two. three", embed=False)
                writer.commit()
                writer.remove(["docs/a.md"])
                waiting = sorted(writer.strings(writer.pending()).values())
                demand_equal(waiting, ["three", "two"], "what waits after a file was removed")
                demand_equal(writer.coverage(), Coverage(2, 0), "the coverage after a file was removed")
                embed_pending(writer)
                put(writer, "docs/c.md", "three. four", embed=False)  # one of them is known
                demand_equal(writer.coverage(), Coverage(4, 3), "the coverage with a text that is known")
                embed_pending(writer)
                writer.finish()
            demand(view(store).finished, "the index isn't finished although nothing is pending")

    def test_equal_texts_share_a_vector_until_the_last_is_gone(self) -> None:
        with self.store() as store:
            fill(store, {"docs/a.md": "same words", "docs/b.md": "same words"})
            with store.write(identity()) as writer:
                writer.remove(["docs/a.md"])
                writer.finish()
            with closing(store.read()) as snapshot:
                demand_equal(len(dense(snapshot, "same words")), 1, "how many chunks are found")
                demand_equal(snapshot.counts().vectors, 1, "the number of vectors")

    def test_the_model_may_change_its_name(self) -> None:
        with self.store() as store:
            fill(store)
            renamed = identity(MODEL, name="another name")
            with store.write(renamed) as writer:
                demand(writer.in_place, "a model of another name and the same fingerprint starts a new index")
                writer.finish()
            with closing(store.read()) as snapshot:
                demand_equal(snapshot.identity, renamed, "the identity after the model was renamed")
