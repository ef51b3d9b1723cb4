"""Near-duplicate texts, found without comparing every text with every other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHINGLE = 5
BANDS, ROWS = 16, 5
_PRIME = (1 << 31) - 1


Shingles: TypeAlias = "NDArray[np.int64]"
"""The distinct 5-byte shingles of a text as numbers, [m] ascending."""


@lru_cache(maxsize=1 << 18)
def normalise(text: str) -> str:
    """Lower case, with one space for each run of white space. Texts with equal results count as the same."""
    return " ".join(text.lower().split())


def near_duplicates(texts: Sequence[str], threshold: float = 0.85) -> tuple[tuple[int, int], ...]:
    """Index pairs of texts whose sets of 5-byte shingles have a Jaccard index of `threshold` or more.

    Candidates come from MinHash with banding (Broder 1997; Leskovec, Rajaraman and Ullman, Mining of
    Massive Datasets, ch. 3), so a pair near the threshold can be missed; every pair returned has been compared. Each
    text is compared with the first of its bucket, which is enough to find groups. The last results are remembered,
    because a tuning run needs those of the same texts to examine them, to split them and to count leaks.

    Args:
        texts: Normalised texts; equal texts form pairs too.
        threshold: 0 to 1.
    """
    return _find_cached(tuple(texts), threshold)


@lru_cache(maxsize=2)
def _find_cached(texts: tuple[str, ...], threshold: float) -> tuple[tuple[int, int], ...]:
    return tuple(_find([shingles_of(text) for text in texts], threshold)) if texts else ()


def _find(shingles: Sequence[Shingles], threshold: float) -> Iterator[tuple[int, int]]:
    signatures = _signatures(shingles)
    seen = set()
    for band in range(BANDS):
        buckets: dict[bytes, int] = {}
        rows = signatures[:, band * ROWS : (band + 1) * ROWS]
        for index, row in enumerate(rows):
            first = buckets.setdefault(row.tobytes(), index)
            if first != index and (first, index) not in seen:
                seen.add((first, index))
                if _jaccard(shingles[first], shingles[index]) >= threshold:
                    yield first, index


def nearly_same(one: Shingles, other: Shingles, threshold: float = 0.85) -> bool:
    """Whether two texts are near-duplicates, as near_duplicates defines it."""
    fewer, more = sorted((len(one), len(other)))
    return fewer >= threshold * more and _jaccard(one, other) >= threshold


def connected(count: int, edges: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The connected groups of `count` nodes, each in ascending order."""
    parent = list(range(count))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = node = parent[parent[node]]
        return node

    for one, other in edges:
        parent[root(one)] = root(other)
    groups = defaultdict(list)
    for node in range(count):
        groups[root(node)].append(node)
    return list(groups.values())


def shingles_of(text: str) -> Shingles:
    """The distinct 5-byte shingles of a text as numbers, int64 [m], ascending; a shorter text is one shingle."""
    import numpy as np

    encoded = np.frombuffer(text.encode().ljust(SHINGLE), dtype=np.uint8).astype(np.int64)
    last = len(encoded) - SHINGLE + 1
    return np.unique(sum(encoded[i : i + last] << (8 * i) for i in range(SHINGLE)))


def _signatures(shingles: Sequence[Shingles]) -> NDArray[np.int64]:
    """MinHash signatures, int64 [n, BANDS * ROWS]."""
    import numpy as np

    random = np.random.default_rng(0)
    factors = random.integers(1, _PRIME, BANDS * ROWS)
    offsets = random.integers(0, _PRIME, BANDS * ROWS)
    flat = np.concatenate(shingles) % _PRIME
    starts = np.cumsum([0] + [len(group) for group in shingles[:-1]])
    columns = [
        np.minimum.reduceat((factor * flat + offset) % _PRIME, starts)
        for factor, offset in zip(factors, offsets, strict=True)
    ]
    return np.ascontiguousarray(np.stack(columns, axis=1))


def _jaccard(one: Shingles, other: Shingles) -> float:
    import numpy as np

    shared = len(np.intersect1d(one, other, assume_unique=True))
    return shared / (len(one) + len(other) - shared)
