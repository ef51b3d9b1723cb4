"""What the plan makes of data and tune_settings."""

from dataclasses import replace

import pytest

from simsearch.errors import InputError, SimsearchError
from simsearch.plugins.registry import Registry
from simsearch.settings import TuneSettings
from simsearch.tuning.plan import Plan, fit_learning_rate, make_plan
from simsearch.tuning.recipes import apply_recipe
from simsearch.types import Pair

REGISTRY = Registry.load()
PAIRS = [Pair(f"a{i}", f"b{i}") for i in range(20)]
TRIPLETS = [Pair(f"a{i}", f"b{i}", negatives=("c", "d")[: 1 + i % 2]) for i in range(20)]
BINARY = [Pair(f"a{i}", f"b{i}", score=float(i % 2)) for i in range(20)]
GRADED = [Pair(f"a{i}", f"b{i}", score=i / 20) for i in range(20)]
CONSTANT = [Pair(f"a{i}", f"b{i}", score=0.9) for i in range(20)]


def plan(pairs: list[Pair], **tune_settings: object) -> Plan:
    return make_plan(TuneSettings(**tune_settings), pairs, REGISTRY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("pairs", "kind", "loss"),
    [
        (PAIRS, "pairs", "multiple-negatives"),
        (TRIPLETS, "triplets", "multiple-negatives"),
        (BINARY, "binary", "online-contrastive"),
        (GRADED, "graded", "cosent"),
        (CONSTANT, "pairs", "multiple-negatives"),
    ],
)
def test_the_loss_fits_the_data(pairs: list[Pair], kind: str, loss: str) -> None:
    made = plan(pairs)
    assert (made.kind, made.loss.name) == (kind, loss)


def test_a_loss_that_reads_no_scores_says_what_it_leaves_out() -> None:
    made = plan(BINARY, loss="multiple-negatives")
    assert made.kind == "pairs"
    assert any("10 pairs scored below 0.5 are left out" in reason for reason in made.reasons)


@pytest.mark.parametrize(
    ("pairs", "loss", "alternative"),
    [
        (PAIRS, "cosine", "multiple-negatives"),
        (PAIRS, "triplet", "multiple-negatives"),
        (GRADED, "online-contrastive", "cosent"),
        (CONSTANT, "cosent", "multiple-negatives"),
    ],
)
def test_a_loss_that_cant_take_the_data_is_refused_with_one_that_can(
    pairs: list[Pair], loss: str, alternative: str
) -> None:
    with pytest.raises(InputError, match=rf"The loss '{loss}' takes .* --loss {alternative}"):
        plan(pairs, loss=loss)


def test_graded_losses_refuse_constant_scores_for_what_they_are() -> None:
    with pytest.raises(InputError, match=r"all scores are 0\.9, which says nothing"):
        plan(CONSTANT, loss="cosine")


def test_negatives_are_the_fewest_that_every_row_has() -> None:
    assert plan(TRIPLETS).negatives == 1


def test_a_misspelt_loss_gets_the_nearest_name() -> None:
    with pytest.raises(SimsearchError, match="did you mean 'cosent'"):
        plan(PAIRS, loss="cosentt")


def test_scores_that_a_teacher_can_give_negatives_too_are_compared() -> None:
    taught = [replace(pair, negatives=("c",)) for pair in GRADED]
    made = make_plan(TuneSettings(), taught, REGISTRY, compares=True)
    assert (made.kind, made.loss.name, made.negatives) == ("margins", "margin-mse", 1)
    assert make_plan(TuneSettings(), GRADED, REGISTRY, compares=True).loss.name == "cosent"
    asked = make_plan(TuneSettings(loss="cosent"), taught, REGISTRY, compares=True)
    assert (asked.kind, asked.negatives) == ("graded", 0)


def test_few_pairs_are_seen_more_often_in_smaller_batches() -> None:
    few, many = (plan([Pair(f"a{i}", f"b{i}") for i in range(count)]) for count in (999, 1000))
    assert (few.epochs, few.batch_size) == (8, 32)
    assert (many.epochs, many.batch_size) == (4, 64)


def test_a_large_model_learns_more_slowly() -> None:
    small, large = (fit_learning_rate(plan(PAIRS), TuneSettings(), size) for size in (384, 768))
    assert (small.learning_rate, large.learning_rate) == (1e-4, 5e-5)
    assert any(reason.startswith("Learning rate 5e-05: at the upper end") for reason in large.reasons)
    asked = fit_learning_rate(plan(PAIRS, learning_rate=1e-4), TuneSettings(learning_rate=1e-4), 768)
    assert asked.learning_rate == 1e-4


def test_every_number_has_its_reason_and_what_was_asked_for_says_so() -> None:
    own = " ".join(plan(PAIRS).reasons)
    for choice in (
        "Batches of 32: there",
        "8 epochs: the",
        "rate 0.0001: at the upper end",
        "10% of the steps: the",
        "decay 0: fine-tuning",
    ):
        assert choice in own
    asked = " ".join(plan(PAIRS, learning_rate=1e-4, warmup=20, weight_decay=0.0).reasons)
    for choice in ("Learning rate 0.0001", "Warm-up over 20 steps", "Weight decay 0"):
        assert f"{choice}: as requested." in asked


def test_classic_is_the_recipe_of_2022() -> None:
    settings = apply_recipe(TuneSettings(recipe="classic"))
    made = make_plan(settings, PAIRS, REGISTRY)
    assert (made.epochs, made.batch_size, made.warmup) == (8, 32, 100)
    assert settings.scores == "random:mean=0.9,scaling=20"
    assert settings.split == "random:test=0.2"
    assert "scale=1" in made.loss.spec
    assert "similarity=dot" in made.loss.spec


def test_what_the_user_sets_wins_over_the_recipe() -> None:
    asked = apply_recipe(TuneSettings(recipe="classic", epochs=2, split="grouped"))
    assert (asked.epochs, asked.split) == (2, "grouped")


def test_an_unknown_recipe_is_named() -> None:
    with pytest.raises(InputError, match="did you mean 'classic'"):
        apply_recipe(TuneSettings(recipe="clasic"))
