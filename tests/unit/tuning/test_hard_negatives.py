"""Hard negatives: which texts are taken, and that none of them is an answer."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simsearch import Component, InputError, MiningData, Pair, hookimpl
from simsearch.errors import PluginError
from simsearch.plugins.discovery import Found, Origin
from simsearch.plugins.registry import Registry
from simsearch.settings import TuneSettings
from simsearch.storage.dense.exact import search_exact
from simsearch.testing.negatives import HashingEmbedder
from simsearch.tuning.hard_negatives import add_negatives, fill_up
from simsearch.tuning.pairs.ledger import TestLedger
from simsearch.tuning.preparing import Prepared, prepare

REGISTRY = Registry.load(only=())


class Line(HashingEmbedder):
    """Texts that are numbers, as points on a quarter of a circle: 0 and 9 are farthest apart."""

    def encode(self, texts: Any, role: Any = "document") -> Any:
        angles = np.array([float(text) for text in texts]) * (np.pi / 20)
        return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


class Backwards(Line):
    def encode(self, texts: Any, role: Any = "document") -> Any:
        return super().encode([9 - float(text) if role == "document" else text for text in texts])


def mine(spec: str, pairs: list[Pair]) -> list[tuple[str, ...]]:
    data = MiningData(Line(), lambda name: Backwards(name), search_exact)
    return [
        tuple(texts) for texts in REGISTRY.negative_miner(spec).value(pairs, data, np.random.default_rng(0))
    ]


NUMBERS = [
    Pair("0.1", "2"),
    Pair("0.1", "3"),
    Pair("5.1", "5"),
    *(Pair(f"{n}.2", str(n)) for n in (6, 7, 8, 9)),
]


def test_ranks_are_counted_without_the_anchor_s_own_positives() -> None:
    found = mine("mined:count=2,nearest=1,margin=1", NUMBERS)
    assert found[0] == found[1] == ("5", "6")
    assert mine("mined:count=9,nearest=2,farthest=3,margin=1", NUMBERS)[0] == ("6", "7")


def test_what_scores_nearly_as_high_as_the_positive_is_no_negative() -> None:
    assert mine("mined:count=1,nearest=1,margin=1", NUMBERS)[2] == ("6",)
    # cos 0.1 steps is 0.9999, cos 0.9 steps 0.990, cos 1.9 steps 0.956
    assert mine("mined:count=1,nearest=1,margin=0.96", NUMBERS)[2] == ("7",)


def test_a_teacher_says_what_is_too_near() -> None:
    """To it, 5.1 lies next to 4 = 9 - 5, and 6, 7, 8, 9 at 3, 2, 1, 0: in the same order, but farther."""
    assert mine("mined:count=1,nearest=1,margin=0.99,teacher=other", NUMBERS)[2] == ("6",)


def prepared(pairs: list[Pair], tmp_path: Path, **tune_settings: Any) -> Prepared:
    rows = "\n".join(f"{pair.anchor},{pair.positive}" for pair in pairs)
    (tmp_path / "pairs.csv").write_text(f"anchor,positive\n{rows}\n")
    settings = TuneSettings(split="random", **tune_settings)
    return prepare([tmp_path / "pairs.csv"], None, settings, REGISTRY, TestLedger(tmp_path))


MANY = [Pair(f"{n / 10 + 0.01:.2f}", f"{n / 10:.1f}") for n in range(60)]


def test_every_row_gets_as_many_and_the_plan_says_how(tmp_path: Path) -> None:
    before = prepared(MANY, tmp_path)
    after = add_negatives(
        before, TuneSettings(negatives="mined:nearest=5,margin=0.9"), REGISTRY, Line(), Line
    )
    assert (after.plan.kind, after.plan.negatives) == ("triplets", 1)
    assert [len(pair.negatives) for pair in after.train] == [1] * len(before.train)
    assert all(pair.negatives[0] != pair.positive for pair in after.train)
    assert after.plan.reasons[-1].startswith(
        "Negatives mined:nearest=5,margin=0.9: 48 were found for 48 of 48 pairs"
    )
    again = add_negatives(
        before, TuneSettings(negatives="mined:nearest=5,margin=0.9"), REGISTRY, Line(), Line
    )
    assert (after.train, after.plan) == (again.train, again.plan)
    assert [built.name for built in after.components] == ["random", "multiple-negatives", "mined"]
    assert (before.parts, before.pairs) == (after.parts, after.pairs)


def test_rows_without_any_get_one_at_random_and_this_is_told(tmp_path: Path) -> None:
    few = add_negatives(
        prepared(MANY, tmp_path), TuneSettings(negatives="mined:nearest=44,margin=1"), REGISTRY, Line(), Line
    )
    assert {len(pair.negatives) for pair in few.train} == {1}
    none = add_negatives(
        prepared(MANY, tmp_path), TuneSettings(negatives="mined:nearest=90,margin=1"), REGISTRY, Line(), Line
    )
    assert none.plan.kind == "pairs"
    assert none.plan.reasons[-1].endswith(
        "none were found, so only the other texts of a batch serve as negatives."
    )


def test_few_texts_are_enough_where_none_has_to_be_drawn() -> None:
    pairs = [Pair(f"ask {n}", f"reply {n}") for n in range(4)]
    found = [tuple(f"reply {other}" for other in range(4) if other != n) for n in range(4)]
    filled = fill_up(pairs, found, 3, 0, np.random.default_rng(0))
    assert [len(pair.negatives) for pair in filled] == [3, 3, 3, 3]
    with pytest.raises(InputError, match="only 4 different positives"):
        fill_up(pairs, found, 4, 0, np.random.default_rng(0))


def test_answers_that_differ_in_case_only_are_one(tmp_path: Path) -> None:
    pairs = [Pair(f"ask {n}", ("yes", "Yes", "YES", "yES", "no")[n % 5]) for n in range(40)]
    with pytest.raises(InputError, match="only 2 different positives to train on, too few to draw 3"):
        fill_up(pairs, [()] * len(pairs), 3, 0, np.random.default_rng(0))
    more = [*pairs, *(Pair(f"ask {text}", text) for text in ("maybe", "later"))]
    drawn = fill_up(more, [()] * len(more), 1, 0, np.random.default_rng(0))
    assert all(pair.negatives[0].lower() != pair.positive.lower() for pair in drawn)


def test_a_loss_that_reads_no_negatives_is_refused(tmp_path: Path) -> None:
    scored = prepared(MANY, tmp_path, scores="random", loss="cosent")
    with pytest.raises(InputError, match="the loss 'cosent' on this data ignores negatives"):
        add_negatives(scored, TuneSettings(negatives="mined"), REGISTRY, Line(), Line)


@pytest.mark.parametrize(
    ("miner", "reason"),
    [
        (lambda pairs, data, random: [], "gave negatives for 0 pairs, not for 48"),
        (lambda pairs, data, random: [[pair.positive] for pair in pairs], "as its negative"),
        (lambda pairs, data, random: 1 / 0, "raised ZeroDivisionError"),
    ],
)
def test_a_miner_that_breaks_its_contract_is_named(miner: Any, reason: str, tmp_path: Path) -> None:
    class Plugin:
        @hookimpl
        def simsearch_negative_miners(self) -> list[Component]:
            return [Component("broken", "A miner", lambda: miner)]

    registry = Registry.load(only=())
    registry.add(Found(Origin("acme", "simsearch-acme", "1", "acme"), Plugin))
    with pytest.raises(PluginError, match=f"'broken' of simsearch-acme 1.*{reason}"):
        add_negatives(prepared(MANY, tmp_path), TuneSettings(negatives="broken"), registry, Line(), Line)


def test_negatives_of_the_file_are_kept_beside_the_mined_ones(tmp_path: Path) -> None:
    before = prepared(MANY, tmp_path)
    own = tuple(replace(pair, negatives=("a text of the file",)) for pair in before.train)
    before = replace(before, train=own, plan=replace(before.plan, kind="triplets", negatives=1))
    after = add_negatives(
        before, TuneSettings(negatives="mined:nearest=5,margin=0.9"), REGISTRY, Line(), Line
    )
    assert after.plan.negatives == 2
    assert {pair.negatives[0] for pair in after.train} == {"a text of the file"}
