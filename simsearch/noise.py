"""Data that is not text although it is written in characters: base64, uuencode, hexadecimal, shapes of vector graphics,
minified code."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate

LONGEST_WORD = 80
"""Characters; a longer value of letters and digits of every kind is encoded data."""

_VALUE = re.compile(r"(?:data:[\w./+-]+;base64,|\w{2,8}-)?[A-Za-z0-9+/_=-]+\s*")
# Within a text hashes and keys are things that people look for; what is longer, or has three lines, is not.
_ENCODED = re.compile(
    r"(?<![A-Za-z0-9+/_=-])(?:data:[\w./+;=-]{1,60},)?(?:[A-Za-z0-9+/_=-]{200,}+"
    r"|(?:[A-Za-z0-9+/]{60,}+[ \t\\\"']{0,4}\r?\n[ \t>*#\"']{0,8}){2,}+[A-Za-z0-9+/]*={0,2})"
)
_UUENCODED = re.compile(r"(?:^M[ -`]{60}\r?\n){3,}+(?:[!-L][ -`]*\r?\n)?", re.MULTILINE)
_DUMPED = re.compile(  # as xxd, hexdump and od write bytes: their place, the bytes, and often their letters
    r"(?:^[ \t]*0[0-9A-Fa-f]{5,15}:?[ \t]{1,2}(?:[0-9A-Fa-f]{2}(?:[0-9A-Fa-f]{2})?[ \t]{1,3}){8,32}[^\n]{0,40}\n){3,}+",
    re.MULTILINE,
)
_SHAPE = re.compile(r"(?<=[\"'])[Mm][MmLlHhVvCcSsQqTtAaZzEe\d.,\s+-]{200,}+(?=[\"'])")
# A longer line of code without blanks is written by a program for programs.
_LONG_LINE = re.compile(r"^[^\n]{500,}+", re.MULTILINE)
_WRITTEN = (_UUENCODED, _DUMPED, _SHAPE)
_WORD = re.compile(r"\w")
_CODE = re.compile(r"[{}();=<>\[\]&|!?:,.+*/\"'\\-]")
SYMBOLS, BLANKS = 0.1, 0.035
"""Of the characters of a line: code has more of the one, minified code fewer of the other."""

SAMPLE, SAMPLE_OF_DATA = 20_000, 200
"""Characters of a line, and at the end of encoded data, that are looked at."""

Span = tuple[int, int]


def is_encoded_data(text: str) -> bool:
    """Whether a value is nothing but base64, hexadecimal or the like."""
    return len(text) >= LONGEST_WORD and bool(_VALUE.fullmatch(text)) and _is_mixed(text)


@lru_cache(maxsize=4)
def find_noise(text: str) -> tuple[Span, ...]:
    """The characters [start, end) of a text that are encoded data or minified code, in order."""
    code = [found.span() for found in _LONG_LINE.finditer(text) if _is_minified(found[0])]
    encoded = [found.span() for found in _ENCODED.finditer(text) if _is_mixed(found[0])]
    written = [found.span() for kind in _WRITTEN for found in kind.finditer(text)]
    spans: list[Span] = []
    for start, end in sorted([*code, *encoded, *written]):
        if spans and start < spans[-1][1]:
            spans[-1] = spans[-1][0], max(end, spans[-1][1])
        else:
            spans.append((start, end))
    return tuple(spans)


class Cut:
    """A text without its noise, its line ends kept.

    Args:
        original: The whole text.
    """

    def __init__(self, original: str) -> None:
        self._original = original
        self.spans = find_noise(original)
        self._ends = [end for _, end in self.spans]
        lines = ["\n" * original.count("\n", start, end) for start, end in self.spans]
        gone = (end - start - len(kept) for (start, end), kept in zip(self.spans, lines, strict=True))
        self._gone = [0, *accumulate(gone)]
        starts = [0, *self._ends]
        parts = (
            original[start:end]
            for start, end in zip(starts, [*(s for s, _ in self.spans), None], strict=True)
        )
        self.text = "".join(part + kept for part, kept in zip(parts, [*lines, ""], strict=True))

    @property
    def characters(self) -> int:
        """How many are left out."""
        return self._gone[-1]

    def place(self, original: int) -> int:
        """Where a character of the whole text is in this one; a noise's where the noise was."""
        index = bisect_right(self._ends, original)
        is_within = index < len(self.spans) and self.spans[index][0] <= original
        return (self.spans[index][0] if is_within else original) - self._gone[index]

    def originals(self, start: int, end: int) -> list[Span]:
        """Where the characters [start, end) of this text are in the whole one: the pieces between noise that have a
        word in them."""
        begins = [0, *self._ends]
        ends = [*(first for first, _ in self.spans), len(self._original)]
        found = (
            (max(start + gone, begin), min(end + gone, stop))
            for begin, stop, gone in zip(begins, ends, self._gone, strict=True)
        )
        pieces = [(first, last) for first, last in found if first < last]
        return [piece for piece in pieces if _WORD.search(self._original, *piece)] or pieces[:1]


def _is_minified(line: str) -> bool:
    sample = line[:SAMPLE]
    blanks = sum(map(str.isspace, sample))
    return blanks < BLANKS * len(sample) and len(_CODE.findall(sample)) >= SYMBOLS * len(sample)


def _is_mixed(text: str) -> bool:
    """Whether characters come as they do in encoded data: digits among capitals and small letters, or hexadecimal."""
    sample = text[-SAMPLE_OF_DATA:]
    few = len(sample) // 40
    digits, upper, lower = (sum(map(kind, sample)) for kind in (str.isdigit, str.isupper, str.islower))
    is_hex = digits >= len(sample) // 4 and not re.search(r"[g-zG-Z/+_=-]", sample)
    return is_hex or (min(digits, upper, lower) > few and upper + digits >= len(sample) // 4)
