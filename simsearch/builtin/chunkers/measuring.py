"""How many tokens lie between two characters of a text, and where they can be cut."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from simsearch import TokenCounter

WINDOW = 32_768
LONGEST_TOKEN = 32
"""Characters after which a token counts again: some tokenizers make one token of a string without blanks,
whatever its length, and a chunk should still be something that a person can read."""

_LAST_BLANK = re.compile(r"\s(?=\S*\Z)")


class Measure:
    """The tokens of one text, found once."""

    def __init__(self, text: str, tokens: TokenCounter) -> None:
        self._text = text
        self._starts = array("q")
        for window_start, window_end in _windows(text):
            self._starts.extend(_token_starts(tokens.spans(text[window_start:window_end]), window_start))

    def count(self, start: int, end: int) -> int:
        """Tokens that start in characters [start, end)."""
        return bisect_left(self._starts, end) - bisect_left(self._starts, start)

    def end_of(self, start: int, count: int) -> int:
        """The character at which `count` tokens from `start` on end; between words where there is one."""
        first = bisect_left(self._starts, start)
        last = first + count
        if last >= len(self._starts):
            return len(self._text)
        return self._word_break(first + 1, last) or self._starts[last]

    def start_of(self, end: int, count: int) -> int:
        """The character from which on there are `count` tokens before `end`."""
        first = bisect_left(self._starts, end) - count
        return self._starts[first] if 0 <= first < len(self._starts) else 0

    def _word_break(self, first: int, last: int) -> int:
        """The last start of a word among the tokens from the middle of [first, last] on; 0 where there is none."""
        for token in range(last, max(first, (first + last) // 2), -1):
            place = self._starts[token]
            if self._text[place - 1].isspace():
                return place
        return 0


def _token_starts(spans: Sequence[tuple[int, int]], offset: int) -> list[int]:
    starts: list[int] = []
    for start, end in spans:
        starts.append(offset + start)
        if end - start > LONGEST_TOKEN:
            starts += range(offset + start + LONGEST_TOKEN, offset + end, LONGEST_TOKEN)
    return starts


def _windows(text: str) -> Iterator[tuple[int, int]]:
    """Pieces of bounded length, cut where there is a blank: tokenizers need memory for all they are given."""
    start = 0
    while start < len(text):
        end = min(start + WINDOW, len(text))
        if end < len(text):
            blank = _LAST_BLANK.search(text, end - 1000, end)
            end = blank.start() if blank else end
        yield start, end
        start = end
