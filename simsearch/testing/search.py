"""The contracts of embedders, rerankers and formatters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import ClassVar

import numpy as np

from simsearch.testing.contract import Contract, demand
from simsearch.testing.examples import ODD_TEXTS, example_hits, phrase
from simsearch.types import Embedder, Formatter, Hit, Reranker, Role, Vectors, View

ROLES: tuple[Role, ...] = ("query", "document")
CLOSE = 1e-3


class EmbedderContract(Contract[Embedder, Sequence[str]]):
    """An embedder gives one unit vector for each text, whatever other texts are in the batch."""

    kind: ClassVar[str] = "embedders"

    def examples(self) -> Iterable[Sequence[str]]:
        random = np.random.default_rng(0)
        phrases = [phrase(random, int(random.integers(1, 60))) for _ in range(20)]
        return [[], [""], ["one text"], ["", " ", "\n"], list(ODD_TEXTS), phrases]

    def test_vectors_are_float32_of_unit_length(self) -> None:
        for texts in self.examples():
            for role in ROLES:
                _demand_vectors(self.component.encode(texts, role), len(texts), self.component.dimension)

    def test_documents_are_the_default_role(self) -> None:
        texts = ["what people ask"]
        demand(
            np.allclose(self.component.encode(texts), self.component.encode(texts, "document"), atol=CLOSE),
            "without a role the vectors are not those of documents",
        )

    def test_a_text_has_one_vector_in_any_company(self) -> None:
        for texts in self.examples():
            together = self.component.encode(texts)
            for text, vector in zip(texts, together, strict=True):
                alone = self.component.encode([text])[0]
                demand(
                    np.allclose(alone, vector, atol=CLOSE),
                    f"{text[:40]!r} has a different vector when encoded alone",
                )

    def test_one_text_gives_one_answer(self) -> None:
        for texts in self.examples():
            same = np.array_equal(self.component.encode(texts), self.component.encode(texts))
            demand(same, "the same texts gave different vectors the second time")

    def test_it_has_a_name_and_a_fingerprint(self) -> None:
        demand(self.component.name, "it has no name")
        fingerprint = self.component.fingerprint
        demand(re.fullmatch(r"[0-9a-f]{64}", fingerprint), f"the fingerprint {fingerprint!r} is not a sha256")

    def test_tokens_are_counted_as_they_lie_in_the_text(self) -> None:
        tokens = self.component.tokens
        demand(tokens.limit > 0, f"it reads {tokens.limit} tokens")
        for texts in self.examples():
            counts = tokens.count(texts)
            demand(len(counts) == len(texts), f"gave {len(counts)} counts for {len(texts)} texts")
            for text, count in zip(texts, counts, strict=True):
                spans = tokens.spans(text)
                demand(count == len(spans), f"{text[:40]!r} has {count} tokens and {len(spans)} spans")
                inside = all(0 <= start <= end <= len(text) for start, end in spans)
                demand(inside and spans == sorted(spans), f"the spans of {text[:40]!r} are not in order")

    def test_what_is_cut_is_counted(self) -> None:
        limit = self.component.tokens.limit
        long = " ".join(["word"] * (limit + 50))
        if self.component.tokens.count([long])[0] <= limit:
            return  # it reads texts of any length
        before = self.component.truncation
        self.component.encode([long])
        after = self.component.truncation
        demand(after.texts == before.texts + 1, "a text was truncated and not counted")
        demand(after.tokens > before.tokens, "tokens were lost and not counted")


class RerankerContract(Contract[Reranker, tuple[str, Sequence[str]]]):
    """A reranker gives one number for each text, whatever other texts there are."""

    kind: ClassVar[str] = "rerankers"

    def examples(self) -> Iterable[tuple[str, Sequence[str]]]:
        random = np.random.default_rng(0)
        phrases = [phrase(random, int(random.integers(1, 60))) for _ in range(20)]
        return [("one question", ["one text"]), (phrases[0], phrases), (ODD_TEXTS[0], ODD_TEXTS), ("", [""])]

    def test_scores_are_finite_one_a_text(self) -> None:
        for question, texts in self.examples():
            scores = self.component(question, texts)
            demand(isinstance(scores, np.ndarray), f"gave a {type(scores).__name__}, not a numpy array")
            demand(scores.dtype == np.float32, f"gave scores of type {scores.dtype}, not float32")
            demand(scores.shape == (len(texts),), f"gave shape {scores.shape} for {len(texts)} texts")
            demand(np.isfinite(scores).all(), "gave a score that is not a finite number")

    def test_a_text_has_one_score_in_any_company(self) -> None:
        for question, texts in self.examples():
            together = self.component(question, texts)
            for text, score in zip(texts, together, strict=True):
                alone = self.component(question, [text])[0]
                demand(
                    np.isclose(alone, score, atol=CLOSE),
                    f"{text[:40]!r} has a different score when scored alone",
                )


class FormatterContract(Contract[Formatter, Sequence[Hit]]):
    """A formatter turns any hits into one text."""

    kind: ClassVar[str] = "formatters"

    def examples(self) -> Iterable[Sequence[Hit]]:
        return [example_hits(seed, count) for seed, count in enumerate((0, 1, 12))]

    def test_any_hits_make_one_text(self) -> None:
        for hits in self.examples():
            for width in (1, 40, 80, 200):
                for colour in (False, True):
                    shown = self.component(hits, View(width, colour))
                    demand(isinstance(shown, str), f"gave a {type(shown).__name__} for {len(hits)} hits")

    def test_a_view_without_colour_has_none(self) -> None:
        for hits in self.examples():
            shown = self.component(hits, View(80, colour=False))
            demand("\x1b" not in shown, "there are escape codes in a view without colour")

    def test_one_view_gives_one_answer(self) -> None:
        for hits in self.examples():
            one, other = self.component(hits, View()), self.component(hits, View())
            demand(one == other, f"{len(hits)} hits were shown differently the second time")


def _demand_vectors(vectors: Vectors, count: int, dimension: int) -> None:
    demand(isinstance(vectors, np.ndarray), f"gave a {type(vectors).__name__}, not a numpy array")
    demand(vectors.dtype == np.float32, f"gave vectors of type {vectors.dtype}, not float32")
    demand(
        vectors.shape == (count, dimension), f"gave shape {vectors.shape} for {count} texts of {dimension}"
    )
    lengths = np.linalg.norm(vectors, axis=1)
    demand(np.allclose(lengths, 1, atol=CLOSE), f"gave vectors of lengths {lengths.tolist()[:9]}")
