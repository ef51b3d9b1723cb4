"""What the values of a column are: numbers, dates, addresses, identifiers or texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, time
from decimal import Decimal
from itertools import islice
from typing import Any, Literal

ColumnKind = Literal["empty", "number", "date", "address", "identifier", "text", "list", "object"]
MOST = 0.9
"""Share of the values that must be of a kind."""
LOOKED_AT = 2000
PLACEHOLDERS = frozenset(
    ("nan", "null", "none", "nil", "n/a", "#n/a", "<na>", "\\n", "undefined", "nat", "(null)", "(none)", "[null]",
     "#value!", "#ref!", "#name?", "#num!", "#div/0!", "#null!", "missing", "tbd", "todo", "-", "--",
     "–", "—", "?", "...", "…")
)  # fmt: skip
"""How programs and people write, in small letters, that nothing is there."""
_BLANK = re.compile("[\\s\u200b-\u200f\u2060\ufeff]*")

_NUMBER = re.compile(r"[-+]?(\d[\d ]*([.,]\d+)*|[.,]\d+)([eE][-+]?\d+)?\s*%?")
_LISTED = r"[-+]?\d+(\.\d*)?([eE][-+]?\d+)?"
_NUMBERS = re.compile(rf"\[\s*{_LISTED}([\s,]+{_LISTED})*[\s,]*\]")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ]\d{1,2}:\d{2}.*)?|\d{1,2}:\d{2}(:\d{2})?")
_ADDRESS = re.compile(
    r"(https?|ftp|file|s3)://\S+|www\.\S+|[\w.+-]+@[\w-]+\.\w+|/?([\w.-]+/)+[\w.-]+", re.IGNORECASE
)
_IDENTIFIER = re.compile(
    r"(?=.*\d)[A-Za-z0-9_\-.:/#]{1,64}|[0-9a-f]{8,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)
# What UTF-8 looks like after it was read as windows-1252.
_AFTER = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_WRONGLY_DECODED = re.compile(
    f"Ã[{_AFTER}]|Â[\u00a0-\u00bf]|â€|(?:[ÐÑ][{_AFTER}]){{2}}|(?:[à-ï][{_AFTER}]{{2}}){{2}}|\ufffd"
)


def kind_of_column(values: Sequence[Any]) -> ColumnKind:
    """The kind of most values that aren't empty; a column of several kinds is of texts."""
    step = max(len(values) // LOOKED_AT, 1)
    kinds = [kind_of_value(value) for value in islice(values, 0, None, step)]
    there = [kind for kind in kinds if kind != "empty"]
    for kind in ("list", "object", "number", "date", "address", "identifier"):
        if there.count(kind) > MOST * len(there):
            return kind
    codes = sum(kind in ("number", "identifier") for kind in there)
    if codes > MOST * len(there):
        return "identifier"
    return "text" if there else "empty"


def kind_of_value(value: Any) -> ColumnKind:
    """The kind of one value of a table or of JSON."""
    if is_empty(value):
        return "empty"
    if isinstance(value, bool | int | float | Decimal):
        return "number"
    if isinstance(value, date | time):
        return "date"
    if isinstance(value, list | tuple):
        return "list"
    if isinstance(value, dict):
        return "object"
    return kind_of_text(str(value).strip())


def kind_of_text(text: str) -> ColumnKind:
    """The kind of a text without spaces around it."""
    if len(text) > 300:
        return "text"
    kinds: Iterable[tuple[ColumnKind, re.Pattern[str]]] = (
        ("number", _NUMBER), ("number", _NUMBERS), ("date", _DATE), ("address", _ADDRESS), ("identifier", _IDENTIFIER)
    )  # fmt: skip
    return next((kind for kind, pattern in kinds if pattern.fullmatch(text)), "text")


def is_empty(value: Any) -> bool:
    """Whether nothing is there: None, NaN, or a text of white space and marks without a width."""
    return value is None or value != value or (isinstance(value, str) and _BLANK.fullmatch(value) is not None)


def is_placeholder(text: str) -> bool:
    """Whether a text only says that nothing is there, as `nan`, `NULL` or `\\N`."""
    return text.strip().lower() in PLACEHOLDERS


def is_wrongly_decoded(text: str) -> bool:
    """Whether a text has letters that were UTF-8 and were read in another encoding, such as `Ã¤` for `ä`."""
    return not text.isascii() and bool(_WRONGLY_DECODED.search(text))
