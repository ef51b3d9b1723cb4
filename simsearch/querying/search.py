"""One question, one snapshot of the index, ranked chunks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simsearch.querying.fusion import fuse
from simsearch.settings import Mode
from simsearch.storage.door import ChunkRecord, Matches, Reader
from simsearch.types import Embedder, Hit, Rows

FUSED_DEPTH = 100


@dataclass(frozen=True, slots=True)
class Ranking:
    """Chunks with what ranked them: `scores` best first, `parts` each part's own score by chunk number."""

    chunks: tuple[int, ...]
    scores: tuple[float, ...]
    parts: dict[str, dict[int, float]]


def search(
    text: str, reader: Reader, embedder: Embedder | None, k: int, mode: Mode, allowed: Rows | None = None
) -> list[Hit]:
    """The k best chunks for a text.

    Args:
        embedder: The index's own model; not needed for `lexical`.
        allowed: Chunk numbers to search among; None searches all.
    """
    ranking = rank(text, reader, embedder, k, mode, allowed)
    records = {record.chunk: record for record in reader.chunks(ranking.chunks)}
    found = [
        (score, records[chunk])
        for chunk, score in zip(ranking.chunks, ranking.scores, strict=True)
        if chunk in records
    ]
    # Equal scores stand in the order of path and start, whatever order the index held them in.
    found.sort(key=lambda item: (-item[0], item[1].path, item[1].start))
    return [_hit(place, score, record, ranking) for place, (score, record) in enumerate(found[:k], 1)]


def rank(
    text: str, reader: Reader, embedder: Embedder | None, k: int, mode: Mode, allowed: Rows | None = None
) -> Ranking:
    """The k best chunks by meaning, by words, or by both."""
    if mode == "lexical":
        return _single("lexical", reader.search_words(text, k, allowed))
    assert embedder is not None
    vector = embedder.encode([text], "query")
    if mode == "dense":
        return _single("dense", reader.search(vector, k, allowed)[0])
    depth = max(k, FUSED_DEPTH)
    dense, lexical = reader.search(vector, depth, allowed)[0], reader.search_words(text, depth, allowed)
    both = np.union1d(dense.chunks, lexical.chunks)
    parts = {
        "dense": _by_chunk(reader.search(vector, len(both), both)[0]),
        "lexical": _by_chunk(lexical),
    }
    order = fuse(parts["dense"], parts["lexical"])[:k]
    return Ranking(tuple(chunk for chunk, _ in order), tuple(score for _, score in order), parts)


def _single(part: str, matches: Matches) -> Ranking:
    scores = _by_chunk(matches)
    return Ranking(tuple(scores), tuple(scores.values()), {part: scores})


def _by_chunk(matches: Matches) -> dict[int, float]:
    return dict(zip(matches.chunks.tolist(), matches.scores.tolist(), strict=True))


def _hit(place: int, score: float, record: ChunkRecord, ranking: Ranking) -> Hit:
    return Hit(
        rank=place,
        score=score,
        scores={name: part[record.chunk] for name, part in ranking.parts.items() if record.chunk in part},
        path=record.path,
        id=record.id,
        title=record.title,
        text=record.text,
        start=record.start,
        end=record.end,
        lines=record.lines,
        metadata=record.metadata,
    )
