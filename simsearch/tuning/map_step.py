"""The quick step: a linear map on the vectors of the base, and the same kind of map on those of the tuned model."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from simsearch.grouping import related_rows
from simsearch.linear_maps.choosing import FittedMap, fit_best_map
from simsearch.linear_maps.examples import Examples
from simsearch.linear_maps.fitting import fit_maps
from simsearch.linear_maps.linear_map import LinearMap
from simsearch.near_duplicates import normalise
from simsearch.tuning.judging.measures import MAIN, Encode, embed, judge, judge_embedded
from simsearch.tuning.judging.probe import NEGLIGIBLE, probe_questions
from simsearch.tuning.pairs.classes import labelled, ringed
from simsearch.tuning.preparing import Prepared
from simsearch.types import Pair, Role, Rows, Vectors

STACKED_STEPS, STACKED_SHARE = 20, 0.5
"""On top of tuned weights. They are fixed: the tuned model knows the train set by heart, so its folds say nothing, and
the dev set has chosen the weights already."""


@dataclass(frozen=True, slots=True)
class MapReport:
    """What the linear map is, and what it brought on questions of the train and dev set that did not fit it.

    Args:
        questions_only: Whether vectors of documents stay as they are, so that an index needs no new ones.
        steps: Of the optimiser.
        share: How much of the map is applied, 0 to 1.
        before: nDCG@10 without the map, the mean over held-out folds.
        after: nDCG@10 with it.
        helps: Whether the gain is more than chance.
        text: All that in a sentence.
    """

    questions_only: bool
    steps: int
    share: float
    before: float
    after: float
    helps: bool
    text: str

    @classmethod
    def of(cls, fitted: FittedMap) -> MapReport:
        choice = fitted.choice
        before, after = float(fitted.before.mean()), float(fitted.after.mean())
        return cls(
            questions_only=choice.questions_only,
            steps=choice.steps,
            share=choice.share,
            before=before,
            after=after,
            helps=fitted.helps,
            text=_describe(before, after, choice.questions_only, fitted.helps),
        )


def _describe(before: float, after: float, questions_only: bool, helps: bool) -> str:
    gain = f"Linear map on the base's vectors: {MAIN} {before:.3f} → {after:.3f} on held-out folds"
    if not helps:
        return f"{gain}, which may be chance."
    kept = "an index keeps its vectors" if questions_only else "the vectors of an index are multiplied by it"
    return f"{gain}. With this map alone (--quick) {kept}, and nothing is embedded again."


def fit_base_map(prepared: Prepared, encode: Encode, seed: int) -> FittedMap | None:
    """The map on the vectors of the base; None if there are too few unrelated pairs.

    Args:
        encode: The base.
    """
    return fit_best_map(map_examples(map_pairs(prepared), encode), seed)


def fit_stacked_map(prepared: Prepared, base: Encode, encode: Encode, seed: int) -> LinearMap | None:
    """A map on the questions, on the vectors of the tuned model; as much of it as doesn't make the model forget.

    Args:
        encode: The tuned model.
    """
    examples = map_examples(map_pairs(prepared), encode)
    (fitted,) = fit_maps(examples, [STACKED_STEPS], questions_only=True, seed=seed)
    return limit_forgetting(fitted.shrink(STACKED_SHARE), encode, judge(base, probe_questions()).mean())


def limit_forgetting(linear_map: LinearMap, encode: Encode, known: float) -> LinearMap | None:
    """As much of a map as costs the model next to nothing on the probe; None if even a quarter costs more.

    Args:
        encode: The model without the map.
        known: nDCG@10 of the base on the probe.
    """
    probe = probe_questions()
    vectors = embed(encode, probe)
    for share in (1.0, 0.5, 0.25):
        part = linear_map.shrink(share)
        if known - judge_embedded(vectors.change(part.apply), probe).mean() <= NEGLIGIBLE:
            return part
    return None


def map_pairs(prepared: Prepared) -> list[Pair]:
    """What a map is fitted on: similar pairs of the train and the dev set. It chooses nothing by the dev set."""
    dev = prepared.parts.dev
    pairs = (*prepared.train, *(ringed(dev) if labelled(dev) else dev))
    return [pair for pair in pairs if pair.similar]


def map_examples(pairs: Sequence[Pair], encode: Encode) -> Examples:
    """The pairs as vectors, with what must not be a negative and what belongs in one fold."""
    groups = np.empty(len(pairs), np.int64)
    for number, members in enumerate(related_rows(pairs)):
        groups[members] = number
    return Examples(
        questions=encode([pair.anchor for pair in pairs], "query"),
        documents=encode([pair.positive for pair in pairs], "document"),
        labels=np.stack(
            [
                _numbers(normalise(pair.anchor) for pair in pairs),
                _numbers(normalise(pair.positive) for pair in pairs),
                _numbers(pair.label for pair in pairs),
            ],
            axis=1,
        ),
        groups=groups,
    )


def mapped(encode: Encode, linear_map: LinearMap) -> Encode:
    """The model with the map behind it."""

    def encode_mapped(texts: Sequence[str], role: Role) -> Vectors:
        return linear_map.apply(encode(texts, role), role)

    return encode_mapped


def _numbers(values: Iterable[Hashable]) -> Rows:
    """A number for each different value; -1 for None."""
    numbers: dict[Hashable, int] = {None: -1}
    return np.array([numbers.setdefault(value, len(numbers)) for value in values], np.int64)
