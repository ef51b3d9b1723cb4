"""The documents that judgements are about: found when they are judged, and again when they were renamed or changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from simsearch.errors import InputError
from simsearch.querying.searcher import Searcher
from simsearch.storage.conditions import FieldComparison, Or
from simsearch.storage.protocols import ChunkRecord, FileRecord, Snapshot
from simsearch.types import Judgement, Vectors
from simsearch.wording import suggestion

State = Literal["current", "changed", "renamed", "missing"]


@dataclass(frozen=True, slots=True)
class LocatedJudgement:
    """A judgement with what the index holds of its document now.

    Args:
        judgement: With the path and id that its document has now.
        state: `current`; `changed` since it was judged; `renamed`, with the same content; or `missing`.
    """

    judgement: Judgement
    state: State


def judge_document(
    judgement: Judgement, names: Collection[str], searcher: Searcher, line: int | None = None
) -> Judgement:
    """The judgement with its document's path, id and digest, the passage, and the rank at which it is found.

    Args:
        names: What the index may call the document: its id, or a path relative to the workspace's folder.
        line: A line of the passage, from 1; None takes the chunk that is nearest to the question.

    Raises:
        InputError: The index has no such document, or none of its chunks has this line.
    """
    answer = searcher.ask(judgement.question)
    record = _find_chunk(judgement.question, names, searcher, line)
    rank = next((hit.rank for hit in answer.hits if (hit.path, hit.id) == (record.path, record.id)), None)
    return replace(
        judgement,
        path=record.path,
        id=record.id,
        passage=record.text,
        digest=searcher.snapshot.files()[record.path].digest,
        rank=rank,
    )


def locate_judgements(judgements: Collection[Judgement], snapshot: Snapshot) -> list[LocatedJudgement]:
    """Where the index has each judged document now."""
    files = snapshot.files()
    by_digest = {record.digest: path for path, record in files.items()}
    return [_locate(judgement, files, by_digest, snapshot) for judgement in judgements]


def _locate(
    judgement: Judgement, files: Mapping[str, FileRecord], by_digest: Mapping[str, str], snapshot: Snapshot
) -> LocatedJudgement:
    if file := files.get(judgement.path):
        same = not judgement.digest or file.digest == judgement.digest
        return LocatedJudgement(judgement, "current" if same else "changed")
    path = by_digest.get(judgement.digest)
    if path is None:
        return LocatedJudgement(judgement, "missing")
    if not judgement.is_of_whole_file:  # a row of a table keeps its own id
        return LocatedJudgement(replace(judgement, path=path), "renamed")
    ids = {place.id for place in snapshot.places(_chunks_of({path}, snapshot)).values()}
    return LocatedJudgement(replace(judgement, path=path, id=min(ids, default=path)), "renamed")


def _find_chunk(question: str, names: Collection[str], searcher: Searcher, line: int | None) -> ChunkRecord:
    snapshot = searcher.snapshot
    vector = searcher.embedder.encode([question], "query") if searcher.needs_vector else None
    chunks = _chunks_of(names, snapshot, question, vector)
    if not chunks:
        name = min(names, key=len)
        raise InputError(f"The index has no document '{name}'{suggestion(name, snapshot.files())}.")
    records = snapshot.chunks(chunks[:1] if line is None else chunks)
    found = next((record for record in records if line is None or _has_line(record, line)), None)
    if found is None:
        raise InputError(f"{records[0].path} has no passage at line {line}.")
    return found


def _has_line(record: ChunkRecord, line: int) -> bool:
    return record.lines is not None and record.lines[0] <= line <= record.lines[1]


def _chunks_of(
    names: Collection[str], snapshot: Snapshot, question: str = "", vector: Vectors | None = None
) -> list[int]:
    """The chunks of the documents of these names, those nearest to the question first."""
    condition = Or(tuple(FieldComparison(field, ":", name) for field in ("path", "id") for name in names))
    every = snapshot.matching(condition).tolist()
    if not every:
        return []
    found = [] if vector is None else snapshot.search(vector, len(every), condition)[0].chunks.tolist()
    if len(found) < len(every) and question:  # chunks whose vectors are still missing
        found += snapshot.search_words(question, len(every), condition).chunks.tolist()
    found = list(dict.fromkeys([*found, *every]))
    places = snapshot.places(found)
    # A condition may match more: * and ? in a name stand for any characters there.
    return [chunk for chunk in found if {places[chunk].path, places[chunk].id} & {*names}]
