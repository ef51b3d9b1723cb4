"""Groups and control words, read once from beginning to end."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace
from typing import Any

from simsearch_office.flow import Block, one_line
from simsearch_office.ooxml.drawings import comment_block
from simsearch_office.rtf.sinks import Sink
from simsearch_office.rtf.words import (
    BEHIND,
    CHARACTERS,
    CODE_PAGES,
    DATES,
    EDGES,
    HIDDEN,
    INFORMATION,
    MAC_CODE_PAGES,
    NAMED,
    SYMBOL,
    TRANSPARENT,
)
from simsearch_office.word.symbols import symbol

_TOKEN = re.compile(
    r"\\(?:'([0-9a-fA-F]{2})|([a-zA-Z]{1,40})(-?\d{1,10})? ?|([^a-zA-Z]))|([{}])|[\r\n]+|([^\\{}\r\n]+)",
    re.DOTALL,
)
_HEADING = re.compile(r"heading ([1-9])$", re.IGNORECASE)
_DESTINATIONS = BEHIND | EDGES | NAMED | INFORMATION | HIDDEN | {"upr"}
_SHOWN_PROPERTIES = ("gtextUNICODE", "wzDescription")
"""What shapes say in their properties: words along a line, and what is shown instead of a picture."""


@dataclass(slots=True)
class _State:
    """What holds up to the end of a group."""

    sink: Sink
    hidden: bool = False
    deleted: bool = False
    optional: bool = False
    skip_next_group: bool = False
    font: int = 0
    fallback: int = 1
    level: int | None = None
    style: int = 0
    in_table: bool = False


@dataclass(slots=True)
class _Font:
    charset: int = 0
    is_roman: bool = False


class Parser:
    """Reads one file; then `blocks`, `page_edges`, `title`, `metadata` and `notices` are what it holds.

    Args:
        source: Each byte as one character.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._body = Sink("body")
        self._state = _State(self._body)
        self._stack: list[_State] = []
        self._bytes = bytearray()
        self._to_skip = 0
        self._code_page = "cp1252"
        self._default_font = 0
        self._fonts: dict[int, _Font] = {}
        self._styles: dict[int, int] = {}
        self._names: dict[str, str] = {}
        self._dates: dict[str, dict[str, int]] = {}
        self.page_edges: list[Block] = []
        self.notices: list[str] = []

    def parse(self) -> None:
        """Read everything; groups that never end are taken as ended."""
        position = 0
        while position < len(self._source):
            token = _TOKEN.match(self._source, position)
            if token is None:
                position += 1
                continue
            position = token.end()
            byte, word, number, sign, brace, text = token.groups()
            if word == "bin":
                position += max(int(number or 0), 0)
            elif byte:
                self._add_bytes(bytes([int(byte, 16)]))
            elif text:
                self._add_bytes(text.encode("latin-1"))
            elif word or sign or brace:
                self._flush()
                self._act(word or sign or brace, int(number) if number else None, bool(brace))
        self._flush()
        while self._stack:
            self._end_group()

    def blocks(self) -> list[Block]:
        """The body."""
        return self._body.finish()

    @property
    def title(self) -> str:
        return self._names.get("title", "")

    @property
    def metadata(self) -> dict[str, Any]:
        """Author, subject, keywords, category, comments and date, where known."""
        found: dict[str, Any] = {k: self._names.get(k) for k in ("author", "subject", "keywords", "category")}
        found["comments"] = self._names.get("doccomm")
        if date := next((date for name in DATES if (date := self._dates.get(name, {})).get("yr")), {}):
            year, month, day = (date.get(unit, 1) for unit in ("yr", "mo", "dy"))
            hour, minute = (date.get(unit, 0) for unit in ("hr", "min"))
            found["date"] = f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:00"
        return {name: value for name, value in found.items() if value}

    def _act(self, word: str, number: int | None, is_brace: bool) -> None:
        state = self._state
        if is_brace:
            self._to_skip = 0
            self._begin_group() if word == "{" else self._end_group()
        elif word == "*":
            state.optional = True
        elif self._is_destination(word):
            self._begin_destination(word)
        elif word == "u":
            self._write(_character(number or 0, self._fonts.get(state.font)))
            self._to_skip = state.fallback
        elif word in CHARACTERS:
            self._write(CHARACTERS[word])
        else:
            self._set(word, number)

    def _begin_group(self) -> None:
        skipped = self._state.skip_next_group
        self._state.skip_next_group = False
        self._stack.append(self._state)
        self._state = replace(self._state, optional=False, hidden=self._state.hidden or skipped)

    def _end_group(self) -> None:
        if not self._stack:
            return
        ended, self._state = self._state, self._stack.pop()
        if ended.sink is not self._state.sink:
            self._finish(ended.sink)

    def _is_destination(self, word: str) -> bool:
        # An optional group that is not known here holds nothing that is displayed.
        return word in _DESTINATIONS or (self._state.optional and word not in TRANSPARENT)

    def _begin_destination(self, word: str) -> None:
        state = self._state
        if word == "upr":
            state.skip_next_group = True  # what comes next in Unicode says the same
            return
        if word == "objdata":
            self.notices = self.notices or ["an embedded file was not read"]
        is_name = word in NAMED or word in INFORMATION
        hidden = not is_name and (state.hidden or not (word in BEHIND or word in EDGES))
        self._state = replace(
            state, sink=Sink(word), hidden=hidden, optional=False, in_table=False, level=None, style=0
        )

    def _finish(self, sink: Sink) -> None:
        name, parent = sink.name, self._state.sink
        if name in NAMED or name in INFORMATION:
            self._names[name] = sink.words
            if name == "sv" and self._names.get("sn") in _SHOWN_PROPERTIES:
                parent.behind.append(Block(self._names["sv"]))
        elif name == "annotation":
            author = self._names.pop("atnauthor", "")
            parent.behind.append(comment_block(author, "\n".join(b.text for b in sink.finish())))
        elif name in BEHIND:
            parent.behind += [Block(block.text) for block in sink.finish()]
        elif name in EDGES:
            self.page_edges += [Block(block.text) for block in sink.finish()]

    def _set(self, word: str, number: int | None) -> None:
        state, in_style = self._state, self._state.sink.name == "stylesheet"
        if word in ("par", "sect", "page", "cell", "row", "nestcell", "nestrow") and not state.hidden:
            self._end(word)
        elif word == "pard":
            state.in_table, state.level, state.style = False, None, 0
        elif word == "intbl":
            state.in_table = True
        elif word == "outlinelevel" and number is not None:
            level = number + 1 if 0 <= number < 9 else 0
            if in_style:
                self._styles[state.style] = level
            else:
                state.level = level
        elif word == "s":
            state.style = number or 0
        elif word in ("deleted", "mvf"):
            state.deleted = number != 0
        elif word == "plain":
            state.deleted, state.font = False, self._default_font
        else:
            self._set_encoding(word, number or 0)

    def _set_encoding(self, word: str, number: int) -> None:
        state = self._state
        if word == "f":
            state.font = number
        elif word == "deff":
            self._default_font = state.font = number
        elif word in ("fcharset", "froman"):
            font = self._fonts.setdefault(state.font, _Font())
            if word == "froman":
                font.is_roman = True
            else:
                font.charset = number
        elif word == "uc":
            state.fallback = max(number, 0)
        elif word == "ansicpg":
            self._code_page = _known(MAC_CODE_PAGES.get(number, f"cp{number}"))
        elif word in ("mac", "pc", "pca"):
            self._code_page = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}[word]
        elif word in ("yr", "mo", "dy", "hr", "min"):
            self._dates.setdefault(state.sink.name, {})[word] = number

    def _end(self, word: str) -> None:
        state = self._state
        if word == "cell":
            state.sink.end_cell()
        elif word == "row":
            state.sink.end_row()
        elif word.startswith("nest"):
            state.sink.write(", " if word == "nestcell" else "; ")
        else:
            level = self._styles.get(state.style, 0) if state.level is None else state.level
            state.sink.end_paragraph(level, state.in_table)

    def _add_bytes(self, characters: bytes) -> None:
        if self._to_skip:
            skipped = min(self._to_skip, len(characters))
            self._to_skip -= skipped
            characters = characters[skipped:]
        self._bytes += characters

    def _flush(self) -> None:
        if not self._bytes:
            return
        content, self._bytes = bytes(self._bytes), bytearray()
        font = self._fonts.get(self._state.font)
        if self._state.sink.name == "stylesheet":
            self._name_style(content.decode("latin-1"))
        elif font and font.charset == SYMBOL:
            self._write("".join(_character(0xF000 + byte, font) for byte in content))
        else:
            page = CODE_PAGES.get(font.charset, self._code_page) if font else self._code_page
            self._write(content.decode(page, "replace"))

    def _name_style(self, text: str) -> None:
        name = one_line(text).rstrip(";")
        found = _HEADING.match(name)
        if found or name.lower() == "title":
            self._styles[self._state.style] = int(found[1]) if found else 1

    def _write(self, characters: str) -> None:
        state = self._state
        if not (state.hidden or state.deleted):
            state.sink.write(characters)


def _character(code: int, font: _Font | None) -> str:
    code %= 0x10000
    if 0xF000 <= code < 0xF100:
        return symbol("Symbol" if font and font.is_roman else "", f"{code:X}")
    return chr(code)


def _known(code_page: str) -> str:
    try:
        return codecs.lookup(code_page).name
    except LookupError:
        return "utf-8" if code_page == "cp65001" else "cp1252"
