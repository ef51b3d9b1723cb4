"""How sure a result is, measured against the user's own index.

Queries of a few random words, drawn from chunks all over the index, ask nothing. How near the nearest chunk of each
is tells what nearness is worth here. A result's confidence is the share of these queries that find nothing as near.
On five public sets (benchmarks/README.md) the median separates questions that the index can answer from those that
it can't.
"""

from __future__ import annotations

import json
import random
import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from simsearch.files import write_atomically
from simsearch.storage.protocols import Identity, Snapshot, Store
from simsearch.types import Embedder

FILE_NAME = "confidence.json"
GOOD = 0.5
"""Below it a result is no good match, unless it has every word of the question."""

RANDOM_QUERIES, WORDS, CHUNKS = 100, 6, 150
FEWEST_WORDS = 30
OUTGROWN = 1.25
_WORD = re.compile(r"[^\W\d_]{3,12}")


@dataclass(frozen=True, slots=True)
class Calibration:
    """What nearness is worth in one index.

    Args:
        fingerprint: Of the model.
        chunks: How many the index had.
        nearest: The cosine of the nearest chunk of each jumble, ascending.
    """

    fingerprint: str
    chunks: int
    nearest: tuple[float, ...]

    def confidence(self, cosine: float) -> float:
        """The share of random_word_queries that find nothing as near, 0 to 1."""
        return bisect_left(self.nearest, cosine) / len(self.nearest)

    def fits(self, snapshot: Snapshot) -> bool:
        """Whether it was measured on this index, or on one about as large with the same model."""
        now = snapshot.counts().chunks
        smaller, larger = sorted((max(now, 1), max(self.chunks, 1)))
        return self.fingerprint == snapshot.identity.fingerprint and larger <= OUTGROWN * smaller


def renew_calibration(folder: Path, store: Store, load: Callable[[Identity], Embedder]) -> None:
    """Measure anew, where the index is another one by now.

    Args:
        folder: Holds what was measured.
        load: Gives the model that an index was made with.
    """
    if not store.exists():
        return
    with closing(store.read()) as snapshot:
        if read_calibration(folder, snapshot) or not snapshot.counts().chunks:
            return
        calibration = calibrate(snapshot, load(snapshot.identity))
    if calibration:
        write_calibration(folder, calibration)


def read_calibration(folder: Path, snapshot: Snapshot) -> Calibration | None:
    """What was measured on this index; None where nothing was yet."""
    try:
        values = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
        found = Calibration(values["fingerprint"], values["chunks"], tuple(map(float, values["nearest"])))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if found.nearest and found.fits(snapshot) else None


def write_calibration(folder: Path, calibration: Calibration) -> None:
    """Keep what was measured; it is derived, and can be lost."""
    write_atomically(folder / FILE_NAME, json.dumps(asdict(calibration)).encode())


def calibrate(snapshot: Snapshot, embedder: Embedder) -> Calibration | None:
    """Measure an index; None where it has too few words."""
    words = [word for record in snapshot.sample(CHUNKS) for word in _WORD.findall(record.text)]
    if len(set(words)) < FEWEST_WORDS:
        return None
    vectors = embedder.encode(random_word_queries(words), "query")
    nearest = sorted(round(float(match.scores[0]), 4) for match in snapshot.search(vectors, 1))
    return Calibration(snapshot.identity.fingerprint, snapshot.counts().chunks, tuple(nearest))


def random_word_queries(words: Sequence[str]) -> list[str]:
    """Texts that ask nothing, always the same of the same words."""
    chance = random.Random(0)
    return [" ".join(chance.sample(words, WORDS)) for _ in range(RANDOM_QUERIES)]
