"""Make hits of ranked chunks: each document once, equal texts folded, exactly k of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from simsearch.querying.folding import EqualTexts, Folding, NearDuplicateTexts
from simsearch.querying.ranking import Ranking
from simsearch.storage.protocols import ChunkRecord, Place, Snapshot
from simsearch.storage.words.analysis import matched_spans
from simsearch.types import Folded, Hit

AT_ONCE = 2
"""Records are read for this many times k chunks at once."""


@dataclass(frozen=True, slots=True)
class Showing:
    """Which of the ranked chunks are shown.

    Args:
        k: How many hits, if there are as many.
        chunks: Show every chunk; otherwise each document once, with its best chunk.
        fold: Fold near-duplicates too; otherwise only equal texts.
        without: Paths and ids of documents that are left out.
        exists: Whether a file is still there, by its path.
    """

    k: int
    chunks: bool = False
    fold: bool = False
    without: Collection[str] = ()
    exists: Callable[[str], bool] = lambda path: True


def make_hits(text: str, ranking: Ranking, snapshot: Snapshot, showing: Showing) -> list[Hit]:
    """The k best hits; fewer only if the ranking has no more."""
    places = {
        chunk: place
        for chunk, place in snapshot.places(list(ranking.scores)).items()
        if place.path not in showing.without and place.id not in showing.without
    }
    order = _sort(ranking, places)
    others = Counter(places[chunk].document for chunk in order)
    folding: Folding = NearDuplicateTexts() if showing.fold else EqualTexts()
    hits: list[Hit] = []
    for record in _read_records(
        order if showing.chunks else _best_of_each(order, places), snapshot, showing.k
    ):
        more = 0 if showing.chunks else others[places[record.chunk].document] - 1
        same = folding.find(record)
        if same is not None:
            hits[same] = _fold(hits[same], _make_hit(same + 1, text, record, ranking, more, showing))
        elif len(hits) == showing.k:
            break
        else:
            folding.add(record)
            hits.append(_make_hit(len(hits) + 1, text, record, ranking, more, showing))
    return hits


def _fold(shown: Hit, other: Hit) -> Hit:
    """One hit of two; the one whose file is still there is shown, if only one's is."""
    if shown.missing and not other.missing:
        shown, other = replace(other, folded=shown.folded, duplicates=shown.duplicates), shown
    folded = Folded(other.path, other.id, other.lines, other.missing)
    return replace(shown, folded=(*shown.folded, folded), duplicates=(*shown.duplicates, other.path))


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


def _make_hit(
    rank: int, text: str, record: ChunkRecord, ranking: Ranking, others: int, showing: Showing
) -> Hit:
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
        missing=not showing.exists(record.path),
    )
