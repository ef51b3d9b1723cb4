"""Heading → section."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simsearch import FoundDocument, Pair
from simsearch.builtin.pair_generators.prose import phrases
from simsearch.builtin.pair_generators.sections import named, sections
from simsearch.builtin.readers.languages import is_code

SAY_NOTHING = phrases(
    """abstract, acknowledgements, acknowledgments, arguments, author, authors, background, backward compatibility,
    backwards compatibility, bibliography, bugs, change history, changelog, compatibility, conclusion, contents,
    copyright, credits, description, details, diagnostics, discussion, environment, example, examples, exit status,
    files, frequently asked questions, further reading, future work, getting started, glossary, history,
    how to teach this, index, installation, introduction, license, links, more information, motivation, name, notes,
    open issues, open questions, options, output, overview, parameters, preface, prerequisites, prior art,
    proof of concept, proposed solution, rationale, readme, reference implementation, references, rejected ideas,
    related work, requirements, return value, returns, sample uses, security implications, see also, specification,
    standards, summary, synopsis, table of contents, terminology, todo, usage, version, whats new"""
)
"""Headings that stand in any document and would lead anywhere."""


def heading_pairs(
    documents: Sequence[FoundDocument], words: int, shortest: int, longest: int
) -> Iterator[Pair]:
    """A pair for each heading that says what its section is about; a definition in code is none."""
    for found in documents:
        for section in () if is_code(found.document) else sections(found):
            heading = named(section.heading)
            if says_something(heading, words) and not heading.endswith("?"):
                text = section.text(found, longest)
                if len(text) >= shortest:
                    yield Pair(heading, text, source=found.path)


def says_something(text: str, words: int) -> bool:
    """Whether a heading or the text of a link could be what someone looks for."""
    parts = [part for part in text.split() if any(map(str.isalpha, part))]
    return len(parts) >= words and text.lower().replace("'", "") not in SAY_NOTHING
