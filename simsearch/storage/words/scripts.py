"""Characters by script: which ones form words, and which scripts write words without spaces between them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache

HAN = "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
KANA = "\u3031-\u3035\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
HANGUL = "\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\uac00-\ud7a3\ud7b0-\ud7fb"
THAI, LAO, KHMER, MYANMAR = "\u0e01-\u0e4e", "\u0e81-\u0ece", "\u1780-\u17d3", "\u1000-\u103f\u1050-\u109d"
LATIN = "A-Za-z\xaa\xba\xc0-\xd6\xd8-\xf6\xf8-\u024f\u0250-\u02af\u1e00-\u1eff\u2c60-\u2c7f\ua722-\ua7ff"
GREEK, CYRILLIC = "\u0370-\u03ff\u1f00-\u1fff", "\u0400-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f"
HEBREW, ARABIC = "\u0590-\u05ff", "\u0600-\u06ff\u0750-\u077f\u0870-\u08ff"
TAMIL = "\u0b80-\u0bff"

UNSPACED = HAN + KANA + HANGUL + THAI + LAO + KHMER + MYANMAR
"""Scripts that write no spaces between words; Hangul does, but attaches particles and writes compounds as one."""

ESCAPE = "\x1b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\x07\x1b]*(?:\x07|\x1b\\\\)|[@-Z\\\\^_])"
"""A terminal's control sequence, such as a colour code (ECMA-48)."""

INVISIBLE = (
    "\xad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0100-\U000e01ef"
)
"""Soft hyphens, zero-width characters, marks of direction, and variation selectors."""

_MARKED_BLOCKS = (
    (0x0300, 0x1E00),
    (0x20D0, 0x2100),
    (0x2CEF, 0x2E00),
    (0x302A, 0x309B),
    (0xA66F, 0xABEE),
    (0xFB1E, 0xFE30),
)
"""The blocks of Unicode's first plane that have combining marks."""


def _marks() -> Iterator[str]:
    """Ranges of the combining marks that Python's `\\w` leaves out."""
    for first, end in _MARKED_BLOCKS:
        start = None
        for code in range(first, end + 1):
            marked = code < end and unicodedata.category(chr(code))[0] == "M"
            if marked and start is None:
                start = code
            elif not marked and start is not None:
                yield f"{chr(start)}-{chr(code - 1)}"
                start = None


MARKS = "".join(_marks()) + "\uff9e\uff9f"
"""Combining marks, and the half-width voicing marks of kana, as ranges of a character class."""

_DENSE = ("kana", "han", "hangul")
"""Scripts whose characters say about as much as three letters."""

_ESCAPES = re.compile(ESCAPE)
_SCRIPTS = {
    "latin": LATIN,
    "cyrillic": CYRILLIC,
    "greek": GREEK,
    "arabic": ARABIC,
    "hebrew": HEBREW,
    "kana": KANA + "\uff66-\uff9d",
    "han": HAN,
    "hangul": HANGUL,
    "thai": THAI,
    "lao": LAO,
    "khmer": KHMER,
    "myanmar": MYANMAR,
    "tamil": TAMIL,
    "devanagari": "\u0900-\u097f",
}


def hide_escapes(text: str) -> str:
    """A text whose terminal control sequences are replaced by invisible characters; every offset stays the same."""
    if "\x1b" not in text:
        return text
    return _ESCAPES.sub(lambda found: "\u200b" * len(found[0]), text)


SCRIPT_NAMES = {
    **{script: script.capitalize() for script in _SCRIPTS},
    "kana": "Japanese",
    "han": "Chinese",
    "hangul": "Korean",
    "myanmar": "Burmese",
}


@cache
def _letters() -> dict[str, re.Pattern[str]]:
    return {script: re.compile(f"[{characters}]") for script, characters in _SCRIPTS.items()}


def script_name(text: str) -> str:
    """What people call the script of most letters of a text; empty for one without letters. A script that is not listed
    here has Unicode's name."""
    letter = next(filter(str.isalpha, text), "")
    if not letter or text.isascii():
        return SCRIPT_NAMES["latin"] if letter else ""
    script = script_of(text)
    if _letters()[script].search(text):
        return SCRIPT_NAMES[script]
    return unicodedata.name(letter, "").partition(" ")[0].capitalize()


def script_of(text: str) -> str:
    """The script of most letters of a text: `latin` for a text without letters, `kana` for Japanese."""
    if text.isascii():
        return "latin"
    found = Counter(text)
    distinct = "".join(found)
    counts = {
        script: sum(found[letter] for letter in letters.findall(distinct))
        for script, letters in _letters().items()
    }
    for script in _DENSE:
        counts[script] *= 3
    best = max(counts, key=counts.__getitem__)
    return "kana" if best == "han" and counts["kana"] * 20 > counts["han"] else best
