"""One embedder for several threads: what arrives together is embedded together."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from simsearch.embedding.shared import AT_ONCE, SharedEmbedder
from simsearch.types import Role, Truncation, Vectors
from tests.support.hashed_words import HashedWords

TEXTS = [f"text number {i} of many" for i in range(3 * AT_ONCE)]


class SlowWords(HashedWords):
    """Waits with its first call until it may go on, and remembers what was in each call."""

    def __init__(self) -> None:
        super().__init__(limit=8)
        self.began, self.may_go_on = threading.Event(), threading.Event()
        self.calls: list[tuple[Role, list[str]]] = []
        self.truncation = Truncation()

    def encode(self, texts: Sequence[str], role: Role = "document") -> Vectors:
        self.calls.append((role, list(texts)))
        self.began.set()
        self.may_go_on.wait()
        if "broken" in texts:
            raise ValueError("broken")
        lost = [max(0, count - self.tokens.limit) for count in self.tokens.count(texts)]
        self.truncation += Truncation(sum(map(bool, lost)), sum(lost))
        return super().encode(texts, role)


def ask_together(
    embedder: SlowWords, calls: Sequence[tuple[Sequence[str], Role]]
) -> list[tuple[Vectors, int]]:
    """The vectors and the lost tokens of each call; the first one is running while the others arrive."""
    shared = SharedEmbedder(embedder)

    def ask(texts: Sequence[str], role: Role) -> tuple[Vectors, int]:
        before = shared.truncation.tokens
        vectors = shared.encode(texts, role)
        return vectors, shared.truncation.tokens - before

    with ThreadPoolExecutor(len(calls)) as threads:
        running = [threads.submit(ask, *calls[0])]
        embedder.began.wait()
        running += [threads.submit(ask, *call) for call in calls[1:]]
        while shared.waiting < len(calls) - 1:
            pass
        embedder.may_go_on.set()
        return [future.result() for future in running]


def test_what_arrives_while_it_is_busy_is_embedded_in_one_call() -> None:
    embedder = SlowWords()
    answers = ask_together(
        embedder, [(["first"], "query"), (["second"], "query"), (["third", "fourth"], "query")]
    )
    assert [sorted(texts) for _, texts in embedder.calls] == [["first"], ["fourth", "second", "third"]]
    for (vectors, _), texts in zip(answers, (["first"], ["second"], ["third", "fourth"]), strict=True):
        assert np.array_equal(vectors, HashedWords().encode(texts))


def test_roles_are_not_mixed() -> None:
    embedder = SlowWords()
    ask_together(embedder, [(["a"], "query"), (["b"], "document"), (["c"], "query")])
    assert sorted((role, *texts) for role, texts in embedder.calls) == [
        ("document", "b"), ("query", "a"), ("query", "c")
    ]  # fmt: skip


def test_a_long_list_is_embedded_in_parts_so_that_others_get_a_turn() -> None:
    embedder = SlowWords()
    (many, _), _ = ask_together(embedder, [(TEXTS, "query"), (["short"], "query")])
    assert np.array_equal(many, HashedWords().encode(TEXTS))
    assert any("short" in texts for _, texts in embedder.calls[:-1]), "not only after the whole list"
    assert max(len(texts) for _, texts in embedder.calls) <= AT_ONCE


def test_each_thread_learns_what_was_truncated_of_its_own_texts() -> None:
    long = "one two three four five six seven eight nine ten"
    lost = [
        tokens
        for _, tokens in ask_together(SlowWords(), [(["a"], "query"), ([long], "query"), (["b"], "query")])
    ]
    assert lost == [0, 2, 0]


def test_an_error_reaches_those_whose_texts_were_in_the_call_and_nobody_else() -> None:
    embedder = SlowWords()
    embedder.may_go_on.set()
    shared = SharedEmbedder(embedder)
    with pytest.raises(ValueError, match="broken"):
        shared.encode(["broken"], "query")
    assert shared.encode(["whole"], "query").shape == (1, embedder.dimension)


def test_no_texts_are_no_vectors() -> None:
    assert SharedEmbedder(HashedWords()).encode([]).shape == (0, 64)
