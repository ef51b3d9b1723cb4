"""The status of a workspace: model, index, and how current they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from simsearch.errors import StorageError
from simsearch.home import HOME, Home
from simsearch.indexing import IndexedRoot, Kind, count_files, list_notices, list_roots, read_rate
from simsearch.models import Models
from simsearch.querying.dense_weight import LearnedWeight, read_learned_weight
from simsearch.querying.legibility_record import Legibility, read_legibility
from simsearch.querying.teaching import read_teaching
from simsearch.storage.protocols import Counts, Coverage, DenseIndex, FileRecord, Store


@dataclass(frozen=True, slots=True)
class Status:
    """The status of a workspace.

    Args:
        model: The model that a new index would use.
        slow: Models in use that sentence-transformers has to run, each with the reason.
        promoted: The promoted run; None if there is none.
        index: How much the index holds; None if there is no index.
        coverage: How many chunks have vectors; the others are found by their words only. None if there is no index.
        seconds_left: About how long embedding the others takes, at the rate of the last run; None if none are left, or
            if no run has measured it.
        dense: How the index finds the nearest chunks, and with which recall.
        index_model: The model that the index was built with.
        fresh: Whether that is the model that a new index would use.
        notices: How many files have no text, were partly read, or are in an encoding that was guessed.
        roots: What was given to `index`, with how many files are indexed of it, and when that was last done.
        legibility: The scripts and languages of the index that the model or the stemmer can't read.
        keeps_questions: Whether questions are kept (use.keep_questions).
        learned: The dense weight that judged questions chose for the index's model; None if none was kept.
        taught: How many judged questions `teach` learned from; None if nothing is taught.
    """

    workspace: str
    model: str
    slow: Mapping[str, str]
    promoted: str | None
    index: Counts | None
    coverage: Coverage | None
    seconds_left: float | None
    dense: DenseIndex | None
    index_model: str | None
    fresh: bool
    learned: LearnedWeight | None
    legibility: Legibility | None
    notices: Mapping[Kind, int]
    roots: tuple[IndexedRoot, ...]
    keeps_questions: bool = False
    taught: int | None = None


def read_status(folder: Path, store: Store, models: Models, keeps_questions: bool) -> Status:
    """The status of the workspace in `folder`."""
    counts = coverage = dense = identity = legibility = None
    notices: dict[str, tuple[str, ...]] = {}
    files: dict[str, FileRecord] = {}
    if store.exists():
        with closing(store.read()) as snapshot:
            counts, dense, identity = snapshot.counts(), snapshot.dense_index(), snapshot.identity
            coverage, legibility = snapshot.coverage(), read_legibility(folder / HOME, snapshot)
            notices, files = snapshot.notices(), snapshot.files()
    return Status(
        workspace=str(folder),
        model=models.current,
        slow=_slow(models, [models.current, *([identity.model] if identity else [])]),
        promoted=models.runs.promoted(),
        index=counts,
        coverage=coverage,
        seconds_left=_seconds_left(coverage, Home(folder / HOME)),
        dense=dense,
        index_model=identity.model if identity else None,
        fresh=identity is None or identity.model == models.current,
        learned=read_learned_weight(folder / HOME, identity.fingerprint) if identity else None,
        legibility=legibility,
        notices=count_files(list_notices(notices)),
        roots=list_roots(files.values(), folder, folder / HOME),
        keeps_questions=keeps_questions,
        taught=_count_taught(Home(folder / HOME)),
    )


def _seconds_left(coverage: Coverage | None, home: Home) -> float | None:
    if coverage is None or not coverage.pending:
        return None
    rate = read_rate(home.embedding_rate)
    return round(rate.seconds_for(coverage.pending), 1) if rate else None


def _count_taught(home: Home) -> int | None:
    try:
        teaching = read_teaching(home.teaching)
    except StorageError:  # a search says so
        return None
    return int(teaching.proof["questions"]) if teaching else None


def _slow(models: Models, names: Sequence[str]) -> dict[str, str]:
    return {name: reason for name in names if (reason := models.why_slow(name))}
