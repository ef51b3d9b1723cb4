"""Texts with labels: pairs that can be divided without a leak, batches without two of a class, fair questions."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from datasets import Dataset
from hypothesis import given
from hypothesis import strategies as st

from simsearch import InputError, Pair
from simsearch.plugins.registry import Registry
from simsearch.settings import TuneSettings
from simsearch.tuning.judging.measures import questions_of
from simsearch.tuning.pairs.classes import contrasted, ringed
from simsearch.tuning.pairs.ledger import TestLedger
from simsearch.tuning.pairs.reading import read_pairs
from simsearch.tuning.preparing import Prepared, prepare
from simsearch.tuning.training.objective import training_columns
from simsearch.tuning.training.sampling import ClassesApart

REGISTRY = Registry.load(only=())


def write(path: Path, rows: list[tuple[str, Any]], names: tuple[str, str] = ("text", "label")) -> Path:
    path.write_text("".join(json.dumps(dict(zip(names, row, strict=True))) + "\n" for row in rows))
    return path


def test_each_text_stands_in_one_pair_and_none_is_lost(tmp_path: Path) -> None:
    rows = [
        ("a1", "a"),
        ("b1", "b"),
        ("a2", "a"),
        ("a3", "a"),
        ("c1", 3),
        ("b2", "b"),
        ("a4", "a"),
        ("a5", "a"),
    ]
    pairs = read_pairs([write(tmp_path / "labelled.jsonl", rows)], REGISTRY)
    assert [(p.anchor, p.positive, p.label, p.row) for p in pairs] == [
        ("a1", "a2", "a", 1), ("b1", "b2", "b", 2), ("a3", "a4", "a", 4), ("c1", "c1", "3", 5), ("a5", "a4", "a", 8),
    ]  # fmt: skip
    assert pairs[0].columns == {"label": "a"}


def test_columns_can_be_named_and_pairs_win_over_labels(tmp_path: Path) -> None:
    named = write(tmp_path / "named.jsonl", [("a1", "a"), ("b1", "b")], ("said", "meant"))
    with pytest.raises(InputError, match="there are no columns 'anchor' and 'positive'"):
        read_pairs([named], REGISTRY)
    pair, _ = read_pairs([named], REGISTRY, "anchor=said,label=meant")
    assert (pair.anchor, pair.positive, pair.label) == ("a1", "a1", "a")
    with pytest.raises(InputError, match=r"there is no column 'means'\. Its columns are: said, meant"):
        read_pairs([named], REGISTRY, "anchor=said,label=means")
    sides = write(tmp_path / "sides.jsonl", [("what", "this")], ("question", "answer"))
    assert read_pairs([sides], REGISTRY)[0].label is None
    with pytest.raises(
        InputError, match=r"labelled.jsonl, row 2: 'label' is empty; each text needs the label of its class"
    ):
        read_pairs([write(tmp_path / "labelled.jsonl", [("a1", "a"), ("a2", "")])], REGISTRY)


def test_a_ring_takes_every_text_twice_and_leaves_out_what_two_classes_claim() -> None:
    pairs = [Pair("a1", "a2", label="a"), Pair("a3", "x", label="a"), Pair("b1", "x", label="b")]
    assert [(p.anchor, p.positive, p.label) for p in ringed(pairs)] == [
        ("a1", "a2", "a"), ("a2", "a3", "a"), ("a3", "a1", "a"),
    ]  # fmt: skip
    assert [(p.anchor, p.positive) for p in ringed(pairs[:1])] == [("a1", "a2")]


def test_contrasts_are_of_two_classes() -> None:
    pairs = [Pair(f"{c}{i}", f"{c}{i + 1}", label=c) for c in "ab" for i in (0, 2, 4)]
    made = contrasted(pairs, np.random.default_rng(0))
    assert {(pair.score, pair.anchor[0] == pair.positive[0]) for pair in made} == {(1.0, True), (0.0, False)}


@given(st.lists(st.integers(0, 8), max_size=60), st.integers(2, 8), st.integers(0, 3))
def test_a_batch_holds_a_class_once(labels: list[int], size: int, epoch: int) -> None:
    rows = Dataset.from_dict({"anchor": list(map(str, labels)), "label": labels})
    sampler = ClassesApart(rows, batch_size=size, drop_last=False, seed=1)
    sampler.set_epoch(epoch)
    batches = list(sampler)
    assert len(batches) == len(sampler)
    assert batches == list(sampler)
    for batch in batches:
        assert 2 <= len(batch) <= size
        assert len({labels[row] for row in batch}) == len(batch)
    used = Counter(row for batch in batches for row in batch)
    assert set(used.values()) <= {1}
    assert len({label for row, label in enumerate(labels) if row not in used}) <= 1


def test_a_text_asks_for_all_others_of_its_class() -> None:
    questions = questions_of(
        [Pair("a1", "a2", label="a"), Pair("a3", "a1", label="a"), Pair("b1", "b1", label="b")]
    )
    assert questions.texts == ("a1", "a2", "a3")
    assert questions.documents == ("a1", "a2", "a3", "b1")
    assert questions.relevant == ({1, 2}, {0, 2}, {0, 1})


def prepared(tmp_path: Path, classes: int, **tune_settings: Any) -> Prepared:
    # words of their own, for near-duplicates would be kept together
    words = np.random.default_rng(0).permutation(classes * 30 * 4).reshape(-1, 4)
    rows = [(" ".join(f"word{w}" for w in four), f"class {i % classes}") for i, four in enumerate(words)]
    file = write(tmp_path / "labelled.jsonl", rows)
    return prepare([file], None, TuneSettings(**tune_settings), REGISTRY, TestLedger(tmp_path))


def test_no_text_is_on_two_sides_and_classes_are_on_all(tmp_path: Path) -> None:
    made = prepared(tmp_path, 20)
    train, test = (
        {text for pair in part for text in (pair.anchor, pair.positive)}
        for part in (made.train, made.parts.test)
    )
    assert not train & test
    assert {pair.label for pair in made.train} & {pair.label for pair in made.parts.test}
    assert len(made.train) >= len(train) - 2
    assert made.plan.loss.name == "multiple-negatives"
    assert "Data: 600 texts of 20 classes; each is paired with the next of its class." in made.plan.reasons
    assert len(set(training_columns(made.train, None, made.plan)["label"])) == 20


def test_few_classes_are_trained_by_contrast(tmp_path: Path) -> None:
    made = prepared(tmp_path, 3)
    assert (made.plan.kind, made.plan.loss.name) == ("binary", "online-contrastive")
    assert set(training_columns(made.train, None, made.plan)["label"]) == {0, 1}
    asked = prepared(tmp_path, 3, loss="multiple-negatives")
    assert "at most 3 pairs:" in " ".join(asked.plan.reasons)
