"""A million chunks as real text would give: real texts embedded once, then perturbed along real differences.

A generated chunk has the vector of a real text moved by a share of the difference between two others, so that it
stays where texts of this model lie; how often a text is taken follows a log-normal law, so that some clusters are
crowded. Its words are those of the real text with some of the other's. Queries are real questions that were kept
apart.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
CORPUS = ("tldr_pairs/train.pairs.jsonl", "medquad_qa/train.pairs.jsonl", "nl2bash/train.pairs.jsonl")
QUESTIONS = ("medquad_qa/queries.jsonl", "tldr_pairs/test.pairs.jsonl", "nl2bash/test.pairs.jsonl")
LONGEST = 400
BLOCK = 1000

Vectors = NDArray[np.float32]


class Source:
    """Real texts with their vectors, float32 [n, d]; embedded at first use and kept in a folder.

    Args:
        folder: Where they are kept.
        every: Which of the texts are used: each second one, for example.
    """

    def __init__(self, folder: Path, every: int = 2) -> None:
        self.texts, self.vectors = _embedded(folder / "corpus.npy", _texts(CORPUS)[::every])
        self.questions, self.queries = _embedded(folder / "questions.npy", _texts(QUESTIONS)[::4])

    def blocks(self, count: int, seed: int = 0) -> Iterator[tuple[list[str], Vectors]]:
        """`count` generated chunks, a thousand at a time."""
        random = np.random.default_rng(seed)
        popular = random.lognormal(0, 1, len(self.texts))
        popular /= popular.sum()
        for start in range(0, count, BLOCK):
            rows = min(BLOCK, count - start)
            chosen = random.choice(len(self.texts), rows, p=popular)
            one, other = random.integers(0, len(self.texts), (2, rows))
            share = random.uniform(0.1, 0.6, (rows, 1)).astype(np.float32)
            moved = self.vectors[chosen] + share * (self.vectors[one] - self.vectors[other])
            moved /= np.linalg.norm(moved, axis=1, keepdims=True)
            yield [self._mixed(a, b, random) for a, b in zip(chosen, one, strict=True)], moved

    def _mixed(self, mine: int, other: int, random: np.random.Generator) -> str:
        words, more = self.texts[mine].split(), self.texts[other].split()
        keep = random.random(len(words)) < 0.8
        kept = [word for word, stays in zip(words, keep, strict=True) if stays]
        return " ".join([*kept, *more[: max(1, len(more) // 4)]])


def _texts(names: tuple[str, ...]) -> list[str]:
    found: dict[str, None] = {}
    for name in names:
        for line in (DATA / name).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            for key in ("anchor", "positive", "text"):
                if key in row:
                    found[row[key][:LONGEST]] = None
    return list(found)


def _embedded(path: Path, texts: list[str]) -> tuple[list[str], Vectors]:
    from simsearch.embedding import load_embedder

    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, load_embedder("all-MiniLM-L6-v2").encode(texts))
    return texts, np.load(path)
