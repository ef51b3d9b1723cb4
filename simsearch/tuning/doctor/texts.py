"""Texts that are not what a person wrote: identifiers, numbers, addresses, placeholders, and wrong encodings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from simsearch.tables.kinds import ColumnKind, is_placeholder, is_wrongly_decoded, kind_of_column
from simsearch.tables.printed import is_printed
from simsearch.tuning.doctor.findings import Finding, places
from simsearch.types import Pair
from simsearch.wording import counted

MANY = 0.05
NOT_TEXTS: dict[ColumnKind, str] = {
    "identifier": "identifiers (ids)",
    "number": "numbers",
    "address": "addresses (URLs)",
    "date": "dates",
}
_MARKUP = re.compile(
    r"</?(p|br|div|span|a|b|i|u|em|strong|ul|ol|li|h[1-6]|table|t[rdh]|img|font|code|pre)\b[^<>]*>|&(#\d+|amp|lt|gt|quot|apos|nbsp);",
    re.IGNORECASE,
)
MEANINGLESS: tuple[ColumnKind, ...] = ("identifier", "number")
"""A gain on these is chance, or a pattern of how they were numbered."""
SHORT = 2
"""Words; the names of labels have no more."""
MOST_LABELS = 10


def not_texts(pairs: Sequence[Pair]) -> Iterable[Finding]:
    """Sides that hold something else than texts."""
    for side, texts in _sides(pairs):
        kind = kind_of_column(texts)
        if kind in NOT_TEXTS:
            shown = ", ".join(f"'{text[:40]}'" for text in dict.fromkeys(texts[:3]))
            decisive = kind in MEANINGLESS and side != "negative"
            yield Finding(
                f"The {side}s look like {NOT_TEXTS[kind]}, not like texts: {shown}",
                (),
                "Nothing learned from them would apply to other texts.",
                f"They are kept{', but nothing is promoted' if decisive else ''}; check which columns were read, and "
                "name those of the texts with --columns anchor=NAME,positive=NAME.",
                decisive=decisive,
            )


def labels_as_texts(pairs: Sequence[Pair]) -> Iterable[Finding]:
    """Sides of a few words that come again and again."""
    for side, texts in _sides(pairs):
        distinct = list(dict.fromkeys(texts))
        if len(distinct) <= min(MOST_LABELS, len(texts) // 4) and all(
            len(text.split()) <= SHORT for text in distinct
        ):
            yield Finding(
                f"The {side}s look like labels, not like texts: {', '.join(distinct)}",
                (),
                "Many pairs share them, so there is little to find.",
                "They are kept; check which columns were read, and name those of the texts with --columns "
                "anchor=NAME,positive=NAME.",
            )


def _sides(pairs: Sequence[Pair]) -> Iterator[tuple[str, list[str]]]:
    yield "anchor", [pair.anchor for pair in pairs]
    yield "positive", [pair.positive for pair in pairs]
    negatives = [text for pair in pairs for text in pair.negatives]
    if negatives:
        yield "negative", negatives


def placeholders(pairs: Sequence[Pair]) -> Iterable[Finding]:
    """Rows whose text only says that nothing is there."""
    rows = [pair for pair in pairs if is_placeholder(pair.anchor) or is_placeholder(pair.positive)]
    if rows:
        found = {text for pair in rows for text in (pair.anchor, pair.positive) if is_placeholder(text)}
        yield Finding(
            f"{counted(len(rows), 'row has', 'rows have')} a placeholder for a missing text: "
            f"{', '.join(sorted(found))}",
            places(rows),
            "It would be learned like any other text.",
            "They are kept; remove the rows, or fill them.",
            serious=len(rows) > MANY * len(pairs),
        )


def wrongly_decoded(pairs: Sequence[Pair]) -> Iterable[Finding]:
    """Rows with letters that were decoded in a wrong encoding."""
    yield from _rows_with(
        pairs,
        is_wrongly_decoded,
        "wrongly decoded letters (mojibake, such as Ã¤ for ä)",
        "The model doesn't know such words, and questions will not contain them.",
        "They are kept; export the file again as UTF-8.",
    )


def printed_values(pairs: Sequence[Pair]) -> Iterable[Finding]:
    """Rows with a list, an object or bytes that were printed into a cell."""
    yield from _rows_with(
        pairs,
        is_printed,
        "a printed list or object in place of a text, such as ['one', 'two'] or {'text': 'one'}",
        "Its brackets and quotes would be learned as words.",
        "They are kept; write one text per row.",
    )


def marked_up(pairs: Sequence[Pair]) -> Iterable[Finding]:
    """Rows with tags or entities of HTML."""
    yield from _rows_with(
        pairs,
        lambda text: ("<" in text or "&" in text) and _MARKUP.search(text) is not None,
        "HTML in their texts, such as <p> or &amp;",
        "The tags would be learned as words, and questions don't contain them.",
        "They are kept; export the texts without markup.",
    )


def enclosed_in_quotes(pairs: Sequence[Pair]) -> Iterable[Finding]:
    """Rows whose whole text is in quotation marks, where most are: the table was quoted in another way."""
    rows = [pair for pair in pairs if _is_quoted(pair.anchor) or _is_quoted(pair.positive)]
    if len(rows) > len(pairs) / 2:
        yield Finding(
            f"{counted(len(rows), 'row has a text', 'rows have texts')} in quotation marks",
            places(rows),
            "The marks would be learned as a part of the text.",
            'They are kept; write quoted cells as in "one","two", with double quotation marks and no spaces between.',
        )


def _is_quoted(text: str) -> bool:
    text = text.strip()
    return len(text) > 2 and text[0] == text[-1] and text[0] in "'\""


def _rows_with(
    pairs: Sequence[Pair], check: Callable[[str], bool], what: str, consequence: str, action: str
) -> Iterable[Finding]:
    rows = [pair for pair in pairs if check(pair.anchor) or check(pair.positive)]
    if rows:
        serious = len(rows) > MANY * len(pairs)
        yield Finding(
            f"{counted(len(rows), 'row has', 'rows have')} {what}",
            places(rows),
            consequence,
            action,
            serious=serious,
        )
