"""Hits, and how they are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from simsearch.types.arrays import Scores


class Reranker(Protocol):
    def __call__(self, question: str, texts: Sequence[str]) -> Scores: ...


@dataclass(frozen=True, slots=True)
class Folded:
    """A result that is not shown because its text is that of a hit.

    Args:
        path: The file, relative to the workspace's folder.
        id: The document's id.
        lines: First and last line in the file, from 1; None if the text isn't the file itself.
        missing: The file no longer exists.
    """

    path: str
    id: str
    lines: tuple[int, int] | None
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One result; higher scores are nearer.

    Args:
        rank: The rank, from 1.
        score: The score that ranked it.
        scores: The score of each search (`dense`: cosine, -1 to 1; `lexical`: BM25, 0 and up), and what judged
            questions add to the cosine (`judged`), where they change it.
        path: The file, relative to the workspace's folder.
        id: The document's id.
        text: The chunk, Document.text[start:end].
        lines: First and last line in the file, from 1; None where the text isn't the file itself.
        heading: What stands above the text: its headings from the outermost on, or the header of its table.
        ranks: Each part's own rank, from 1; without a part that didn't have it among its best.
        matched: The characters [start, end) of `text` that are words of the question.
        others: How many more chunks of the document are among the best.
        duplicates: The paths of `folded`.
        folded: Results that are not shown because their text is the same, or nearly with --fold.
        good_match: Whether the question is likely to be answered here (see querying/no_good_match.py); None if that
            is unknown.
        missing: The file no longer exists.
    """

    rank: int
    score: float
    scores: Mapping[str, float]
    path: str
    id: str
    title: str
    text: str
    start: int
    end: int
    lines: tuple[int, int] | None
    metadata: Mapping[str, Any]
    heading: str = ""
    ranks: Mapping[str, int] = field(default_factory=dict)
    matched: tuple[tuple[int, int], ...] = ()
    others: int = 0
    duplicates: tuple[str, ...] = ()
    folded: tuple[Folded, ...] = ()
    good_match: bool | None = None
    missing: bool = False


WeightBy = Literal["question", "learned", "asked"]


@dataclass(frozen=True, slots=True)
class Taught:
    """What `teach` learned, as far as it took part in an answer.

    Args:
        linear_map: Whether the question's vector went through a linear map.
        documents: The cosine of the nearest question that a document was judged for, by the document's id; negative
            where it was wrong for it.
    """

    linear_map: bool
    documents: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Explanation:
    """How an answer came about.

    Args:
        mode: `hybrid`, `dense` or `lexical`.
        fusion: `convex` or `rrf`; None if only one search ranked.
        weight: The weight of the dense score; None without convex fusion.
        weight_by: What chose the weight: the `question`, judged questions (`learned`), or the user (`asked`).
        candidates: How many chunks each part gave.
        with_vectors: How many of `chunks` have vectors; the others are found by their words only.
        allowed: How many chunks the filter left of `chunks`; None without a filter.
        index: How the nearest chunks were found: `exact`, or the kind of approximate index.
        milliseconds: By step, in order.
        taught: What `teach` learned; None if nothing is, or if it is switched off.
    """

    mode: str
    fusion: str | None
    weight: float | None
    weight_by: WeightBy | None
    candidates: Mapping[str, int]
    chunks: int
    allowed: int | None
    index: str
    milliseconds: Mapping[str, float]
    with_vectors: int = 0
    taught: Taught | None = None


@dataclass(frozen=True, slots=True)
class View:
    """Where results are shown: `width` columns, with or without colours, and an explanation if the user asked for
    it."""

    width: int = 80
    colour: bool = False
    explanation: Explanation | None = None


class Formatter(Protocol):
    def __call__(self, hits: Sequence[Hit], view: View) -> str: ...
