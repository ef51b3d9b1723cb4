"""Hard negatives for the train set, by the chosen miner."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from simsearch.errors import InputError
from simsearch.grouping import answers_of
from simsearch.near_duplicates import normalise
from simsearch.plugins.registry import Built, Registry
from simsearch.settings import TuneSettings
from simsearch.storage.dense.exact import search_exact
from simsearch.tuning.plan import IN_BATCH
from simsearch.tuning.preparing import Prepared
from simsearch.tuning.random_streams import RandomStream
from simsearch.types import Embedder, MiningData, NegativeMiner, Pair


def add_negatives(
    prepared: Prepared,
    settings: TuneSettings,
    registry: Registry,
    base: Embedder,
    load: Callable[[str], Embedder],
) -> Prepared:
    """Mine negatives for each pair of the train set.

    A pair for which too few were found gets positives of other anchors, drawn at random: all rows of a batch need
    the same number.

    Args:
        load: Another model by name, for a teacher.

    Raises:
        InputError: The loss reads no negatives.
        PluginError: The miner broke its contract.
    """
    spec = settings.negatives or ""
    miner = registry.negative_miner(spec)
    plan = prepared.plan
    if plan.kind not in IN_BATCH or "triplets" not in plan.loss.offer.component.accepts:
        raise InputError(
            f"--negatives {spec} has no effect here: the loss '{plan.loss.name}' on this data ignores negatives; "
            "'multiple-negatives' and 'triplet' do."
        )
    random = RandomStream.NEGATIVES.generator(settings.seed)
    found = find_negatives(miner, prepared.train, MiningData(base, load, search_exact), random)
    count = max(map(len, found), default=0)
    if not count:
        note = f"Negatives {spec}: none were found, so only the other texts of a batch serve as negatives."
        return replace(prepared, plan=replace(plan, reasons=(*plan.reasons, note)))
    note = describe_negatives(spec, found, count)
    return replace(
        prepared,
        train=fill_up(prepared.train, found, count, plan.negatives, random),
        components=(*prepared.components, miner),
        plan=replace(plan, kind="triplets", negatives=plan.negatives + count, reasons=(*plan.reasons, note)),
    )


def find_negatives(
    miner: Built[NegativeMiner], pairs: Sequence[Pair], data: MiningData, random: np.random.Generator
) -> list[tuple[str, ...]]:
    """What a miner found, one tuple for each pair."""
    with miner.guarded():
        found = [tuple(texts) for texts in miner.value(pairs, data, random)]
    if len(found) != len(pairs):
        raise miner.blame(f"gave negatives for {len(found)} pairs, not for {len(pairs)}")
    answers = answers_of(pairs)
    for pair, texts in zip(pairs, found, strict=True):
        if any(normalise(text) in answers[normalise(pair.anchor)] for text in texts):
            raise miner.blame(f"gave a positive of '{pair.anchor[:40]}' as its negative")
    return found


def fill_up(
    pairs: Sequence[Pair],
    found: Sequence[tuple[str, ...]],
    count: int,
    own: int,
    random: np.random.Generator,
) -> tuple[Pair, ...]:
    """The pairs with `own` negatives of the file and `count` others each."""
    answers = answers_of(pairs)
    positives = list({normalise(pair.positive): pair.positive for pair in pairs}.values())

    def more(pair: Pair, texts: tuple[str, ...]) -> tuple[str, ...]:
        drawn = list(texts)
        wrong = answers[normalise(pair.anchor)] | set(map(normalise, texts))
        if count - len(drawn) > sum(normalise(text) not in wrong for text in positives):
            raise InputError(
                f"There are only {len(positives)} different positives to train on, too few to draw {count} "
                f"negatives for '{pair.anchor[:40]}' from: leave out --negatives."
            )
        while len(drawn) < count:
            text = positives[int(random.integers(len(positives)))]
            if normalise(text) not in wrong:
                wrong.add(normalise(text))
                drawn.append(text)
        return tuple(drawn)

    return tuple(
        replace(pair, negatives=(*pair.negatives[:own], *more(pair, texts)))
        for pair, texts in zip(pairs, found, strict=True)
    )


def describe_negatives(spec: str, found: Sequence[tuple[str, ...]], count: int) -> str:
    total = sum(map(len, found))
    missing = len(found) * count - total
    drawn = f"; {missing} more are drawn at random, because every row needs {count}" if missing else ""
    return f"Negatives {spec}: {total} were found for {sum(map(bool, found))} of {len(found)} pairs{drawn}."
