"""Decide whether a result is a good match, by what a cosine is worth in the user's own index.

Queries of a few random words, drawn from chunks all over the index, ask nothing. The median cosine of their nearest
chunks is where a match begins here: below it, a result is not nearer than to random words. benchmarks/README.md shows
how well that separates questions that an index can answer from those that it can't.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from statistics import median

from simsearch.querying.calibration import Calibration
from simsearch.storage.capabilities import Samples
from simsearch.storage.protocols import Snapshot
from simsearch.storage.words.analysis import share_of_words
from simsearch.types import Embedder, Hit, Vectors

RANDOM_QUERIES, WORDS, CHUNKS = 100, 6, 150
FEWEST_WORDS = 30
HALF = 0.5
SHORTEST_WORD, LONGEST_WORD, PIECE = 3, 12, 3
_WITHOUT_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


def judge_match(hit: Hit, question: str, calibration: Calibration, is_legible: bool = True) -> Hit:
    """The hit with its `good_match`. One that has every word of the question is a good match whatever its cosine,
    because the model may not know the words.

    Args:
        is_legible: Whether the model can read the question's script. If not, half of the words are enough, and the
            cosine says nothing.
    """
    if "dense" not in hit.scores:
        return hit
    if is_legible and hit.scores["dense"] >= calibration.cosine:
        return replace(hit, good_match=True)
    share = share_of_words(question, f"{hit.title}\n{hit.heading}\n{hit.text}")
    return replace(hit, good_match=share >= (1.0 if is_legible else HALF))


def calibrate(
    snapshot: Snapshot, embedder: Embedder, move: Callable[[Vectors], Vectors] = lambda vectors: vectors
) -> Calibration | None:
    """Measure an index; None if it has too few words, or a store without samples.

    Args:
        move: What a teaching does to vectors of questions.
    """
    if not isinstance(snapshot, Samples):
        return None
    words = [word for record in snapshot.sample(CHUNKS) for word in find_words(record.text)]
    if len(set(words)) < FEWEST_WORDS:
        return None
    vectors = move(embedder.encode(make_random_queries(words), "query"))
    nearest = median(float(match.scores[0]) for match in snapshot.search(vectors, 1))
    return Calibration(snapshot.identity.fingerprint, snapshot.coverage().with_vectors, round(nearest, 4))


def make_random_queries(words: Sequence[str]) -> list[str]:
    """Queries of random words; the same ones for the same words."""
    chance = random.Random(0)
    return [" ".join(chance.sample(words, WORDS)) for _ in range(RANDOM_QUERIES)]


def find_words(text: str) -> Iterator[str]:
    """Runs of letters with their marks, in any script. Scripts without spaces between words, such as Thai and Chinese,
    are cut into pieces."""
    for letters, run in groupby(text, lambda character: unicodedata.category(character)[0] in "LM"):
        word = "".join(run)
        if not letters:
            continue
        if _WITHOUT_SPACES.search(word):
            yield from (word[at : at + PIECE] for at in range(0, len(word), PIECE))
        elif SHORTEST_WORD <= len(word) <= LONGEST_WORD:
            yield word
