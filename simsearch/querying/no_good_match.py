"""Decide whether a result is a good match, by what a cosine is worth in the user's own index.

Queries of a few random words, drawn from chunks all over the index, ask nothing. The cosine of the nearest chunk of
each shows what a cosine is worth here: a result's confidence is the share of these queries whose nearest chunk is
farther away. On five public sets (benchmarks/README.md) the median separates questions that the index can answer from
those that it can't.
"""

from __future__ import annotations

import json
import random
import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from simsearch.files import write_atomically
from simsearch.storage.protocols import Identity, Samples, Snapshot, Store, require
from simsearch.storage.words.analysis import telling_stems
from simsearch.types import Embedder, Hit

FILE_NAME = "confidence.json"
GOOD_MATCH = 0.5
"""Below it a result is not a good match, unless it has every word of the question."""

RANDOM_QUERIES, WORDS, CHUNKS = 100, 6, 150
FEWEST_WORDS = 30
OUTGROWN = 1.25
_WORD = re.compile(r"[^\W\d_]{3,12}")


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a cosine is worth in one index.

    Args:
        fingerprint: Of the model.
        chunks: How many the index had.
        nearest: The cosine of the nearest chunk of each random-word query, ascending.
    """

    fingerprint: str
    chunks: int
    nearest: tuple[float, ...]

    def confidence(self, cosine: float) -> float:
        """The share of random-word queries whose nearest chunk is farther away, 0 to 1."""
        return bisect_left(self.nearest, cosine) / len(self.nearest)

    def fits(self, snapshot: Snapshot) -> bool:
        """Whether it was measured on this index, or on one of about the same size with the same model."""
        now = snapshot.counts().chunks
        smaller, larger = sorted((max(now, 1), max(self.chunks, 1)))
        return self.fingerprint == snapshot.identity.fingerprint and larger <= OUTGROWN * smaller


def with_confidence(hit: Hit, question: str, calibration: Calibration) -> Hit:
    """The hit with its confidence. One with every word of the question is a good match whatever its cosine: the
    model may not know the words."""
    if "dense" not in hit.scores:
        return hit
    confidence = calibration.confidence(hit.scores["dense"])
    if confidence < GOOD_MATCH and has_every_word(question, f"{hit.title}\n{hit.heading}\n{hit.text}"):
        confidence = GOOD_MATCH
    return replace(hit, confidence=confidence)


def has_every_word(question: str, text: str) -> bool:
    """Whether a text has all words of a question except stop words."""
    wanted = telling_stems(question)
    return bool(wanted) and wanted <= telling_stems(text)


def renew_calibration(folder: Path, store: Store, load: Callable[[Identity], Embedder]) -> None:
    """Measure again if the index has changed too much since.

    Args:
        folder: Holds what was measured.
        load: Loads the model that an index was made with.
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
    """What was measured on this index; None if nothing was yet."""
    try:
        values = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
        found = Calibration(values["fingerprint"], values["chunks"], tuple(map(float, values["nearest"])))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if found.nearest and found.fits(snapshot) else None


def write_calibration(folder: Path, calibration: Calibration) -> None:
    """Keep what was measured; it is derived and can be lost."""
    write_atomically(folder / FILE_NAME, json.dumps(asdict(calibration)).encode())


def calibrate(snapshot: Snapshot, embedder: Embedder) -> Calibration | None:
    """Measure an index; None if it has too few words."""
    sample = require(snapshot, Samples, "sample of its chunks").sample(CHUNKS)
    words = [word for record in sample for word in _WORD.findall(record.text)]
    if len(set(words)) < FEWEST_WORDS:
        return None
    vectors = embedder.encode(make_random_queries(words), "query")
    nearest = sorted(round(float(match.scores[0]), 4) for match in snapshot.search(vectors, 1))
    return Calibration(snapshot.identity.fingerprint, snapshot.counts().chunks, tuple(nearest))


def make_random_queries(words: Sequence[str]) -> list[str]:
    """Queries of random words; the same ones for the same words."""
    chance = random.Random(0)
    return [" ".join(chance.sample(words, WORDS)) for _ in range(RANDOM_QUERIES)]
