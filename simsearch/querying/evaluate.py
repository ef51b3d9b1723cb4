"""Measure the index on questions with known answers; documents are ranked by their best chunk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from simsearch.errors import InputError
from simsearch.intervals import interval
from simsearch.querying.batch_ranking import BatchRanker
from simsearch.querying.judged_files import Judged
from simsearch.querying.searcher import Searcher
from simsearch.settings import Mode
from simsearch.storage.capabilities import Listing, require
from simsearch.storage.protocols import Snapshot
from simsearch.types import Notice

DEPTH = 1000

Rank = Callable[[str], Sequence[int]]
Judgements = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The measures of an index.

    Args:
        measures: The mean over the questions by measure, 0 to 1.
        queries: How many questions were judged.
        per_query: The measures of each question by its id.
        intervals: The 95 % interval of each mean, by bootstrap over questions.
        documents: The documents found for each question: their ids, best first.
    """

    measures: Mapping[str, float]
    queries: int
    per_query: Mapping[str, Mapping[str, float]]
    intervals: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    documents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def answerable_questions(queries: Mapping[str, str], judgements: Judgements) -> dict[str, str]:
    """The questions that have a relevant document.

    Raises:
        InputError: None has.
    """
    asked = {
        query: text
        for query, text in queries.items()
        if any(grade > 0 for grade in judgements.get(query, {}).values())
    }
    if not asked:
        raise InputError(
            "None of the questions has a relevant document: no question id occurs in both files, or all grades are 0 "
            "or below."
        )
    return asked


def absent_documents(judgements: Judgements, snapshot: Snapshot) -> Notice | None:
    """A warning about relevant documents that are not in the index; None if all are there.

    Raises:
        InputError: None of them is in the index.
    """
    answers = {document for grades in judgements.values() for document, grade in grades.items() if grade > 0}
    absent = answers.difference(require(snapshot, Listing, "listing").document_ids())
    if not absent:
        return None
    example = f"such as '{min(absent)}'"
    if absent == answers:
        raise InputError(
            f"None of the {len(answers)} relevant documents is in the index, {example}. A document's id is its path "
            "from the indexed folder's name on, or the id that its file states: `simsearch query TEXT --format json` "
            "shows ids."
        )
    text = f"{len(absent)} of the {len(answers)} relevant documents are not in the index, {example}."
    return Notice(text, warning=True)


def evaluate_modes(
    searcher: Searcher, judged: Judged, measures: Sequence[str], modes: Sequence[Mode]
) -> dict[Mode, Evaluation]:
    """Evaluate several modes on one snapshot of the index."""
    texts = list(judged.queries.values())
    return {
        mode: evaluate(
            judged.queries,
            judged.judgements,
            searcher.snapshot,
            BatchRanker(searcher.with_mode(mode), texts, DEPTH).rank,
            measures,
        )
        for mode in modes
    }


def evaluate(
    queries: Mapping[str, str],
    judgements: Judgements,
    snapshot: Snapshot,
    rank: Rank,
    measures: Sequence[str],
) -> Evaluation:
    """Ask every judged question and measure the documents found.

    Args:
        rank: Chunk numbers for a question's text, best first.
        measures: Measures in ir-measures notation, such as nDCG@10.

    Raises:
        InputError: No measure is named, one is unknown or can't be computed, or no question has a judgement.
    """
    if not measures:
        raise InputError("Nothing to measure: name a measure, such as nDCG@10.")
    wanted = [_parse_measure(name) for name in measures]
    asked = answerable_questions(queries, judgements)
    documents = {query: rank_documents(snapshot, rank(text)) for query, text in asked.items()}
    per_query = _calculate(wanted, {query: dict(judgements[query]) for query in asked}, documents)
    columns = {
        str(measure): np.array([values.get(str(measure), 0.0) for values in per_query.values()])
        for measure in wanted
    }
    return Evaluation(
        measures={name: float(values.mean()) for name, values in columns.items()},
        queries=len(asked),
        per_query=per_query,
        intervals={name: interval(values, least=0.0) for name, values in columns.items()},
        documents=documents,
    )


def rank_documents(snapshot: Snapshot, chunks: Sequence[int]) -> tuple[str, ...]:
    """Document ids in the order of their best chunk."""
    places = snapshot.places(chunks)
    return tuple(dict.fromkeys(places[chunk].id for chunk in chunks if chunk in places))


def run_lines(evaluation: Evaluation, tag: str) -> Iterable[str]:
    """The lines of a TREC run file: query, Q0, document, rank, score, tag.

    Raises:
        InputError: An id contains a space, which separates columns in that format.
    """
    for query, documents in evaluation.documents.items():
        for place, document in enumerate(documents, 1):
            if len(f"{query} {document}".split()) != 2:
                raise InputError(
                    f"A run file separates its columns by spaces, and the id '{document}' of question '{query}' "
                    "contains one."
                )
            yield f"{query} Q0 {document} {place} {1 / place:.6f} {tag}"


def _calculate(
    measures: Sequence[Any],
    judged: Mapping[str, Mapping[str, int]],
    documents: Mapping[str, tuple[str, ...]],
) -> dict[str, dict[str, float]]:
    import ir_measures

    run = {
        query: {document: -float(place) for place, document in enumerate(found)}
        for query, found in documents.items()
    }
    values: dict[str, dict[str, float]] = {query: {} for query in judged}
    for metric in ir_measures.iter_calc(measures, judged, run):
        values[metric.query_id][str(metric.measure)] = float(metric.value)
    return values


def _parse_measure(name: str) -> Any:
    """A measure by its name, tried on the smallest run: some need programs that are not installed."""
    import ir_measures

    try:
        measure = ir_measures.parse_measure(name)
    except (NameError, ValueError, SyntaxError, TypeError, AssertionError) as error:
        raise InputError(f"'{name}' is not a measure; examples are nDCG@10, R@100 and RR.") from error
    if measure.params.get("cutoff", 1) < 1:  # the library would end the process
        raise InputError(f"'{name}' has a cutoff below 1; use 1 or more, as in nDCG@10.")
    try:
        list(ir_measures.iter_calc([measure], {"query": {"document": 1}}, {"query": {"document": 1.0}}))
    except Exception as error:  # of any kind: measures come from several programs
        raise InputError(f"'{name}' can't be computed here; nDCG@10, R@100, P@5, AP and RR can.") from error
    return measure
