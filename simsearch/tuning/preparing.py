"""Everything that is decided before training: pairs are read, scored, cleaned, planned and divided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from simsearch.errors import InputError
from simsearch.models.trained_rows import row_key
from simsearch.plugins.component_strings import split_component
from simsearch.plugins.registry import Built, Registry
from simsearch.settings import TuneSettings
from simsearch.tuning.doctor.checks import describe_unusable, usable
from simsearch.tuning.judging.leaks import RelatedRows, find_related_rows
from simsearch.tuning.pairs.classes import contrasted, labelled, ringed
from simsearch.tuning.pairs.ledger import TestLedger
from simsearch.tuning.pairs.negatives import fill_missing_negatives
from simsearch.tuning.pairs.parts import Parts, columns_used, divide
from simsearch.tuning.pairs.reading import read_files, sample
from simsearch.tuning.pairs.readings import Reading, describe_files
from simsearch.tuning.pairs.scales import UNIT, Scale, scale_of
from simsearch.tuning.pairs.scoring import score_negatives, score_pairs
from simsearch.tuning.plan import IN_BATCH, Plan, make_plan
from simsearch.tuning.random_streams import RandomStream
from simsearch.tuning.recipes import find_recipe
from simsearch.types import SIMILAR_SCORE, Pair, ScoreGenerator, Scores
from simsearch.wording import counted

SPLIT = "grouped"
"""The splitter, unless the settings or a recipe name another one."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a run starts from.

    Args:
        readings: How each file was read.
        pairs: All that were read, scored.
        train: What the loss sees, in order.
        negative_scores: float32 [train, negatives], for data of the kind `margins`.
        related: What test and training share, and what a random split of the pairs would let them share.
        components: The components used: splitter, loss, score generator.
        cautions: What is known to be wrong with what was asked for, and what was done about scores.
        left_out: A sentence for each kind of row that is not used.
    """

    readings: tuple[Reading, ...]
    pairs: tuple[Pair, ...]
    plan: Plan
    parts: Parts
    train: tuple[Pair, ...]
    negative_scores: Scores | None
    related: RelatedRows
    components: tuple[Built[Any], ...]
    cautions: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """What to say before training begins."""
        return *self.cautions, *self.plan.reasons, *self.left_out


def prepare(
    files: Sequence[Path],
    test_file: Path | None,
    tune_settings: TuneSettings,
    registry: Registry,
    ledger: TestLedger,
) -> Prepared:
    """Read, score, plan and split."""
    if not files:
        raise InputError(
            "There are no pairs to tune on: name a file, as in `simsearch tune pairs.csv`, or set pairs = "
            '["pairs.csv"] under [tune] in simsearch.toml.'
        )
    splitter = registry.splitter(tune_settings.split or SPLIT)
    read = read_files(files, registry, tune_settings.columns)
    pairs = [pair for file in read for pair in file.pairs]
    generator, about_scores = chosen_scores(tune_settings, pairs, registry)
    own = own_scale(tune_settings, pairs)
    readings = describe_files(read, own, columns_used(splitter.spec, pairs))
    pairs = sample(pairs, tune_settings.limit, RandomStream.SAMPLE.generator(tune_settings.seed))
    if generator:
        pairs = score_pairs(pairs, generator, RandomStream.SCORES.generator(tune_settings.seed))
    test_pairs = None
    if test_file:
        scale = generator if generator and generator.name == "given" else None
        judging = read_files([test_file], registry, tune_settings.columns)
        test_pairs = with_own_scores([*judging[0].pairs], registry, scale)
        its_own = own if scale else own_scale(tune_settings, [*judging[0].pairs])
        readings += describe_files(judging, its_own, set())
    pairs, about_negatives = fill_missing_negatives(
        pairs, RandomStream.MISSING_NEGATIVES.generator(tune_settings.seed)
    )
    compares = generator is not None and "negatives" in generator.offer.component.accepts
    plan = make_plan(tune_settings, pairs, registry, compares)
    parts = divide(
        usable(pairs),
        splitter,
        RandomStream.SPLIT.generator(tune_settings.seed),
        ledger,
        test_pairs,
        left_out=chain((note for reading in readings for note in reading.notes), describe_unusable(pairs)),
    )
    related = find_related_rows(
        parts,
        RandomStream.LEAKS.generator(tune_settings.seed),
        measured=splitter.name == "grouped" and not test_file,
    )
    if test_file:
        related = replace(related, random=0)  # no other split was in question
    held = set(map(row_key, related.held))
    parts = replace(parts, train=tuple(pair for pair in parts.train if row_key(pair) not in held))
    train = rows_to_train(parts.train, plan, tune_settings.seed)
    return Prepared(
        readings=readings,
        pairs=tuple(pairs),
        plan=plan,
        parts=parts,
        train=train,
        negative_scores=negatives_scored(train, plan, generator, tune_settings.seed),
        related=related,
        components=(splitter, plan.loss, *([generator] if generator else [])),
        cautions=(*_cautions(tune_settings), *about_scores, *about_negatives),
        left_out=(*(note for reading in readings for note in reading.notes), *_left_out(parts, related)),
    )


def rows_to_train(pairs: Sequence[Pair], plan: Plan, seed: int) -> tuple[Pair, ...]:
    """The rows of the train set that the loss uses; for classes, all pairs that they offer.

    Raises:
        InputError: That is nothing.
    """
    if labelled(pairs):
        return tuple(
            ringed(pairs)
            if plan.kind in IN_BATCH
            else contrasted(pairs, RandomStream.CLASS_PAIRS.generator(seed))
        )
    rows = tuple(pair for pair in pairs if pair.similar or plan.kind not in IN_BATCH)
    if not rows:
        raise InputError(
            "There is nothing to learn from: none of the pairs to train on is scored "
            f"{SIMILAR_SCORE:g} or more. If high scores mean dissimilar, use --scores given:low=HIGH,high=LOW."
        )
    return rows


def chosen_scores(
    tune_settings: TuneSettings, pairs: Sequence[Pair], registry: Registry
) -> tuple[Built[ScoreGenerator] | None, tuple[str, ...]]:
    """The score generator that was asked for, or `given` on the file's own scale, and why; None without scores."""
    if tune_settings.scores:
        return registry.score_generator(tune_settings.scores), (f"Scores {tune_settings.scores}: as set.",)
    scores = [pair.score for pair in pairs if pair.score is not None]
    if not scores:
        return None, ()
    # What shows no scale, and a row without a score, is refused by `given`, which names the row.
    scale = scale_of(scores) or UNIT
    return registry.score_generator(scale.spec), () if scale == UNIT else (scale.reason,)


def own_scale(tune_settings: TuneSettings, pairs: Sequence[Pair]) -> Scale | None:
    """The scale of a file's own scores, as `--scores given:low=LOW,high=HIGH` says or as they show it; None without
    scores."""
    scores = [pair.score for pair in pairs if pair.score is not None]
    if not scores:
        return None
    name, arguments = split_component(tune_settings.scores or "")
    if name == "given" and arguments:
        return Scale(float(arguments.get("low", 0)), float(arguments.get("high", 1)))
    return scale_of(scores) or UNIT


def with_own_scores(
    pairs: Sequence[Pair], registry: Registry, scale: Built[ScoreGenerator] | None = None
) -> list[Pair]:
    """The pairs of a test file, their scores (where it has any) scaled to 0 to 1.

    Args:
        scale: `given` with the scale of what it belongs to; None finds the file's own.
    """
    own, _ = chosen_scores(TuneSettings(), pairs, registry)
    return score_pairs(pairs, scale or own, np.random.default_rng()) if own else list(pairs)


def negatives_scored(
    pairs: Sequence[Pair], plan: Plan, generator: Built[ScoreGenerator] | None, seed: int
) -> Scores | None:
    """Scores for negatives, where the loss compares them with the positives'."""
    if plan.kind != "margins":
        return None
    if generator is None or generator.name == "given":
        raise InputError(
            f"The loss '{plan.loss.name}' needs scores for negatives too, which no file gives: set --scores to a "
            "generator that reads the texts, such as lexical or a teacher's."
        )
    return score_negatives(pairs, generator, RandomStream.NEGATIVE_SCORES.generator(seed), plan.negatives)


def _cautions(tune_settings: TuneSettings) -> tuple[str, ...]:
    return (find_recipe(tune_settings.recipe).caution,) if tune_settings.recipe else ()


def _left_out(parts: Parts, related: RelatedRows) -> tuple[str, ...]:
    notes = []
    if parts.overlapping:
        notes.append(
            f"{counted(parts.overlapping, 'pair is', 'pairs are')} left out of training because the "
            "test file contains one of their texts."
        )
    if parts.tested:
        notes.append(
            f"{counted(parts.tested, 'pair is', 'pairs are')} left out of training because an earlier "
            "run was judged on them."
        )
    if related.tested:
        notes.append(
            f"The test set leaks: {related.tested} of its {len(parts.test)} pairs have the same text, a "
            "near-duplicate, "
            "the same source or group in the train set, so the gain will look better than it is; the splitter "
            "'grouped' keeps such pairs in one set."
        )
    if related.held:
        notes.append(
            f"{counted(len(related.held), 'pair', 'pairs')} with near-duplicates in the train set: left out of "
            "training, to measure what a random split would have claimed."
        )
    if not parts.dev:
        notes.append(
            "There is no dev set, so the weights of the last epoch are kept, whether or not they are the best."
        )
    return tuple(notes)
