"""Built-in pair generators: what a folder's own structure says of which texts belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsearch import Component, hookimpl

if TYPE_CHECKING:
    from simsearch.types import PairGenerator

LONGEST = 1000
"""Characters of a positive: about what a small model reads."""


@hookimpl
def simsearch_pair_generators() -> list[Component]:
    return [
        Component("headings", "A heading, and the text of its section", headings),
        Component("questions", "A question in the text, and its answer", questions),
        Component("links", "The words of a link, and the text it leads to", links),
        Component("docstrings", "What a Python docstring says, and the code below it", docstrings),
        Component("glossary", "A term, and its definition", glossary),
    ]


def headings(words: int = 2, shortest: int = 60, longest: int = LONGEST) -> PairGenerator:
    """Headings that say what their section is about, numbers such as 8.1.2 taken off.

    Args:
        words: Fewest words of a heading.
        shortest: Fewest characters of a section's own text, its subsections not counted.
        longest: Most characters taken of it.
    """
    from simsearch.builtin.pair_generators.heading_pairs import heading_pairs

    return lambda documents: heading_pairs(documents, words, shortest, longest)


def questions(shortest: int = 20, longest: int = LONGEST) -> PairGenerator:
    """Headings, terms and lines that end in a question mark.

    Args:
        shortest: Fewest characters of an answer.
        longest: Most characters taken of it.
    """
    from simsearch.builtin.pair_generators.question_pairs import question_pairs

    return lambda documents: question_pairs(documents, shortest, longest)


def links(words: int = 2, shortest: int = 60, longest: int = LONGEST) -> PairGenerator:
    """Links between the documents given, in HTML, Markdown and reStructuredText.

    Args:
        words: Fewest words of a link's text.
        shortest: Fewest characters of the section it leads to.
        longest: Most characters taken of it.
    """
    from simsearch.builtin.pair_generators.link_pairs import link_pairs

    return lambda documents: link_pairs(documents, words, shortest, longest)


def docstrings(words: int = 3, shortest: int = 60, longest: int = LONGEST) -> PairGenerator:
    """The first paragraph of each docstring of .py files, and the function or class without it.

    Args:
        words: Fewest words of that paragraph.
        shortest: Fewest characters of the code.
        longest: Most characters taken of it.
    """
    from simsearch.builtin.pair_generators.docstring_pairs import docstring_pairs

    return lambda documents: docstring_pairs(documents, words, shortest, longest)


def glossary(words: int = 4, shortest: int = 20, longest: int = LONGEST) -> PairGenerator:
    """Definition lists of HTML, Markdown and reStructuredText.

    Args:
        words: Fewest words of a definition.
        shortest: Fewest characters of a definition.
        longest: Most characters taken of it.
    """
    from simsearch.builtin.pair_generators.glossary_pairs import glossary_pairs

    return lambda documents: glossary_pairs(documents, words, shortest, longest)
