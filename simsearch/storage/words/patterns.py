"""The regular expressions of analysis.py. Those with classes of many scripts are compiled when they are first needed,
because a question in plain English needs none of them."""

from __future__ import annotations

import re
from functools import cached_property

from simsearch.storage.words.scripts import (
    ARABIC,
    CYRILLIC,
    GREEK,
    HAN,
    HANGUL,
    HEBREW,
    INVISIBLE,
    LATIN,
    MARKS,
    UNSPACED,
)


class LazyPattern:
    """A regular expression that is compiled at its first use."""

    def __init__(self, source: str, flags: int = 0) -> None:
        self._source = source
        self._flags = flags

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(self._source, self._flags)


LONGEST_WORD = 255

_SPECIAL = r"\.(?:NET|Net|net)(?![^\W_])|[^\W\d_](?:[+＋]{2}|[#＃♯](?![^\W\d_]))"
_CHARACTER = rf"[\w{MARKS}{INVISIBLE}]"
_JOINED = f"[{MARKS}\u1160-\u11ff]*"
_SPACED = rf"(?:(?![{UNSPACED}])\w)+"
_SEPARATOR = r"[._\-:/]+"

ASCII_TOKEN = re.compile(rf"(?<![\w.])(?:{_SPECIAL})|\w+(?:{_SEPARATOR}\w+)*(?:\+\+|\#)?", re.ASCII)
TOKEN = LazyPattern(rf"(?<![\w.])(?:{_SPECIAL})|\w{_CHARACTER}*(?:{_SEPARATOR}{_CHARACTER}+)*(?:\+\+|\#)?")
"""A word or an identifier, or a name such as `C++` and `.NET`, as it is in the text."""

RUN = LazyPattern(f"[{UNSPACED}][{UNSPACED}{MARKS}]*")
CLUSTER = LazyPattern(f".[{MARKS}]*", re.DOTALL)
CHARACTER_WORD = LazyPattern(f"[{HAN}{HANGUL}]")
"""A run of characters without spaces, one of them with its marks, and those that can be a word by themselves."""

IDENTIFIER = LazyPattern(rf"\w[\w{MARKS}]*(?:{_SEPARATOR}[\w{MARKS}]+)*(?:\+\+|#)?")
SINGLE = re.compile(r"[^\W\d_](?:\+\+|[#♯])|\.net", re.IGNORECASE)
PART = LazyPattern(
    rf"(?<=\.)(?:NET|Net)(?![^\W_])|[{LATIN}0-9\u0300-\u036f]+|[{CYRILLIC}\d\u0300-\u036f]+"
    rf"|[{GREEK}\d\u0300-\u036f]+|[{ARABIC}\d]+|[{HEBREW}\d]+"
    rf"|(?:(?![{LATIN}{CYRILLIC}{GREEK}{ARABIC}{HEBREW}_])[\w{MARKS}])+"
)
"""A word within an identifier; a script ends where another begins."""

CAMEL = re.compile(r"[a-z][A-Z]|[A-Z]{2}[a-z]{2}")
HUMP = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

REST = LazyPattern(
    rf"{_JOINED}(?:(?:(?![{UNSPACED}]){_CHARACTER}){{1,{LONGEST_WORD}}}|[{UNSPACED}]{_JOINED})?"
)
"""What is left of a word that a chunk's end cuts through."""

WORD_OR_RUN = LazyPattern(rf"[{UNSPACED}][{UNSPACED}{MARKS}]*|{_SPACED}(?:{_SEPARATOR}{_SPACED})*")
PREFIX = LazyPattern(rf"(?<![\w*])([^\W\d_]{_CHARACTER}+)\*(?!\S)")
