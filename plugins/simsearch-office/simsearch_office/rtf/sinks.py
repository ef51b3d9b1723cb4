"""Where text of one destination is collected: paragraphs, and tables of cells."""

from __future__ import annotations

from simsearch.tables import table_text
from simsearch_office.flow import Block, one_line


class Sink:
    """Text of the body, a note, a header, or a name."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.blocks: list[Block] = []
        self.behind: list[Block] = []
        self._characters: list[str] = []
        self._cell: list[str] = []
        self._row: list[str] = []
        self._rows: list[list[str]] = []

    def write(self, characters: str) -> None:
        self._characters.append(characters)

    def end_paragraph(self, level: int, in_table: bool) -> None:
        """A paragraph of the text, or one of several in a cell."""
        text = self._take()
        if in_table:
            self._cell.append(text)
            return
        self._end_table()
        self.blocks.append(Block(text, level))
        self._add_behind()

    def end_cell(self) -> None:
        """What was behind its paragraphs stays in the cell."""
        words = [*self._cell, self._take(), *(block.text for block in self.behind)]
        self._row.append(one_line(" ".join(words)))
        self._cell, self.behind = [], []

    def end_row(self) -> None:
        if self._row:
            self._rows.append(self._row)
            self._row = []

    def finish(self) -> list[Block]:
        """All blocks, also those that nothing has ended."""
        if self._cell or self._row:
            self.end_cell()
            self.end_row()
        self.end_paragraph(0, False)
        return [block for block in self.blocks if block.text.strip()]

    @property
    def words(self) -> str:
        """Everything in one line."""
        return one_line(" ".join(block.text for block in self.finish()))

    def _take(self) -> str:
        text = "".join(self._characters).strip()
        self._characters = []
        # Characters beyond the first plane are written as two halves.
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

    def _end_table(self) -> None:
        self.end_row()
        if self._rows:
            self.blocks.append(Block(table_text(self._rows)))
            self._rows = []

    def _add_behind(self) -> None:
        self.blocks += self.behind
        self.behind = []
