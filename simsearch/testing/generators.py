"""The contract of pair generators."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from typing import ClassVar

from simsearch.testing.contract import Contract, demand
from simsearch.testing.examples import ODD_TEXTS, example_document
from simsearch.types import Document, FoundDocument, Heading, Mark, Pair, PairGenerator

ENDINGS = (".md", ".rst", ".html", ".py", ".txt")


@dataclass(frozen=True, slots=True)
class DocumentsExample:
    """Documents of one folder; `fruitful` ones must give at least one pair."""

    documents: tuple[FoundDocument, ...]
    fruitful: bool = False


class PairGeneratorContract(Contract[PairGenerator, DocumentsExample]):
    """A pair generator makes pairs of two texts of documents, each with its source, or no pairs.

    Args (set in a subclass):
        documents: A folder of your own that must give pairs.
    """

    kind: ClassVar[str] = "pair_generators"
    documents: tuple[FoundDocument, ...] = ()

    def examples(self) -> Iterable[DocumentsExample]:
        mixed = tuple(
            FoundDocument(f"docs/{seed}{ENDINGS[seed % len(ENDINGS)]}", example_document(seed))
            for seed in range(15)
        )
        odd = tuple(
            FoundDocument(f"docs/odd-{n}{ending}", Document(text, title=text[:20]))
            for ending in ENDINGS
            for n, text in enumerate(("", "  \n\n ", *ODD_TEXTS))
        )
        own = [DocumentsExample(self.documents, fruitful=True)] if self.documents else []
        return [
            *own,
            DocumentsExample(()),
            DocumentsExample(mixed),
            DocumentsExample(odd),
            DocumentsExample(_linked()),
        ]

    def test_pairs_are_whole_and_say_where_they_are_from(self) -> None:
        for example in self.examples():
            paths = {found.path for found in example.documents}
            for pair in self._pairs(example):
                for text in (pair.anchor, pair.positive):
                    demand(isinstance(text, str) and text.strip(), f"a pair has {text!r} instead of a text")
                demand(
                    pair.source in paths,
                    f"a pair's source is {pair.source!r}, which is not the path of a document",
                )

    def test_own_documents_give_pairs(self) -> None:
        for example in self.examples():
            demand(not example.fruitful or self._pairs(example), "your own documents gave no pair")

    def test_one_folder_gives_one_answer(self) -> None:
        for example in self.examples():
            demand(
                self._pairs(example) == self._pairs(example),
                "the same folder gave different pairs the second time",
            )

    def test_documents_are_left_as_they_were(self) -> None:
        for example in self.examples():
            before = deepcopy(example.documents)
            self._pairs(example)
            demand(example.documents == before, "the documents themselves were changed")

    def _pairs(self, example: DocumentsExample) -> list[Pair]:
        pairs = list(self.component(list(example.documents)))
        for pair in pairs:
            demand(isinstance(pair, Pair), f"gave a {type(pair).__name__}, not a Pair")
        return pairs


def _linked() -> tuple[FoundDocument, ...]:
    """Two pages that link to each other, out of the folder, and to a place that doesn't exist."""
    text = "Undo a commit\n\nA commit can be undone by resetting the branch to the one before.\n\ngit reset moves it."
    undo = Document(
        text,
        title="Undo a commit",
        headings=(Heading(0, 1, "Undo a commit"),),
        marks=(
            Mark(0, 0, "anchor", "undo"),
            Mark(15, 23, "link", "reset.html#moves"),
            Mark(24, 30, "link", "../../elsewhere.html"),
            Mark(35, 41, "link", "https://example.org/"),
            Mark(len(text) - 19, len(text) - 10, "term"),
            Mark(len(text) - 9, len(text), "definition"),
        ),
    )
    reset = Document(text, marks=(Mark(0, 13, "link", "undo.html#undo"), Mark(14, 20, "link", "#nowhere")))
    return FoundDocument("docs/undo.html", undo), FoundDocument("docs/reset.html", reset)
