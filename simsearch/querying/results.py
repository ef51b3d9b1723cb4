"""Make hits of ranked chunks: each document once, near-duplicates folded, exactly k of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from simsearch.near_duplicates import Shingles, nearly_same, normalise, shingles_of
from simsearch.querying.ranking import Ranking
from simsearch.storage.protocols import ChunkRecord, Place, Snapshot
from simsearch.storage.words.analysis import matched_spans
from simsearch.types import Hit

AT_ONCE = 2
"""Records are read for this many times k chunks at once."""


def make_hits(
    text: str, ranking: Ranking, snapshot: Snapshot, k: int, chunks: bool, without: Collection[str] = ()
) -> list[Hit]:
    """The k best hits; fewer only if the ranking has no more.

    Args:
        chunks: Show every chunk; otherwise each document once, with its best chunk.
        without: Paths whose chunks are left out.
    """
    places = {
        c: place for c, place in snapshot.places(list(ranking.scores)).items() if place.path not in without
    }
    order = _sort(ranking, places)
    others = Counter(places[chunk].document for chunk in order)
    shown = order if chunks else _best_of_each(order, places)
    hits: list[Hit] = []
    texts: list[Shingles] = []
    for record in _read_records(shown, snapshot, k):
        shingles = shingles_of(normalise(record.text))
        same = next((i for i, other in enumerate(texts) if nearly_same(shingles, other)), None)
        if same is not None:
            hits[same] = replace(hits[same], duplicates=(*hits[same].duplicates, record.path))
        elif len(hits) == k:
            break
        else:
            more = 0 if chunks else others[places[record.chunk].document] - 1
            texts.append(shingles)
            hits.append(_make_hit(len(hits) + 1, text, record, ranking, more))
    return hits


def _sort(ranking: Ranking, places: Mapping[int, Place]) -> list[int]:
    """Best first; equal scores in the order of path and start, whatever order the index held them in."""
    known = (chunk for chunk in ranking.scores if chunk in places)
    return sorted(known, key=lambda chunk: (-ranking.scores[chunk], places[chunk]))


def _best_of_each(order: list[int], places: Mapping[int, Place]) -> list[int]:
    """The first chunk of each document."""
    best: dict[int, int] = {}
    for chunk in order:
        best.setdefault(places[chunk].document, chunk)
    return list(best.values())


def _read_records(chunks: list[int], snapshot: Snapshot, k: int) -> Iterator[ChunkRecord]:
    for start in range(0, len(chunks), AT_ONCE * k):
        yield from snapshot.chunks(chunks[start : start + AT_ONCE * k])


def _make_hit(rank: int, text: str, record: ChunkRecord, ranking: Ranking, others: int) -> Hit:
    chunk = record.chunk
    return Hit(
        rank=rank,
        score=ranking.scores[chunk],
        scores={name: part[chunk] for name, part in ranking.parts.items() if chunk in part},
        path=record.path,
        id=record.id,
        title=record.title,
        text=record.text,
        start=record.start,
        end=record.end,
        lines=record.lines,
        metadata=record.metadata,
        heading=record.prefix,
        ranks={name: order.index(chunk) + 1 for name, order in ranking.ranks.items() if chunk in order},
        matched=tuple(matched_spans(text, record.text)),
        others=others,
    )
