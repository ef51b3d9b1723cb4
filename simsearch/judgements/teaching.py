"""Learn from judgements what the search does from then on, if it is proven that this helps.

A teaching is kept only if it makes right documents more probable for questions that did not take part in it, if it does
so more than verdicts that follow ranks alone, and if questions that nobody judged keep their answers.

The proof is by probability, not by nDCG: people mostly judge what the search already finds first, where nDCG can't
rise. benchmarks/judgements.py measures both, and the answers to later questions.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from simsearch.intervals import interval, within_chance
from simsearch.judgements.documents import LocatedJudgement
from simsearch.judgements.judged_questions import JudgedQuestion, group_judgements
from simsearch.judgements.log import utc_now
from simsearch.judgements.other_questions import ask_others
from simsearch.judgements.questions import AskedQuestion
from simsearch.judgements.trial import Trial
from simsearch.querying.no_good_match import calibrate
from simsearch.querying.searcher import Searcher
from simsearch.querying.teaching import Teaching
from simsearch.threads import one_blas_thread

FEWEST_QUESTIONS = 8
SHUFFLES = 9
MOST_LOST = 0.05
"""How much of their value other questions may lose on average."""


@dataclass(frozen=True, slots=True)
class TeachReport:
    """What was learned, and whether it is kept.

    Args:
        kept: Whether the search uses it from now on.
        reason: Why, in a sentence.
        judgements: How many took part.
        questions: How many different ones were judged.
        linear_map: Whether the best teaching has a map.
        memory: Whether it has a memory.
        value: The mean nDCG@10 of judged questions without any teaching.
        gain: Its mean gain on judged questions that were left out of it; None if there were too few.
        interval: The 95 % interval of the gain.
        likelier: How many times as probable the map makes right documents for questions that were left out (the
            geometric mean).
        likelier_interval: Its 95 % interval; the proof is that it lies above 1.
        shuffled: The highest `likelier` of shuffled verdicts; None if that was not tried.
        others: How many other questions were asked.
        lost: How much of their value they lose, 0 to 1; None if none was asked.
        more: Roughly how many more judgements would decide; None if that can't be told.
    """

    kept: bool
    reason: str
    when: str
    judgements: int
    questions: int
    linear_map: bool = False
    memory: bool = False
    value: float | None = None
    gain: float | None = None
    interval: tuple[float, float] | None = None
    likelier: float | None = None
    likelier_interval: tuple[float, float] | None = None
    shuffled: float | None = None
    others: int = 0
    lost: float | None = None
    more: int | None = None

    @property
    def renewal(self) -> str:
        """What became of an earlier teaching, in a sentence."""
        if self.kept:
            return f"What was taught is learned again for the changed index, from {self.questions} judged questions."
        return f"What was taught no longer fits the index and is dropped. {self.reason}"

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def learn_teaching(
    located: Collection[LocatedJudgement], asked: Sequence[AskedQuestion], searcher: Searcher
) -> tuple[TeachReport, Teaching | None]:
    """Learn from judgements, and try what was learned.

    Args:
        asked: The log of questions; empty if they are not kept.
        searcher: Knows nothing of any teaching.

    Returns:
        The report, and the teaching if it is to be kept.
    """
    questions = group_judgements(located)
    report = TeachReport(
        kept=False,
        reason=f"At least {FEWEST_QUESTIONS} different questions have to be judged.",
        when=utc_now(),
        judgements=sum(len(question.verdicts) for question in questions),
        questions=len(questions),
        more=max(FEWEST_QUESTIONS - len(questions), 0),
    )
    if len(questions) < FEWEST_QUESTIONS:
        return report, None
    with one_blas_thread():
        return _learn_and_try(questions, asked, searcher, report)


def _learn_and_try(
    questions: Sequence[JudgedQuestion],
    asked: Sequence[AskedQuestion],
    searcher: Searcher,
    report: TeachReport,
) -> tuple[TeachReport, Teaching | None]:
    """Learn from enough questions; the report says no more yet than how many there are."""
    trial = Trial(questions, searcher.embed([question.text for question in questions]), searcher)
    report = _try_out(trial, report)
    if not report.kept:
        return report, None
    linear_map = trial.fit()
    memory = trial.remember(trial.verdicts, linear_map) if report.memory else None
    teaching = Teaching(searcher.snapshot.identity.fingerprint, linear_map, memory, {})
    report = _ask_others(trial, asked, searcher, teaching, report)
    if not report.kept:
        return report, None
    calibration = calibrate(searcher.snapshot, searcher.embedder, teaching.apply) if linear_map else None
    good_match = calibration.cosine if calibration else None
    return report, replace(teaching, proof=report.to_json(), good_match=good_match)


def _try_out(trial: Trial, report: TeachReport) -> TeachReport:
    """Whether a teaching passes the tests on judged questions, and whether it has a memory.

    The map has to be proven. A memory joins it unless that costs more than chance explains: it is for questions that
    come again, and those that are left out of it can only show that it does no harm. On its own it is not kept, because
    it gains by chance where random verdicts happen to agree.
    """
    (maps,) = trial.fit_folds([trial.verdicts])
    attempts = (trial.try_nothing(), trial.try_maps(maps), trial.try_both(maps))
    trial.search_for(attempts[1])
    before, *after = trial.measure([(attempt, trial.verdicts) for attempt in attempts])
    by_map, by_both = (values - before for values in after)
    joined = within_chance(by_map.log - by_both.log)
    gains = by_both if joined else by_map
    gain, (low, high) = float(by_map.log.mean()), interval(by_map.log)
    report = replace(
        report,
        linear_map=True,
        memory=joined,
        value=float(before.ndcg.mean()),
        gain=float(gains.ndcg.mean()),
        interval=interval(gains.ndcg),
        likelier=math.exp(gain),
        likelier_interval=(math.exp(low), math.exp(high)),
        more=None,
    )
    if low <= 0:
        more = _more_judgements(report.judgements, gain, (high - low) / 2)
        reason = "The gain on questions that were left out is not proven."
        return replace(report, reason=reason, more=more)
    if not within_chance(-gains.ndcg):
        return replace(report, reason="Questions that were left out would find less.")
    return _compare_shuffled(trial, gain, report)


def _compare_shuffled(trial: Trial, gain: float, report: TeachReport) -> TeachReport:
    """Whether the map gains more than from verdicts that follow ranks alone."""
    shuffles = [trial.shuffle() for _ in range(SHUFFLES)]
    untaught = trial.try_nothing()
    tried = [(untaught, verdicts) for verdicts in shuffles]
    maps = trial.fit_folds(shuffles)
    tried += [(trial.try_maps(fitted), verdicts) for fitted, verdicts in zip(maps, shuffles, strict=True)]
    logs = [float(values.log.mean()) for values in trial.measure(tried)]
    highest = max(after - before for before, after in zip(logs, logs[SHUFFLES:], strict=False))
    report = replace(report, shuffled=math.exp(highest))
    if highest >= gain:
        reason = "Verdicts that follow ranks alone gain as much, so these may say nothing of the documents."
        return replace(report, reason=reason)
    return replace(report, kept=True, reason="The gain is proven.")


def _ask_others(
    trial: Trial,
    asked: Sequence[AskedQuestion],
    searcher: Searcher,
    teaching: Teaching,
    report: TeachReport,
) -> TeachReport:
    """Whether questions that nobody judged keep their answers."""
    others = ask_others(searcher, asked, [question.text for question in trial.questions])
    if not others.texts:
        reason = (
            "There are no other questions to ask: set keep_questions = true under [use] in simsearch.toml."
        )
        return replace(report, kept=False, reason=reason)
    after = others.values_after(teaching, trial.chunks, searcher.snapshot)
    lost = float((others.before - after).mean())
    report = replace(report, others=len(others.texts), lost=max(lost, 0.0))
    if lost > MOST_LOST:
        return replace(report, kept=False, reason="Other questions would lose their answers.")
    return report


def _more_judgements(judgements: int, gain: float, half: float) -> int | None:
    """Roughly how many more judgements bring the interval above zero, if the gain stays what it is."""
    return math.ceil(judgements * ((half / gain) ** 2 - 1)) + 1 if gain > 0 else None
