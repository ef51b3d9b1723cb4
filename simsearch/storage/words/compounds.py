"""Parts of compounds, in languages that write them as one word: a question for `Rechnung` finds `Zahnarztrechnung`, and
one for `Zahnarztrechnung` finds `Rechnung des Zahnarztes`.

No dictionary decides what a part is, but the words of the index: a part is a stem that other chunks have as a word, or
one that the question has. benchmarks/languages.py has what this brings in German.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from simsearch.storage.words.languages import stem

COMPOUNDING = ("da", "de", "fi", "hu", "nl", "no", "sv")
LEAST_SHARE = 0.1
"""Of an index's chunks that are in such a language; looking for parts takes some 8 ms a word in 40,000 words."""

SHORTEST_STEM, SHORTEST_REST = 4, 3
_LINKS = ("", "s", "es", "n", "en", "er", "e")
"""What German, the most frequent of them, puts between parts."""

_LONGER = "aber"
_PLAIN = re.compile(r"[a-z]+")


def can_be_part(stemmed: str) -> bool:
    """Whether a stem is long enough to be looked for within words."""
    return len(stemmed) >= SHORTEST_STEM and bool(_PLAIN.fullmatch(stemmed))


def containing(stemmed: str, language: str) -> tuple[str, str]:
    """Regular expressions of the terms that end or begin with a stem and have more letters."""
    endings = "|".join(sorted({stemmed, _as_ending(stemmed, language)}))
    return f".{{{SHORTEST_REST},}}({endings})", f"{stemmed}.{{{SHORTEST_REST},}}"


def is_part(stemmed: str, term: str, language: str) -> bool:
    """Whether a term is a compound that begins or ends with a stem."""
    if not can_be_part(stemmed) or len(term) < SHORTEST_STEM + SHORTEST_REST:
        return False
    begins = term.startswith(stemmed) and len(term) >= len(stemmed) + SHORTEST_REST
    endings = (stemmed, _as_ending(stemmed, language))
    return begins or any(term.endswith(end) and len(term) >= len(end) + SHORTEST_REST for end in endings)


def _as_ending(stemmed: str, language: str) -> str:
    """A stem at the end of a longer word, which loses more: `rechn` in `Zahnarztrechnung`, but `rechnung` alone."""
    ending = stem(f"{_LONGER}{stemmed}", language).removeprefix(_LONGER)
    return ending if len(ending) >= SHORTEST_STEM else stemmed


def split_compound(word: str, language: str, count: Callable[[str], int]) -> tuple[str, ...]:
    """The stems of a word's two parts if both are words of the index; the longest, if there are several ways.

    Args:
        count: How many chunks have a stem.
    """
    splits = list(_splits(word, language, count)) if _PLAIN.fullmatch(word) else []
    return max(splits, key=lambda parts: sum(map(len, parts)), default=())


def _splits(word: str, language: str, count: Callable[[str], int]) -> Iterator[tuple[str, str]]:
    for at in range(SHORTEST_STEM, len(word) - SHORTEST_STEM + 1):
        last = stem(word[at:], language)
        if not count(last):
            continue
        for link in _LINKS:
            first = stem(word[:at].removesuffix(link), language)
            if word[:at].endswith(link) and len(first) >= SHORTEST_STEM and count(first):
                yield first, last
