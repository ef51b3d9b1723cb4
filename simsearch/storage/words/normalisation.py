"""One form for all ways to write a word: composition, case, width, marks and accents."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from simsearch.storage.words.scripts import GREEK, INVISIBLE, LATIN, MARKS, hide_escapes

_INVISIBLE = re.compile(f"[{INVISIBLE}]+")
_POINTS = re.compile(
    "[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u0652\u0656-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08e1\u08e3-\u08ff]+"
)
"""Vowel and reading marks of Hebrew and Arabic, and the Arabic line filler."""

_DECIMAL = re.compile(r"[^\D0-9]")
"""Digits of all scripts but ours."""

_DOTTED_I = str.maketrans({"ı": "i", "İ": "i"})
_PUNCTUATION = str.maketrans(
    {**dict.fromkeys("‘’‚‛ʼ′", "'"), **dict.fromkeys("“”„‟″", '"'), **dict.fromkeys("‐‑‒–—―−", "-")}
)
_ACCENTED = re.compile(f"([{LATIN}{GREEK}])[\u0300-\u036f]+|([\u0400-\u052f][\u0306\u0308]?)[\u0300\u0301]+")
_LETTERS = str.maketrans(
    {
        "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ħ": "h", "ŋ": "n", "ŧ": "t",
        "ĸ": "k", "ſ": "s", "ё": "е", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه",
        "ς": "σ",
    }
)  # fmt: skip
"""Letters that are often written as others: those of Arabic as Lucene's ArabicNormalizer has them."""

_CLUSTER = re.compile(f".[{MARKS}{INVISIBLE}\u1160-\u11ff]*", re.DOTALL)
"""A character with what composes with it: marks, or the vowel and final consonant of a Hangul syllable."""


def compatible(text: str) -> str:
    """A text in its compatible composition (NFKC), without invisible characters, vowel marks and control sequences;
    its case is kept."""
    if text.isascii() and "\x1b" not in text:
        return text
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", hide_escapes(text)))
    return _POINTS.sub("", text)


def compatible_with_offsets(text: str) -> tuple[str, list[int]]:
    """The same, and where each character comes from: the offsets of its cluster's start, and the text's end."""
    parts, offsets = [], []
    for cluster in _CLUSTER.finditer(hide_escapes(text)):
        part = compatible(cluster[0])
        parts.append(part)
        offsets += [cluster.start()] * len(part)
    return "".join(parts), [*offsets, len(text)]


def without_case(text: str) -> str:
    """A compatible text as it is compared ignoring case; the Turkish letters i and ı are one."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", text.translate(_DOTTED_I).casefold()).translate(_DOTTED_I)


def as_written(text: str) -> str:
    """A text as quotes compare it: whatever looks the same is the same, ignoring case; accents count."""
    plain = without_case(compatible(text))
    return plain if plain.isascii() else plain.translate(_PUNCTUATION)


@lru_cache(maxsize=1 << 14)
def folded(word: str) -> str:
    """A word as `fold` returns it; the last results are remembered."""
    return fold(word)


def fold(text: str) -> str:
    """A compatible text as words are compared: without case, accents and variants of letters and digits."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFD", without_case(text))
    plain = unicodedata.normalize("NFC", _ACCENTED.sub(r"\1\2", apart)).translate(_LETTERS)
    return _DECIMAL.sub(lambda digit: str(unicodedata.decimal(digit[0])), plain)


def as_written_with_offsets(text: str) -> tuple[str, list[int]]:
    """A text `as_written`, and the offset in the text of each of its characters and of its end."""
    if text.isascii() and "\x1b" not in text:
        return text.lower(), list(range(len(text) + 1))
    parts, offsets = [], []
    for cluster in _CLUSTER.finditer(hide_escapes(text)):
        part = as_written(cluster[0])
        parts.append(part)
        offsets += [cluster.start()] * len(part)
    return "".join(parts), [*offsets, len(text)]
