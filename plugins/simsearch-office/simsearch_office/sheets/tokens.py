"""Number format codes, taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_TOKENS = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[([^\]]*)\]|(E[+-])|(General)|(.)', re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Token:
    """A part of a format code: words to show as they are, or a character with a meaning."""

    text: str
    literal: bool


@lru_cache(maxsize=1024)
def tokens_of(section: str) -> tuple[Token, ...]:
    """A section of a format code, without colours, paddings and fillings."""
    found = []
    for quoted, escaped, bracket, exponent, word, character in _TOKENS.findall(section):
        if quoted or escaped:
            found.append(Token(quoted or escaped, True))
        elif bracket.startswith("$"):
            found.append(Token(bracket[1:].partition("-")[0], True))
        elif bracket.lower().strip("hms") == "" and bracket:
            found.append(Token(f"[{bracket.lower()}]", False))
        elif exponent or word or character:
            found.append(Token(exponent or word or character, False))
    return tuple(token for token in found if token.text)
