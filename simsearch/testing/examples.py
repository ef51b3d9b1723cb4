"""Example data for contracts: ordinary and odd. The same seed gives the same data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from simsearch.types import Document, Heading, Hit, Pair

WORDS = (
    "index search query vector model train score split chunk reader writer table column author date file "
    "folder error warning network password account invoice river mountain weather music bread engine"
)
ODD_TEXTS = (
    "Größe, Straße und Käse",
    "日本語の文章には空白がありません。次の文です。",
    "שלום עולם, right to left",
    "family 👩‍👩‍👧‍👦 and flags 🇩🇪🇯🇵",
    "e\u0301 is not é",
    "line one\nline two\r\nline three",
    "tabs\tand   spaces \u00a0 of all \u2003 kinds",
    "x" * 400,
    "a\x00b \x1b[31mred",
    '"quoted", with; separators | and \\ slashes',
    "?",
)
SIDES = ("train", "train", "train", "dev", "test")


@dataclass(frozen=True, slots=True)
class PairsExample:
    """Pairs and a seed; a component may refuse a `refusable` example with InputError."""

    pairs: tuple[Pair, ...]
    seed: int
    refusable: bool = False

    def generator(self) -> np.random.Generator:
        return np.random.default_rng(self.seed)

    def __str__(self) -> str:
        return f"{len(self.pairs)} pairs and seed {self.seed}"


def phrase(random: np.random.Generator, words: int) -> str:
    """Some ordinary words."""
    return " ".join(random.choice(WORDS.split(), words))


def example_pairs(seed: int, count: int) -> tuple[Pair, ...]:
    """Pairs with a score, two negatives, and the columns that components use most: `date` (ISO 8601),
    `author`, `label`, `group` and `split`. About one text in eight is odd, and some repeat."""
    random = np.random.default_rng(seed)

    def text() -> str:
        odd = random.random() < 0.125
        return str(random.choice(ODD_TEXTS)) if odd else phrase(random, int(random.integers(2, 9)))

    return tuple(
        Pair(
            anchor=text(),
            positive=text(),
            negatives=(text(), text()),
            score=round(float(random.random()), 3),
            columns={
                "date": (date(2024, 1, 1) + timedelta(days=int(random.integers(0, 700)))).isoformat(),
                "author": str(random.choice(("ann", "bo", "chris", "dee"))),
                "label": str(random.choice(("yes", "no", "unsure"))),
                "group": f"g{int(random.integers(0, count))}",
                "split": str(random.choice(SIDES)),
            },
            source="example.csv",
            row=row,
        )
        for row in range(2, count + 2)
    )


def example_document(seed: int) -> Document:
    """A text of headings and paragraphs, some of them odd texts, long lines and empty lines."""
    random = np.random.default_rng(seed)
    parts: list[str] = []
    headings: list[Heading] = []
    length = 0
    for _ in range(int(random.integers(0, 12))):
        title = phrase(random, 3)
        if random.random() < 0.5:
            headings.append(Heading(length, int(random.integers(1, 4)), title))
            parts.append(f"{title}\n\n")
            length += len(parts[-1])
        body = (
            str(random.choice(ODD_TEXTS))
            if random.random() < 0.2
            else phrase(random, int(random.integers(1, 90)))
        )
        parts.append(body + str(random.choice(("\n", "\n\n", " ", "\n\n\n   \n"))))
        length += len(parts[-1])
    return Document("".join(parts), title=phrase(random, 2), headings=tuple(headings), verbatim=True)


def example_hits(seed: int, count: int) -> tuple[Hit, ...]:
    """Ranked hits, some with odd texts, some without lines or title."""
    random = np.random.default_rng(seed)
    hits = []
    for rank in range(1, count + 1):
        text = str(random.choice(ODD_TEXTS)).replace("\x1b", "") if rank % 3 == 0 else phrase(random, 40)
        hits.append(
            Hit(
                rank=rank,
                score=1.0 / rank,
                scores={"dense": 1.0 / rank, "lexical": 12.5 / rank},
                path=f"docs/{phrase(random, 1)}-{rank}.md",
                id=f"docs/{rank}",
                title=phrase(random, 3) if rank % 2 else "",
                text=text,
                start=10 * rank,
                end=10 * rank + len(text),
                lines=(rank, rank + 3) if rank % 4 else None,
                metadata={"author": "ann", "page": rank} if rank % 2 else {},
            )
        )
    return tuple(hits)


@dataclass(frozen=True, slots=True)
class PieceCounter:
    """A token counter without a model: a token is up to four letters or digits, or one other character
    that is not white space."""

    limit: int

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(self.spans(text)) for text in texts]

    def spans(self, text: str) -> list[tuple[int, int]]:
        return [match.span() for match in re.finditer(r"\w{1,4}|[^\w\s]", text)]
