"""What leaks between training and test is counted, and what it would have claimed is measured on rows held out."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from simsearch.models import Runs
from simsearch.tuning.judging.leaks import Claim, find_related_rows, judge_held, leak_of
from simsearch.tuning.judging.measures import embed
from simsearch.tuning.judging.test_set import TestSet
from simsearch.tuning.pairs.parts import Parts
from simsearch.types import Pair, Role, Vectors

ALONE = [Pair(f"question {i**3} {chr(97 + i % 26) * 5}", f"reply {i**5}") for i in range(100)]
RELATED = [
    Pair(f"{word} ask {i**4}", f"answer {i**6} {i}") for i in range(50) for word in ("first", "second")
]


def parts(train: Sequence[Pair], test: Sequence[Pair]) -> Parts:
    return Parts(tuple(train), (), tuple(test))


def count_related(train: Sequence[Pair], test: Sequence[Pair]) -> tuple[int, int, int, int]:
    found = find_related_rows(parts(train, test), np.random.default_rng(0), measured=True)
    return found.tested, found.random, found.random_test, len(found.held)


def test_pairs_without_related_rows_leak_nowhere() -> None:
    assert count_related(ALONE[:80], ALONE[80:]) == (0, 0, 20, 0)


def test_related_rows_on_both_sides_are_counted() -> None:
    tested, random, random_test, _ = count_related(RELATED[::2], RELATED[1::2])
    assert tested == 50  # every row has a related one on the other side
    assert random > random_test / 2


def test_a_few_rows_with_related_ones_in_training_are_held_out() -> None:
    many = [Pair(f"{word} ask {i**4}", f"answer {i**6} {i}") for i in range(300) for word in ("a", "b")]
    found = find_related_rows(parts(many[:500], many[500:]), np.random.default_rng(0), measured=True)
    assert found.tested == 0
    assert len(found.held) == 25
    kept = {pair.positive for pair in many[:500] if pair not in found.held}
    assert all(pair.positive in kept for pair in found.held)
    assert (
        find_related_rows(parts(many[:500], many[500:]), np.random.default_rng(0), measured=False).held == ()
    )


def a_test_set(pairs: Sequence[Pair], held: Sequence[Pair]) -> TestSet:
    """A test set in a workspace without runs."""
    return TestSet.of(pairs, held, Runs(Path("nowhere")), "base")


def test_held_out_texts_of_a_class_are_judged_among_those_tested_whatever_their_order() -> None:
    rows = [("a1", "a2", "A"), ("b1", "b2", "B"), ("a3", "a4", "A")]
    *test, held = [Pair(anchor, positive, label=label) for anchor, positive, label in rows]
    encoded: list[str] = []

    def knows_classes(texts: Sequence[str], role: Role) -> Vectors:
        encoded.extend(texts)
        return np.eye(2, dtype=np.float32)[[int(text.startswith("b")) for text in texts]]

    tested = a_test_set(test, [held])
    vectors = embed(knows_classes, tested.questions)
    encoded.clear()
    judged = judge_held(knows_classes, vectors, tested)
    assert encoded == ["a3", "a4"] * 2  # as documents and as what is asked
    assert judged.values["R@10"].tolist() == [1, 1]
    assert judged.mean() == 1


def test_the_claim_is_of_leaking_and_clean_rows_in_proportion() -> None:
    test, held = ALONE[:4], RELATED[:2]
    tested = a_test_set(test, held)

    def knows_all(texts: Sequence[str], role: Role) -> Vectors:
        asked = {pair.anchor: pair.positive for pair in (*test, *held)}
        names = sorted({pair.positive for pair in (*test, *held)})
        return np.eye(len(names), dtype=np.float32)[[names.index(asked.get(text, text)) for text in texts]]

    def knows_nothing(texts: Sequence[str], role: Role) -> Vectors:
        vectors = np.zeros((len(texts), 2), dtype=np.float32)
        vectors[:, int(role == "query")] = 1
        return vectors

    tuned = judge_held(knows_all, embed(knows_all, tested.questions), tested)
    base = judge_held(knows_nothing, embed(knows_nothing, tested.questions), tested)
    assert tuned.mean() == 1
    assert len(tuned.rankings) == len(base.rankings) == 2
    found = find_related_rows(parts(RELATED[::2], RELATED[1::2]), np.random.default_rng(0), measured=False)
    leak = leak_of(found, Claim(clean=0.1, leaking=1 - base.mean(), judged=2), gain=0.1)
    assert leak is not None and leak.gain is not None
    share = found.random / found.random_test
    assert leak.gain == share * (1 - base.mean()) + (1 - share) * 0.1
    assert "random split would have leaked" in leak.text
