"""Judgements of a file into the log, as far as the index has their documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from simsearch.errors import InputError
from simsearch.judgements.documents import judge_document
from simsearch.judgements.files import read_judgement_file
from simsearch.judgements.log import JudgementLog, new_judgement
from simsearch.querying.searcher import Searcher
from simsearch.types import Judgement


@dataclass(frozen=True, slots=True)
class SkippedJudgement:
    """A row that was not kept, and why."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a file of judgements."""

    added: int
    skipped: tuple[SkippedJudgement, ...]

    def to_json(self) -> Mapping[str, Any]:
        return asdict(self)


def import_judgements(
    file: Path, queries: Path | None, searcher: Searcher, log: JudgementLog, by: str
) -> ImportReport:
    """Keep the judgements of a file; those of documents that the index does not have are skipped and reported.

    Args:
        queries: The questions, if the file has TREC qrels.
        by: Who judged, for rows that do not say it.

    Raises:
        InputError: A row is not a judgement. Nothing is kept then.
    """
    kept, skipped = [], []
    for row, judgement in read_judgement_file(file, queries):
        try:
            kept.append(_completed(judgement, searcher, by))
        except InputError as error:
            skipped.append(SkippedJudgement(row, str(error)))
    if kept:
        log.add(kept)
    return ImportReport(len(kept), tuple(skipped))


def _completed(judgement: Judgement, searcher: Searcher, by: str) -> Judgement:
    """The judgement with what its file leaves out."""
    now = new_judgement(judgement.question, judgement.id, judgement.right, by)
    judgement = replace(judgement, by=judgement.by or now.by, when=judgement.when or now.when)
    if judgement.passage and judgement.digest:  # as it was exported
        return judgement
    found = judge_document(judgement, {judgement.id, judgement.path}, searcher)
    return replace(found, passage=judgement.passage or found.passage, rank=judgement.rank or found.rank)
