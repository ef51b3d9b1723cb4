"""A comparison of models for a terminal."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simsearch.tuning.model_comparison import ModelComparison, ModelResult

SLOWER = 0.97
"""Below this ratio of speeds, a model is slower by more than the error of timing."""


def describe(comparison: ModelComparison) -> str:
    """The comparison, and whether a lower precision is worth it."""
    width = max(len(standing.model) for standing in comparison.standings)
    rows = [f"{'':{width}}  nDCG@10  {'gain (95 % interval)':25}{'MB':>6}{'texts/s':>9}"]
    for one in comparison.standings:
        low, high = one.interval
        gain = f"{one.gain:+.3f} ({low:+.3f} to {high:+.3f})" if one.against else ""
        size = "" if one.megabytes is None else f"{one.megabytes:.0f}"
        rows.append(
            f"{one.model:{width}}  {one.measures['nDCG@10']:7.3f}  {gain:25}{size:>6}{one.texts_per_second:9.1f}"
        )
    looked = f", evaluated {comparison.looks} times so far" if comparison.looks > 1 else ""
    full = {one.model: one for one in comparison.standings}
    reduced = [one for one in comparison.standings if "@" in one.model and one.against in full]
    also = "; at a lower precision, over the same model at full precision" if reduced else ""
    first = comparison.standings[0].model
    about = (
        f"{comparison.questions} questions of {comparison.source}{looked}. The gain is over {first}{also}."
    )
    notes = [about, *(_worth(one, full[one.against or ""]) for one in reduced)]
    return "\n".join([*rows, "", *map(_wrap, notes)])


def _wrap(text: str) -> str:
    return textwrap.fill(text, 80, break_long_words=False, break_on_hyphens=False)


def _worth(one: ModelResult, full: ModelResult) -> str:
    """What a lower precision costs and gains, in a sentence."""
    size = f"{(one.megabytes or 0) / (full.megabytes or 1):.0%} of the size"
    gives = f"{one.model}: {size}, {one.speed:.2f} times the speed, nDCG@10 {one.gain:+.3f}."
    if one.interval[1] < 0:
        return f"{gives} It is significantly worse: not worth it on your data."
    if one.speed < SLOWER:
        gives += " It is slower on this machine: worth it only for its size."
    return f"{gives} `simsearch models use {one.model}` chooses it."
