"""The built-in splitters: what must stay together does, in every run."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch import InputError, Pair, Split
from simsearch.near_duplicates import connected, near_duplicates, normalise
from simsearch.plugins.registry import Registry

REGISTRY = Registry.load()
WORDS = st.sampled_from(["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta"])
PHRASES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)


def split(spec: str, pairs: Sequence[Pair], seed: int = 0) -> Split:
    return REGISTRY.splitter(spec).value(pairs, np.random.default_rng(seed))


def sides(split: Split, count: int) -> list[str]:
    names = [""] * count
    for name in ("train", "dev", "test"):
        for row in getattr(split, name):
            names[row] = name
    return names


@given(st.lists(st.tuples(PHRASES, PHRASES), min_size=1, max_size=60))
def test_grouped_puts_no_text_on_two_sides(rows: list[tuple[str, str]]) -> None:
    pairs = [Pair(anchor, positive) for anchor, positive in rows]
    where: dict[str, set[str]] = {}
    for pair, side in zip(pairs, sides(split("grouped", pairs), len(pairs)), strict=True):
        for text in (pair.anchor, pair.positive):
            where.setdefault(normalise(text), set()).add(side)
    assert all(len(found) == 1 for found in where.values())


@given(st.lists(st.tuples(PHRASES, PHRASES), min_size=2, max_size=40, unique=True), st.randoms())
def test_grouped_doesnt_depend_on_order_or_seed(rows: list[tuple[str, str]], chance: object) -> None:
    pairs = [Pair(anchor, positive) for anchor, positive in rows]
    shuffled = list(pairs)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    before = {
        (p.anchor, p.positive): s
        for p, s in zip(pairs, sides(split("grouped", pairs, 1), len(pairs)), strict=True)
    }
    after = {
        (p.anchor, p.positive): s
        for p, s in zip(shuffled, sides(split("grouped", shuffled, 2), len(pairs)), strict=True)
    }
    assert before == after


def test_grouped_keeps_near_duplicates_together() -> None:
    text = "How do I change the password of a user account on the server, please"
    pairs = [
        Pair(f"{text}{mark}", f"answer number {i} {'abcdefgh'[i] * 9}")
        for i, mark in enumerate(("", ".", "?", "!"))
    ]
    assert len(set(sides(split("grouped", pairs), 4))) == 1


def test_grouped_keeps_a_group_column_together() -> None:
    pairs = [
        Pair(f"question {i} {i * 7919}", f"answer {i * 104729}", columns={"group": i % 5}) for i in range(60)
    ]
    found = sides(split("grouped", pairs), 60)
    assert all(len({found[i] for i in range(60) if i % 5 == group}) == 1 for group in range(5))


@pytest.mark.parametrize(("sources", "together"), [(30, True), (3, False)])
def test_grouped_keeps_a_source_together_where_there_are_many(sources: int, together: bool) -> None:
    pairs = [
        Pair(f"question {i} {i * 7919}", f"answer {i * 104729}", columns={"source": i % sources})
        for i in range(90)
    ]
    found = sides(split("grouped", pairs), 90)
    assert together is all(len(set(found[source::sources])) == 1 for source in range(sources))


def test_an_unlike_pair_ties_nothing_together() -> None:
    pairs = [Pair(f"question {i}{i}{i}", "the same wrong answer", score=0.0) for i in range(200)]
    assert len(set(sides(split("grouped:similar=1.0", pairs), 200))) == 3


def test_random_is_an_80_20_permutation_that_loses_nothing() -> None:
    pairs = [Pair(f"a{i}", f"b{i}") for i in range(103)]
    parts = split("random", pairs)
    assert (len(parts.train), len(parts.dev), len(parts.test)) == (82, 0, 21)


def test_stratified_keeps_proportions() -> None:
    pairs = [
        Pair(f"a{i}", f"b{i}", columns={"label": "rare" if i % 10 == 0 else "common"}) for i in range(200)
    ]
    parts = split("stratified", pairs)
    for rows in (parts.train, parts.dev, parts.test):
        rare = sum(pairs[row].columns["label"] == "rare" for row in rows)
        assert rare == pytest.approx(len(rows) / 10, abs=1)


def test_column_does_what_the_file_says() -> None:
    pairs = [Pair("a", "b", columns={"split": side}) for side in ("train", "validation", "TEST")]
    assert sides(split("column", pairs), 3) == ["train", "dev", "test"]
    with pytest.raises(InputError, match="row 7: the column 'split' says 'maybe'"):
        split("column", [Pair("a", "b", columns={"split": "maybe"}, row=7)])


@given(st.lists(st.text(max_size=30), max_size=30), st.floats(0.1, 1.0))
def test_every_near_duplicate_is_one(texts: list[str], threshold: float) -> None:
    def shingles(text: str) -> set[bytes]:
        encoded = text.encode().ljust(5)
        return {encoded[i : i + 5] for i in range(len(encoded) - 4)}

    for one, other in near_duplicates(texts, threshold):
        a, b = shingles(texts[one]), shingles(texts[other])
        assert len(a & b) / len(a | b) >= threshold


def test_equal_texts_are_always_found() -> None:
    texts = ["one and the same", "something else altogether", "one and the same"]
    assert [group for group in connected(3, near_duplicates(texts)) if len(group) > 1] == [[0, 2]]
