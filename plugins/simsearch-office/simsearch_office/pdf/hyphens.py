"""Words that were divided at the end of a line: `precipi-` `tation` is one word, `well-` `known` keeps its hyphen."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

MARK = "\x02"
"""What PDFium puts for a hyphen where it joins two lines."""
_DIVIDED = re.compile(rf"([^\W\d_]+)(?:{MARK}\s*|[-\u2010\u00ad][ \t]*\r?\n[ \t]*)([^\W\d_]+)")
_AT_END = re.compile(rf"(?<=[^\W\d_])[{MARK}\-\u2010\u00ad]\s*\Z")
_AT_TOP = re.compile(r"\s*([^\W\d_]+)[^\S\n]*")
_LEFT_OVER = re.compile(rf"{MARK}\s*|(?<=\w)[-\u2010][ \t]*\r?\n[ \t]*(?=\w)")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_FREQUENT = {
    "en": "the of and to in is that for with on",
    "de": "der die und das nicht von mit ist den ein",
    "fr": "le la les des et du une est dans pour",
    "es": "el los las del que una por con para es",
    "it": "il di che della per una sono con del gli",
    "nl": "de het een van en dat niet met voor zijn",
    "pt": "os das que uma para com não por dos em",
}
"""Words that tell languages apart."""


class Hyphens:
    """Decides by the words of the whole file first, then by a dictionary of its language.

    Args:
        texts: All pages.
        language: As the file says, or empty.
    """

    def __init__(self, texts: Iterable[str], language: str) -> None:
        self._texts = list(texts)
        self._language = language.partition("-")[0].lower()
        self._words: set[str] | None = None

    def resolve_pages(self) -> list[str]:
        """The pages with divided words put together; one divided between two pages is on the first."""
        pages = list(self._texts)
        for number, following in enumerate(pages[1:], 1):
            end, top = _AT_END.search(pages[number - 1]), _AT_TOP.match(following)
            if end and top and top[1][0].islower():
                pages[number - 1] = f"{pages[number - 1][: end.start()]}{MARK}{top[1]}"
                pages[number] = following[top.end() :]
        return [self._resolve(page) for page in pages]

    def _resolve(self, text: str) -> str:
        text = _DIVIDED.sub(self._joined, text)
        return _LEFT_OVER.sub("-", text)

    def _joined(self, divided: re.Match[str]) -> str:
        first, second = divided[1], divided[2]
        hyphen = "-" if self._keeps_hyphen(first, second) else ""
        return f"{first}{hyphen}{second}"

    def _keeps_hyphen(self, first: str, second: str) -> bool:
        if second[0].isupper():
            return not first.isupper() or len(first) == 1
        one, two = first.lower(), second.lower()
        known = self._known()
        if one + two in known:
            return False
        if f"{one}-{two}" in known:
            return True
        dictionary = _dictionary(self._language or self._guessed())
        return one + two not in dictionary and one in dictionary and two in dictionary

    def _known(self) -> set[str]:
        """The words that the file has in the middle of lines."""
        if self._words is None:
            whole = (_DIVIDED.sub(" ", text) for text in self._texts)
            self._words = {word.lower() for text in whole for word in _WORD.findall(text)}
        return self._words

    def _guessed(self) -> str:
        known = self._known()
        return max(_FREQUENT, key=lambda code: len(known.intersection(_FREQUENT[code].split())))


@lru_cache(maxsize=2)
def _dictionary(language: str) -> frozenset[str]:
    """The words of a language, or none where there is no dictionary."""
    from spellchecker import SpellChecker

    try:
        return frozenset(SpellChecker(language=language).word_frequency.keys())
    except ValueError:
        return frozenset()
