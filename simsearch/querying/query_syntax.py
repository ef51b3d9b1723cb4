"""What a question asks for besides its words: quotes with OR between them, and signs that are only words here.

What is quoted is required. All other words are alternatives, so OR between them changes nothing. `org*` finds every
word that begins with org (see storage/words/clauses.py). Other search tools exclude words with a hyphen or NOT,
require them with AND, or filter with field:value: here they are plain words, and the answer says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simsearch.storage.conditions import Condition, Or, Quotes
from simsearch.utf8 import storable

_QUOTE = re.compile(r'"([^"]*)"|“([^“”]*)”|„([^„“”]*)[“”]')
_QUOTE_MARKS = str.maketrans(dict.fromkeys('"“”„', " "))
_EXCLUDED = re.compile(r"(?<!\S)-(?:[^\W\d_]{2,}|(?=[\"“„]))")
_OPERATOR = re.compile(r"(?<=\S)\s+(?:AND\s+NOT|OR\s+NOT|AND)\s+(?=\S)|(?<!\S)NOT\s+(?=\S)")
_ALTERNATIVE = re.compile(r"\s+OR\s+")
_FIELD = re.compile(r"(?<!\S)([^\W\d_][\w.-]*):(?!//)[^\s:]")
_OTHER_STAR = re.compile(r"(?<!\S)(?:\*[^\W\d_]{2,}|[^\W\d_]{2,}\*[^\W\d_]{2,})\*?(?!\S)")
_PREFIX_STAR = re.compile(r"(?<=\w)\*(?!\S)")


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A question taken apart.

    Args:
        text: As it was given.
        quotes: What is required, each as written; of the parts of a tuple all, of several tuples one.
    """

    text: str
    quotes: tuple[tuple[str, ...], ...] = ()

    @property
    def condition(self) -> Condition | None:
        """What a chunk must meet: the quotes."""
        alternatives = tuple(map(Quotes, self.quotes))
        return Or(alternatives) if len(alternatives) > 1 else next(iter(alternatives), None)


def parse_query(text: str) -> ParsedQuery:
    """Take a question apart. A quote after NOT or a hyphen is not required: it is plain words."""
    alternatives: list[list[str]] = [[]]
    end = 0
    for quote in _QUOTE.finditer(text):
        before, end = text[end : quote.start()], quote.end()
        phrase = next(filter(None, quote.groups()), "")
        if not phrase.strip() or re.search(r"(?:(?<!\S)-|\bNOT\s+)$", before):
            continue
        if alternatives[-1] and _ALTERNATIVE.fullmatch(before):
            alternatives.append([])
        alternatives[-1].append(phrase)
    return ParsedQuery(text, tuple(tuple(dict.fromkeys(phrases)) for phrases in alternatives if phrases))


def plain_words(text: str) -> str:
    """The text that a model reads: without quotation marks and signs of prefixes."""
    return _PREFIX_STAR.sub("", storable(text).translate(_QUOTE_MARKS))


def notes_on_syntax(text: str, fields: Sequence[str]) -> Iterator[str]:
    """What another search tool would take for more than words, and what to do instead.

    Args:
        fields: Every field that a filter can name.
    """
    outside = _QUOTE.sub('""', text)
    if excluded := _EXCLUDED.search(outside):
        yield f"A hyphen does not exclude a word: {_shown(text, excluded[0])} was taken as plain words."
    if outside != outside.upper():
        for operator in dict.fromkeys(found[0].strip() for found in _OPERATOR.finditer(outside)):
            yield f"{' '.join(operator.split())} was taken as a plain word: results may have any of the words."
    if star := _OTHER_STAR.search(outside):
        yield f"A star stands for letters only at the end of a word: {star[0]} was taken as plain words."
    for found in _FIELD.finditer(outside):
        if found[1] in fields:
            value = text[text.find(found[0]) :].split()[0]
            yield f"{value} was taken as plain words; to filter by it, use --where '{value}'."


def _shown(text: str, sign: str) -> str:
    return text[text.find(sign.rstrip('"')) :].split()[0]
