"""Near-duplicate texts, found without comparing every text with every other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NEAR_DUPLICATE = 0.85
"""The Jaccard index of their shingles from which two texts count as near-duplicates."""

NEAR_COSINE = 0.95
"""The cosine from which two vectors count as those of near-duplicates."""

SHINGLE = 5
BANDS, ROWS = 16, 5
AT_ONCE = 4096
"""Texts whose hashes fit the processor's cache."""


Shingles: TypeAlias = "NDArray[np.uint64]"
"""The distinct 5-byte shingles of a text as numbers, [m] ascending."""


@lru_cache(maxsize=1 << 18)
def normalise(text: str) -> str:
    """Lower case, with one space for each run of white space. Texts with equal results count as the same."""
    return " ".join(text.lower().split())


def near_duplicates(texts: Sequence[str], threshold: float = NEAR_DUPLICATE) -> tuple[tuple[int, int], ...]:
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
    return tuple(_find(texts, threshold)) if texts else ()


def _find(texts: Sequence[str], threshold: float) -> Iterator[tuple[int, int]]:
    signatures = _signatures(texts)
    shingles: dict[int, Shingles] = {}
    seen = set()
    for band in range(BANDS):
        for candidate in _in_one_bucket(signatures[:, band * ROWS : (band + 1) * ROWS]):
            if candidate in seen:
                continue
            seen.add(candidate)
            for index in candidate:
                if index not in shingles:
                    shingles[index] = shingles_of(texts[index])
            first, other = candidate
            if nearly_same(shingles[first], shingles[other], threshold):
                yield candidate


def _in_one_bucket(rows: NDArray[np.uint32]) -> Iterator[tuple[int, int]]:
    """Each row with the first that equals it, and rarely with one that only has the same hash.

    Args:
        rows: uint32 [n, ROWS].
    """
    import numpy as np

    keys = (rows * np.array(_odd_numbers(rows.shape[1]), np.uint64)).sum(axis=1, dtype=np.uint64)
    order = np.argsort(keys, kind="stable")
    begins = np.ones(len(order), bool)
    begins[1:] = keys[order[1:]] != keys[order[:-1]]
    first = order[np.maximum.accumulate(np.where(begins, np.arange(len(order)), 0))]
    yield from zip(first[~begins].tolist(), order[~begins].tolist(), strict=True)


def nearly_same(one: Shingles, other: Shingles, threshold: float = NEAR_DUPLICATE) -> bool:
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
    """The distinct 5-byte shingles of a text as numbers, uint64 [m], ascending; a shorter text is one shingle."""
    import numpy as np

    ordered = np.sort(_shingles(text.encode().ljust(SHINGLE)))
    return ordered[np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))]


def _signatures(texts: Sequence[str]) -> NDArray[np.uint32]:
    """MinHash signatures, uint32 [n, BANDS * ROWS]; a hash is the upper half of a product (Dietzfelbinger
    et al. 1997, doi:10.1006/jagm.1997.0873)."""
    import numpy as np

    signatures = np.empty((len(texts), BANDS * ROWS), np.uint32)
    for start in range(0, len(texts), AT_ONCE):
        shingles, bounds = _join_shingles(texts[start : start + AT_ONCE])
        for column, factor in enumerate(_odd_numbers(BANDS * ROWS)):
            hashes = shingles * np.uint64(factor) >> np.uint64(32)
            signatures[start : start + AT_ONCE, column] = np.minimum.reduceat(hashes, bounds)[::2]
    return signatures


def _join_shingles(texts: Sequence[str]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The shingles of joined texts, uint64 [m], and where those of each text begin and end, without the last end. What
    is between an end and the next beginning has bytes of two texts."""
    import numpy as np

    encoded = [text.encode().ljust(SHINGLE) for text in texts]
    lengths = np.array([len(text) for text in encoded])
    ends = np.cumsum(lengths)
    bounds = np.stack([ends - lengths, ends - SHINGLE + 1], axis=1).ravel()
    return _shingles(b"".join(encoded)), bounds[:-1]


def _shingles(encoded: bytes) -> NDArray[np.uint64]:
    """Every 5 bytes in a row as a number, uint64 [m]."""
    import numpy as np

    numbers = np.frombuffer(encoded, dtype=np.uint8).astype(np.uint64)
    last = len(numbers) - SHINGLE + 1
    shingles = np.zeros(last, np.uint64)
    for i in range(SHINGLE):
        shingles |= numbers[i : i + last] << np.uint64(8 * i)
    return shingles


@cache
def _odd_numbers(count: int) -> tuple[int, ...]:
    """Random odd numbers below 2**64, always the same."""
    import numpy as np

    numbers = np.random.default_rng(0).integers(0, 2**63, count, np.uint64) * 2 + 1
    return tuple(numbers.tolist())


def _jaccard(one: Shingles, other: Shingles) -> float:
    import numpy as np

    both = np.sort(np.concatenate((one, other)))
    shared = int(np.count_nonzero(both[1:] == both[:-1]))
    return shared / (len(one) + len(other) - shared)
