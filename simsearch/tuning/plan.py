"""What to train with: the kind of data, the loss that fits it, and the numbers, each with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from simsearch.errors import InputError
from simsearch.plugins.registry import Built, Offer, Registry
from simsearch.settings import TuneSettings
from simsearch.tuning.pairs.classes import FEWEST_CLASSES, classes_of, labelled, texts_by_class
from simsearch.types import LOSS_FOR, SIMILAR_SCORE, DataKind, LossFactory, Pair
from simsearch.wording import counted

MANY_PAIRS = 1000
EPOCHS, EPOCHS_OF_MANY = 8, 4
BATCH_SIZE, BATCH_SIZE_OF_MANY = 32, 64
LEARNING_RATE, LEARNING_RATE_OF_LARGE = 1e-4, 5e-5
LARGE_MODEL = 384
"""Models with longer vectors than this get the lower learning rate: the higher one was only measured on such a small
model (benchmarks/README.md)."""
ABOUT_LEARNING_RATE = "at the upper end of what is usual for such models"
WARMUP, WEIGHT_DECAY = 0.1, 0.0
IN_BATCH: tuple[DataKind, ...] = ("pairs", "triplets")
WITH_NEGATIVES: tuple[DataKind, ...] = ("triplets", "margins")
DESCRIPTIONS: dict[DataKind, str] = {
    "pairs": "pairs without scores",
    "triplets": "pairs with negatives",
    "binary": "pairs scored 0 or 1",
    "graded": "pairs scored between 0 and 1",
    "margins": "pairs whose positives and negatives are both scored",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """How a run trains.

    Args:
        kind: What the training data offers the loss.
        negatives: Negatives of each row that are used.
        warmup: A share of all steps below 1, a number of steps otherwise.
        freeze: How many of the lowest layers are frozen, and the embeddings with them.
        rows: Maximum number of pairs to train on, evenly spread; None for all.
        reasons: A sentence for each choice.
    """

    kind: DataKind
    loss: Built[LossFactory]
    negatives: int
    epochs: int
    batch_size: int
    learning_rate: float
    warmup: float
    weight_decay: float
    freeze: int
    rows: int | None
    reasons: tuple[str, ...]


def make_plan(
    settings: TuneSettings, pairs: Sequence[Pair], registry: Registry, compares: bool = False
) -> Plan:
    """Choose what the settings leave open.

    Args:
        pairs: With the scores that the score generator gave them.
        compares: Whether what gave them can score negatives too.

    Raises:
        InputError: The loss can't take this data; names one that can.
    """
    offered = data_kind(pairs, compares)
    loss = registry.loss(settings.loss or LOSS_FOR[offered])
    kind = fitting_kind(loss.offer, offered, pairs, registry)
    many = len(pairs) >= MANY_PAIRS
    plan = Plan(
        kind=kind,
        loss=loss,
        negatives=fewest_negatives(pairs) if kind in WITH_NEGATIVES else 0,
        epochs=settings.epochs or (EPOCHS_OF_MANY if many else EPOCHS),
        batch_size=settings.batch_size or (BATCH_SIZE_OF_MANY if many else BATCH_SIZE),
        learning_rate=settings.learning_rate or LEARNING_RATE,
        warmup=WARMUP if settings.warmup is None else settings.warmup,
        weight_decay=WEIGHT_DECAY if settings.weight_decay is None else settings.weight_decay,
        freeze=settings.freeze,
        rows=settings.rows,
        reasons=(),
    )
    return replace(plan, reasons=tuple(_reasons(plan, settings, pairs, offered)))


def fit_learning_rate(plan: Plan, settings: TuneSettings, dimension: int) -> Plan:
    """The plan for a model of this size, known only when it is loaded.

    Args:
        dimension: Length of its vectors.
    """
    if settings.learning_rate or dimension <= LARGE_MODEL:
        return plan
    high, low = (
        f"Learning rate {rate:g}: {ABOUT_LEARNING_RATE}." for rate in (LEARNING_RATE, LEARNING_RATE_OF_LARGE)
    )
    reasons = tuple(low if reason == high else reason for reason in plan.reasons)
    return replace(plan, learning_rate=LEARNING_RATE_OF_LARGE, reasons=reasons)


def _reasons(plan: Plan, settings: TuneSettings, pairs: Sequence[Pair], offered: DataKind) -> Iterator[str]:
    yield from _about_data(pairs, offered, plan.kind, plan.loss)
    yield from _about_loss(settings, offered, plan.kind, plan.loss, len(classes_of(pairs)))
    yield from _about_numbers(settings, plan, len(pairs))


def _about_data(
    pairs: Sequence[Pair], offered: DataKind, kind: DataKind, loss: Built[LossFactory]
) -> Iterator[str]:
    if labelled(pairs):
        count = sum(map(len, texts_by_class(pairs).values()))
        yield f"Data: {count} texts of {len(classes_of(pairs))} classes; each is paired with the next of its class."
    else:
        yield f"Data: {len(pairs)} {DESCRIPTIONS[offered]}."
    if kind in IN_BATCH and offered in ("binary", "graded", "margins"):
        left_out = sum(not pair.similar for pair in pairs)
        below = f"scored below {SIMILAR_SCORE:g}"
        yield (
            f"Scores: {loss.name} ignores them; {counted(left_out, f'pair {below} is', f'pairs {below} are')} left out "
            "of training, and the others count equally."
        )
    used, most = fewest_negatives(pairs), max(len(pair.negatives) for pair in pairs)
    if most and kind in WITH_NEGATIVES and used < most:
        first = "one" if used == 1 else f"{used} ones"
        yield f"Negatives: only the first {first} of each row, because some rows have no more."
    elif most and kind not in WITH_NEGATIVES:
        why = f"{loss.name} reads none" if used else f"{sum(not p.negatives for p in pairs)} rows have none"
        yield f"Negatives: those of the file are not used, because {why}."


def _about_loss(
    settings: TuneSettings, offered: DataKind, kind: DataKind, loss: Built[LossFactory], classes: int
) -> Iterator[str]:
    why = "was asked for" if settings.loss else f"fits {DESCRIPTIONS[offered]}"
    yield f"Loss {loss.spec}: it {why}."
    if classes:
        yield (
            f"A batch holds at most one pair of each class, so at most {classes} pairs: another text "
            "of the same class would "
            "count as a wrong answer."
            if kind in IN_BATCH
            else "As many pairs of different classes are added, scored 0."
        )
    elif kind in IN_BATCH:
        yield "A batch holds no text twice: a text's own answer would count as a wrong one."


def _about_numbers(settings: TuneSettings, plan: Plan, count: int) -> Iterator[str]:
    yield f"Batches of {plan.batch_size}: {_because(settings.batch_size, f'there are {count} pairs')}"
    best = "the best weights on the dev set are kept"
    yield f"Up to {plan.epochs} epoch{'s' * (plan.epochs > 1)}: {_because(settings.epochs, best)}"
    yield f"Learning rate {plan.learning_rate:g}: {_because(settings.learning_rate, ABOUT_LEARNING_RATE)}"
    steps = f"{plan.warmup:.0%} of the steps" if plan.warmup < 1 else f"{plan.warmup:g} steps"
    small = "the first steps are small because the optimiser has seen few gradients"
    yield f"Warm-up over {steps}: {_because(settings.warmup is not None, small)}"
    near = "fine-tuning stays near the base's weights, and decay would pull them towards zero"
    yield f"Weight decay {plan.weight_decay:g}: {_because(settings.weight_decay is not None, near)}"
    if plan.freeze:
        yield f"Frozen: the embeddings and the {plan.freeze} lowest layers: as requested."


def data_kind(pairs: Sequence[Pair], compares: bool = False) -> DataKind:
    """What the pairs offer: the richest kind of data that all of them can serve.

    Args:
        compares: As of make_plan.
    """
    if labelled(pairs):
        return "pairs" if len(classes_of(pairs)) >= FEWEST_CLASSES else "binary"
    scores = {pair.score for pair in pairs}
    if None not in scores and len(scores) > 1:
        if compares and fewest_negatives(pairs):
            return "margins"
        return "binary" if scores == {0.0, 1.0} else "graded"
    return "triplets" if fewest_negatives(pairs) else "pairs"


def fitting_kind(offer: Offer, offered: DataKind, pairs: Sequence[Pair], registry: Registry) -> DataKind:
    """The kind of data to give a loss, of those that these pairs can serve.

    Raises:
        InputError: There is none; says what the loss takes and names one that takes this data.
    """
    accepts = offer.component.accepts
    for kind in _servable(offered, pairs):
        if kind in accepts:
            return kind
    wanted = " or ".join(DESCRIPTIONS[kind] for kind in DESCRIPTIONS if kind in accepts)
    hint = "; for scores give the file a score column or set --scores" if "graded" in accepts else ""
    scored = {pair.score for pair in pairs}
    if None not in scored and len(scored) == 1:
        hint = f"; all scores are {scored.pop():g}, which says nothing"
    raise InputError(
        f"The loss '{offer.component.name}' takes {wanted}, and these are {DESCRIPTIONS[offered]}{hint}. "
        f"'{LOSS_FOR[offered]}' can take them: --loss {LOSS_FOR[offered]}."
    )


def fewest_negatives(pairs: Sequence[Pair]) -> int:
    return min((len(pair.negatives) for pair in pairs), default=0)


def _servable(offered: DataKind, pairs: Sequence[Pair]) -> list[DataKind]:
    kinds: list[DataKind] = [offered]
    if labelled(pairs):
        kinds.append("binary")
    if "binary" in kinds or "margins" in kinds:
        kinds.append("graded")
    if fewest_negatives(pairs):
        kinds += ["triplets", "margins"]
    return [*kinds, "pairs"]


def _because(asked: object, reason: str) -> str:
    return "as requested." if asked else f"{reason}."
