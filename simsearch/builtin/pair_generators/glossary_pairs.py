"""Term → definition."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from simsearch import FoundDocument, Pair
from simsearch.builtin.pair_generators.prose import prose
from simsearch.builtin.pair_generators.terms import definitions

LONGEST_TERM = 60
_ELSEWHERE = re.compile(r"(?:see|see also|same as|alias for)\s", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2,}")
_OWN_NAME = re.compile(r"\w_\w|[a-z][A-Z]|[A-Z]{2}")
_DEFINES = re.compile(r"glossar|terminolog|acronym|abbreviation|definition|vocabulary", re.IGNORECASE)


def glossary_pairs(
    documents: Sequence[FoundDocument], words: int, shortest: int, longest: int
) -> Iterator[Pair]:
    """A pair for each term that means something by itself and whose definition does too."""
    for found in documents:
        defines = _DEFINES.search(f"{found.path} {found.document.title}")
        for term, start, end in definitions(found):
            if not is_term(term) or not (defines or " " in term or _OWN_NAME.search(term)):
                continue
            definition = prose(found, start, end, longest)
            refers = _ELSEWHERE.match(definition) and len(definition) < 2 * LONGEST_TERM
            if len(definition) >= shortest and len(definition.split()) >= words and not refers:
                yield Pair(term, definition, source=found.path)


def is_term(text: str) -> bool:
    """Whether a text can be a term: no question, no option such as -x, no line of prose or code."""
    return bool(
        len(text) <= LONGEST_TERM
        and _WORD.search(text)
        and text[0] not in "-\\/[{(<$%."
        and text[-1] not in "?,;:={[(.\\"
    )
