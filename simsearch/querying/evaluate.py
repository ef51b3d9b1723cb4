"""How well the index answers questions with known answers: documents ranked by their best chunk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simsearch.errors import InputError
from simsearch.intervals import interval
from simsearch.querying.judged_files import Judged
from simsearch.querying.searcher import Searcher
from simsearch.settings import Mode
from simsearch.storage.protocols import Snapshot
from simsearch.types import Notice

DEPTH = 1000

Rank = Callable[[str], Sequence[int]]
Judgements = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What an index scored.

    Args:
        measures: Measure to mean over the questions, 0 to 1.
        queries: How many questions were judged.
        per_query: Measure values of each question by its id.
        intervals: The 95 % interval of each mean, by bootstrap over questions.
        documents: What was found for each question: document ids, best first.
    """

    measures: Mapping[str, float]
    queries: int
    per_query: Mapping[str, Mapping[str, float]]
    intervals: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    documents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def answerable(queries: Mapping[str, str], judgements: Judgements) -> dict[str, str]:
    """The questions that have an answer.

    Raises:
        InputError: There is none.
    """
    asked = {
        query: text
        for query, text in queries.items()
        if any(grade > 0 for grade in judgements.get(query, {}).values())
    }
    if not asked:
        raise InputError(
            "None of the questions has a judgement: the ids in the two files have nothing in common."
        )
    return asked


def absent_documents(judgements: Judgements, snapshot: Snapshot) -> Notice | None:
    """What to say of answers that are not in the index, and that no search can find; None where all are there.

    Raises:
        InputError: None is there.
    """
    answers = {document for grades in judgements.values() for document, grade in grades.items() if grade > 0}
    absent = answers.difference(snapshot.document_ids())
    if not absent:
        return None
    such = f"such as '{min(absent)}'"
    if absent == answers:
        raise InputError(
            f"None of the {len(answers)} documents that should be found is in the index, {such}. A document's id is "
            "its path from the indexed folder's name on, or the one that its file gives it: `simsearch query TEXT "
            "--format json` shows it."
        )
    text = f"{len(absent)} of the {len(answers)} documents that should be found are not in the index, {such}."
    return Notice(text, warning=True)


def evaluate_modes(
    searcher: Searcher, judged: Judged, measures: Sequence[str], modes: Sequence[Mode]
) -> dict[Mode, Evaluation]:
    """As `evaluate`, by each of several modes on one snapshot of the index."""
    texts = list(judged.queries.values())
    return {
        mode: evaluate(
            judged.queries,
            judged.judgements,
            searcher.snapshot,
            searcher.by(mode).ranker(texts, DEPTH),
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
        measures: Names that ir-measures knows, such as nDCG@10.

    Raises:
        InputError: No measure is named, one is unknown or can't be computed, or no question has a judgement.
    """
    if not measures:
        raise InputError("There is nothing to measure by: name a measure, such as nDCG@10.")
    wanted = [_measure(name) for name in measures]
    asked = answerable(queries, judgements)
    documents = {query: documents_of(snapshot, rank(text)) for query, text in asked.items()}
    per_query = _values(wanted, {query: dict(judgements[query]) for query in asked}, documents)
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


def documents_of(snapshot: Snapshot, chunks: Sequence[int]) -> tuple[str, ...]:
    """Document ids in the order of their best chunk."""
    ids = snapshot.ids(chunks)
    return tuple(dict.fromkeys(ids[chunk] for chunk in chunks if chunk in ids))


def difference(one: Evaluation, other: Evaluation, measure: str) -> NDArray[np.float64]:
    """What each question scored more with one than with the other, float64 [q]."""
    return np.array(
        [
            one.per_query[query].get(measure, 0.0) - other.per_query[query].get(measure, 0.0)
            for query in one.per_query
        ]
    )


def run_lines(evaluation: Evaluation, tag: str) -> Iterable[str]:
    """What was found as TREC's run file has it: query, Q0, document, rank, score, tag.

    Raises:
        InputError: An id has blanks in it, which that form can't hold.
    """
    for query, documents in evaluation.documents.items():
        for place, document in enumerate(documents, 1):
            if len(f"{query} {document}".split()) != 2:
                raise InputError(
                    f"A run file divides its columns by blanks, and the id '{document}' of question '{query}' has one."
                )
            yield f"{query} Q0 {document} {place} {1 / place:.6f} {tag}"


def _values(
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


def _measure(name: str) -> Any:
    """A measure by its name, tried on the smallest run there is: of those that are known, some need what isn't here."""
    import ir_measures

    try:
        measure = ir_measures.parse_measure(name)
    except (NameError, ValueError, SyntaxError, TypeError, AssertionError) as error:
        raise InputError(f"'{name}' is no measure; write it as nDCG@10, R@100 or RR.") from error
    if measure.params.get("cutoff", 1) < 1:  # the library would end the process
        raise InputError(f"'{name}' looks at no document at all; a cutoff is 1 or more, as in nDCG@10.")
    try:
        list(ir_measures.iter_calc([measure], {"query": {"document": 1}}, {"query": {"document": 1.0}}))
    except Exception as error:  # of any kind: each measure comes from another program
        raise InputError(
            f"'{name}' can't be computed here; measures that can be are nDCG@10, R@100, P@5, AP and RR."
        ) from error
    return measure
