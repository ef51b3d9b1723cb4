"""Leaks between train and test set, and what a random split would have claimed because of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simsearch.grouping import related_rows
from simsearch.tuning.judging.measures import (
    MAIN,
    Embedded,
    Encode,
    ModelScores,
    Questions,
    judge_embedded,
    questions_of,
)
from simsearch.tuning.judging.test_set import TestSet
from simsearch.tuning.pairs.parts import Parts
from simsearch.types import Pair
from simsearch.wording import counted

TEST_SHARE = 0.2
WORTH_MEASURING = 0.05
"""Share of a random test set; if less leaks, the claim would hardly differ."""
HELD_SHARE, FEWEST_HELD, MOST_HELD = 0.05, 20, 100


@dataclass(frozen=True, slots=True)
class RelatedRows:
    """What training and test would share.

    Args:
        tested: Rows of the test set that have related rows in the train set: the same text, a near-duplicate, the
            same source or group.
        random: The same of a random split of all the rows.
        random_test: How many rows that random test set has.
        held: Rows with related rows in training, kept out of it to measure what a random split would have claimed.
    """

    tested: int
    random: int
    random_test: int
    held: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True)
class Leak:
    """What a random split would have done.

    Args:
        pairs: How many pairs of its test set would have had related rows in its train set.
        of: How many pairs that test set would have had.
        judged: Questions with related rows in training that measured its claim; 0 where it was not measured.
        gain: The gain in nDCG@10 that it would have claimed; None where it was not measured.
        text: All that in words.
    """

    pairs: int
    of: int
    judged: int
    gain: float | None
    text: str


def find_related_rows(parts: Parts, random: np.random.Generator, measured: bool) -> RelatedRows:
    """Count what leaks, and choose the rows that measure it.

    Args:
        measured: Whether rows may be kept out of training for it.
    """
    rows = [*parts.train, *parts.dev, *parts.test]
    groups = [group for group in related_rows(rows) if len(group) > 1]
    order = random.permutation(len(rows)).tolist()
    drawn = set(order[: round(len(rows) * TEST_SHARE)])
    leaking = _with_related(groups, drawn, set(range(len(rows))) - drawn)
    trained = set(range(len(parts.train)))
    tested = _with_related(groups, set(range(len(rows) - len(parts.test), len(rows))), trained)
    held: tuple[Pair, ...] = ()
    if measured and len(leaking) > WORTH_MEASURING * len(drawn):
        held = _to_hold_out(rows, groups, trained, order)
    return RelatedRows(len(tested), len(leaking), len(drawn), held)


def judge_held(encode: Encode, embedded: Embedded, test: TestSet) -> ModelScores:
    """How a model does on held-out rows among the documents of the test set.

    Args:
        embedded: The questions of the test set as the model embeds them.
    """
    questions, both = test.questions, questions_of([*test.pairs, *test.held_out])
    known = dict(zip(questions.documents, embedded.documents, strict=True))
    new = [text for text in both.documents if text not in known]
    if new:
        known.update(zip(new, encode(new, "document"), strict=True))
    kept_out = {text for pair in test.held_out for text in (pair.anchor, pair.positive)}.difference(
        questions.texts
    )
    asked = [number for number, text in enumerate(both.texts) if text in kept_out]
    texts = tuple(both.texts[number] for number in asked)
    return judge_embedded(
        Embedded(np.stack([known[text] for text in both.documents]), encode(texts, "query")),
        Questions(texts, both.documents, tuple(both.relevant[number] for number in asked)),
    )


@dataclass(frozen=True, slots=True)
class Claim:
    """Gains in nDCG@10 of what a random split would have trained.

    Args:
        clean: On the test set, which has no related rows in training.
        leaking: On rows that have related rows in training.
        judged: How many questions those rows ask.
    """

    clean: float
    leaking: float
    judged: int


def leak_of(related: RelatedRows, claim: Claim | None = None, gain: float = 0.0) -> Leak | None:
    """What a random split would have claimed; None where it would not have leaked.

    Args:
        claim: What was measured; None where nothing was.
        gain: The candidate's gain as it is reported, without a leak.
    """
    if not related.random:
        return None
    text = (
        f"A random split would have leaked: {related.random} of its {related.random_test} test pairs have the same "
        "text, a near-duplicate, the same source or group among those it trains on."
    )
    if claim is None:
        return Leak(related.random, related.random_test, 0, None, text)
    share = related.random / related.random_test
    claimed = share * claim.leaking + (1 - share) * claim.clean
    text += (
        f" It would have claimed {MAIN} {claimed:+.3f}; the gain is {gain:+.3f}. "
        f"Measured on {counted(claim.judged, 'question', 'questions')} of such pairs, which were left out of training."
    )
    return Leak(related.random, related.random_test, claim.judged, claimed, text)


def _with_related(groups: Sequence[Sequence[int]], judged: set[int], trained: set[int]) -> list[int]:
    """The rows judged whose group has a row that is trained on."""
    return [row for group in groups if not trained.isdisjoint(group) for row in group if row in judged]


def _to_hold_out(
    rows: Sequence[Pair], groups: Sequence[Sequence[int]], trained: set[int], order: Sequence[int]
) -> tuple[Pair, ...]:
    """At most half of each group of training rows, few enough to cost little; none if there are too few to measure."""
    candidates = set()
    for group in groups:
        members = [row for row in group if row in trained and rows[row].similar]
        candidates.update(members[1::2])
    most = min(MOST_HELD, int(HELD_SHARE * len(trained)))
    chosen = [row for row in order if row in candidates][:most]
    return tuple(rows[row] for row in chosen) if len(chosen) >= FEWEST_HELD else ()
