"""The characters of an old Word file as paragraphs and tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simsearch.tables import table_text
from simsearch_office.flow import Block, one_line
from simsearch_office.old.marks import Marks

_CHARACTERS = {"\x0b": "\n", "\x1e": "-", "\x1f": "", "\xa0": "\xa0", "\t": "\t"}
_PARAGRAPH_ENDS = "\r\x0c\x0e"
_CELL_END = "\x07"
_BEGIN, _SEPARATE, _END = "\x13", "\x14", "\x15"
"""Around a field's code and its result."""


def blocks(characters: Sequence[str], places: Sequence[int], marks: Marks) -> Iterator[Block]:
    """Paragraphs with their level, and tables.

    Args:
        places: Where each character is in the stream.
    """
    text: list[str] = []
    row: list[str] = []
    rows: list[list[str]] = []
    fields: list[bool] = []
    for character, place in zip(characters, places, strict=False):
        if character in _PARAGRAPH_ENDS:
            paragraph = marks.paragraph(place)
            if paragraph.in_table:
                text.append(" ")
                continue
            yield from _table(rows)
            rows = []
            yield Block(_joined(text), paragraph.level)
            text = []
        elif character == _CELL_END:
            if marks.paragraph(place).ends_row:
                rows.append(row)
                row = []
            else:
                row.append(one_line(_joined(text)))
            text = []
        elif character in (_BEGIN, _SEPARATE, _END):
            _pass_by(fields, character)
        elif all(fields) and not marks.is_deleted(place):
            text.append(_CHARACTERS.get(character, character if character >= " " else ""))
    yield from _table([*rows, row])
    yield Block(_joined(text))


def _pass_by(fields: list[bool], character: str) -> None:
    """Each open field is in its code, or in its result, which is displayed."""
    if character == _BEGIN:
        fields.append(False)
    elif fields and character == _SEPARATE:
        fields[-1] = True
    elif fields:
        fields.pop()


def _joined(characters: Sequence[str]) -> str:
    text = "".join(characters).strip()
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _table(rows: Sequence[Sequence[str]]) -> Iterator[Block]:
    filled = [row for row in rows if any(row)]
    if filled:
        yield Block(table_text(filled))
