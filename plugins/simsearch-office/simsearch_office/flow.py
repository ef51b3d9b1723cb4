"""Blocks of text, and how they become one document's text with headings in place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from simsearch import Heading

GAP = "\n\n"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a table, or a heading of `level` 1 to 9; level 0 is not a heading."""

    text: str
    level: int = 0


class Flow:
    """Blocks in reading order, with a blank line between them."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._headings: list[Heading] = []
        self._length = 0

    def add(self, blocks: Iterable[Block]) -> None:
        """Append the blocks that have text."""
        for block in blocks:
            text = block.text.strip("\n").rstrip()  # a table's first cell may be empty
            if not text:
                continue
            if block.level:
                self._headings.append(Heading(self._length, block.level, one_line(text)))
            self._parts.append(text)
            self._length += len(text) + len(GAP)

    def add_once(self, blocks: Iterable[Block]) -> None:
        """Append the blocks whose text isn't there yet."""
        self.add(block for block in blocks if block.text not in self._parts)

    def end_sections(self) -> None:
        """What follows belongs to none of the headings so far."""
        if self._headings:
            self._headings.append(Heading(self._length, 1, ""))

    @property
    def text(self) -> str:
        return GAP.join(self._parts)

    @property
    def headings(self) -> tuple[Heading, ...]:
        """In order; those behind all text are left out."""
        return tuple(heading for heading in self._headings if heading.start < self._length)


def one_line(text: str) -> str:
    """The words of a text, with single spaces between them."""
    return " ".join(text.split())


def joined(blocks: Iterable[Block]) -> str:
    """Blocks as the text of one table cell."""
    return " ".join(filter(None, (one_line(block.text) for block in blocks)))


def counted(number: int, thing: str) -> str:
    """`1 page`, `2 pages`."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def which_of(thing: str, numbers: Sequence[int], total: int, one: str, many: str) -> str:
    """A notice about some pages or slides: `3 of 4 pages have no text: pages 2, 3, 4`."""
    shown = ", ".join(map(str, numbers[:10])) + (", ..." if len(numbers) > 10 else "")
    verb, plural = (one, "") if len(numbers) == 1 else (many, "s")
    return f"{len(numbers)} of {counted(total, thing)} {verb}: {thing}{plural} {shown}"
