"""Question → answer."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from simsearch import FoundDocument, Pair
from simsearch.builtin.pair_generators.prose import plain, prose
from simsearch.builtin.pair_generators.sections import named, sections
from simsearch.builtin.pair_generators.terms import definitions
from simsearch.builtin.readers.languages import is_code

WORDS = 3
_OPTIONAL = re.compile(r"(?<!\S)\?\S")
_ASKED = re.compile(
    r"^[ \t]*(?:[*_]{1,3})?Q(?:uestion)?(?:\s?\d+)?[.:)](?:[*_]{1,3})?[ \t]*(?P<asked>\S.*?)$", re.MULTILINE
)
_ANSWERED = re.compile(r"^[ \t]*(?:[*_]{1,3})?A(?:nswer)?(?:\s?\d+)?[.:)](?:[*_]{1,3})?[ \t]*", re.MULTILINE)
_BOLD = re.compile(r"^[ \t]*(\*\*|__)(?P<asked>[^*_\n]+\?)\1[ \t]*$", re.MULTILINE)


def question_pairs(documents: Sequence[FoundDocument], shortest: int, longest: int) -> Iterator[Pair]:
    """A pair for each heading, term, bold line or `Q:` that asks something."""
    for found in documents:
        if is_code(found.document):
            continue
        for asked, answer in (*_headings(found, longest), *_terms(found, longest), *_lines(found, longest)):
            question = named(" ".join(asked.split()))
            if is_question(question) and len(answer) >= shortest:
                yield Pair(question, answer, source=found.path)


def is_question(text: str) -> bool:
    """Some words up to a question mark; how to call a command, as `run ?file?`, is none."""
    return text.endswith("?") and len(text.split()) >= WORDS and not _OPTIONAL.search(text)


def _headings(found: FoundDocument, longest: int) -> Iterator[tuple[str, str]]:
    for section in sections(found):
        yield section.heading, section.text(found, longest, parts=True)


def _terms(found: FoundDocument, longest: int) -> Iterator[tuple[str, str]]:
    for term, start, end in definitions(found):
        yield term, prose(found, start, end, longest)


def _lines(found: FoundDocument, longest: int) -> Iterator[tuple[str, str]]:
    """`Q: … A: …`, and bold questions, each answered by what follows up to the next one or the next heading."""
    text = found.document.text
    asked = sorted([*_ASKED.finditer(text), *_BOLD.finditer(text)], key=lambda match: match.start())
    stops = sorted([match.start() for match in asked] + [h.start for h in found.document.headings])
    stops.append(len(text))
    for match in asked:
        end = stops[bisect_right(stops, match.start())]
        answered = _ANSWERED.match(text, _next_line(text, match.end()), end)
        start = answered.end() if answered else match.end()
        if answered or match.re is _BOLD:
            yield plain(found, match["asked"]), prose(found, start, end, longest)


def _next_line(text: str, place: int) -> int:
    """The start of the next line that isn't blank."""
    while place < len(text) and text[place] in "\r\n":
        place += 1
    return place
