"""PowerPoint files from before 2007 ([MS-PPT]): records in records, and a list of the newest ones."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any, NamedTuple

from simsearch import Document, Heading, UnreadableFile
from simsearch_office.flow import Block, Flow, one_line
from simsearch_office.old.container import embedded_notice, title_and_metadata, with_notices
from simsearch_office.ooxml.drawings import comment_block

_CONTAINER = 0xF
_USER_EDIT, _PERSIST, _LIST, _SLIDE_ENTRY, _SLIDE_ATOM = 0x0FF5, 0x1772, 0x0FF0, 0x03F3, 0x03EF
_TEXT_TYPE, _CHARACTERS, _BYTES, _STRING, _COMMENT, _OBJECT = 0x0F9F, 0x0FA0, 0x0FA8, 0x0FBA, 0x2EE0, 0x0FCC
_SLIDES, _NOTES = 0, 2
"""Which list of texts it is."""
_TITLES = (0, 6)
"""Types of text that are titles."""
_PLACEHOLDER = "*"
"""What stands where the slide's number or the date is put."""


class Record(NamedTuple):
    """A record; `inner` are those in a container."""

    kind: int
    instance: int
    content: bytes
    inner: bool


class Text(NamedTuple):
    """Words with their type in a placeholder: title, body, notes and so on."""

    kind: int
    words: str


def ppt_documents(container: Any, content: bytes) -> Iterator[Document]:
    """The slides that have text, in order, with their notes and comments.

    Raises:
        UnreadableFile: It is encrypted.
    """
    stream = container.openstream("PowerPoint Document").read()
    user = container.openstream("Current User").read()
    title, metadata = title_and_metadata(container)
    deck = _Deck(stream, struct.unpack_from("<I", user, 16)[0])
    found = [document for document in deck.documents(title, metadata) if document.text]
    empty = Document("", title=title, metadata=metadata, notices=("no text in it",))
    yield from with_notices(found or [empty], embedded_notice(deck.embedded))


class _Deck:
    """What the last save refers to; files keep what was there before.

    Args:
        edit: Where the record of the last save is.
    """

    def __init__(self, stream: bytes, edit: int) -> None:
        self._stream = stream
        self._offsets: dict[int, int] = {}
        self._document = self._read_edits(edit)

    def documents(self, title: str, metadata: dict[str, Any]) -> Iterator[Document]:
        notes = {entry.slide: self._texts(entry.number) for entry in self._entries(_NOTES)}
        for number, entry in enumerate(self._entries(_SLIDES), 1):
            slide = self._persisted(entry.number)
            texts = [*entry.texts, *_texts(slide)]
            heading = next((one_line(text.words) for text in texts if text.kind in _TITLES), "")
            flow = Flow()
            flow.add([Block(heading, 1)])
            flow.add_once(Block(text.words) for text in texts if one_line(text.words) != heading)
            flow.add_once(Block(text.words) for text in notes.get(_notes_of(slide), ()))
            flow.add(_comments(slide))
            headings = (Heading(0, 1, heading),) if heading else ()
            shown = heading or (title if number == 1 else "")
            yield Document(flow.text, f"#slide={number}", shown, headings, {**metadata, "slide": number})

    @property
    def embedded(self) -> int:
        """How many charts and other objects of other programs there are."""
        return sum(record.kind == _OBJECT for record in _flat(self._persisted(self._document)))

    def _read_edits(self, edit: int) -> int:
        """Collect where each record is now, and return which one is the document."""
        document, seen = 0, set()
        while edit and edit not in seen and edit + 8 <= len(self._stream):
            seen.add(edit)
            record = next(_records(self._stream[edit:]))
            if record.kind != _USER_EDIT:
                break
            before, directory, main = struct.unpack_from("<3I", record.content, 8)
            document = document or main
            if len(record.content) >= 32:
                raise UnreadableFile("needs a password")
            for number, offset in _persisted(self._stream[directory:]):
                self._offsets.setdefault(number, offset)
            edit = before
        return document

    def _persisted(self, number: int) -> bytes:
        """The contents of a container by its number."""
        offset = self._offsets.get(number)
        record = next(_records(self._stream[offset:]), None) if offset is not None else None
        return record.content if record else b""

    def _texts(self, number: int) -> list[Text]:
        return list(_texts(self._persisted(number)))

    def _entries(self, which: int) -> Iterator[_Entry]:
        for record in _records(self._persisted(self._document)):
            if record.kind == _LIST and record.instance == which:
                yield from _list_entries(record.content)


class _Entry:
    """A slide or notes page in a list, with texts that are kept there."""

    def __init__(self, content: bytes) -> None:
        self.number = struct.unpack_from("<I", content)[0]
        self.slide = struct.unpack_from("<I", content, 12)[0] if len(content) >= 16 else 0
        self.stored: list[Record] = []

    @property
    def texts(self) -> list[Text]:
        return list(_texts_of(self.stored))


def _list_entries(content: bytes) -> Iterator[_Entry]:
    entry = None
    for record in _records(content):
        if record.kind == _SLIDE_ENTRY:
            if entry:
                yield entry
            entry = _Entry(record.content)
        elif entry:
            entry.stored.append(record)
    if entry:
        yield entry


def _records(stream: bytes) -> Iterator[Record]:
    place = 0
    while place + 8 <= len(stream):
        head, kind, size = struct.unpack_from("<2HI", stream, place)
        yield Record(kind, head >> 4, stream[place + 8 : place + 8 + size], head & 0xF == _CONTAINER)
        place += 8 + size


def _flat(content: bytes) -> Iterator[Record]:
    """All records below a container, but for comments, which have their own reader."""
    for record in _records(content):
        yield record
        if record.inner and record.kind != _COMMENT:
            yield from _flat(record.content)


def _texts(content: bytes) -> Iterator[Text]:
    return _texts_of(_flat(content))


def _texts_of(records: Any) -> Iterator[Text]:
    kind = 4  # other
    for record in records:
        if record.kind == _TEXT_TYPE and len(record.content) >= 4:
            kind = struct.unpack_from("<I", record.content)[0]
        elif record.kind in (_CHARACTERS, _BYTES):
            words = record.content.decode("utf-16-le" if record.kind == _CHARACTERS else "latin-1", "replace")
            words = words.replace("\r", "\n").replace("\x0b", "\n").strip()
            if words not in ("", _PLACEHOLDER):
                yield Text(kind, words)


def _notes_of(slide: bytes) -> int:
    """The number by which a slide names its notes; 0 without notes."""
    for record in _records(slide):
        if record.kind == _SLIDE_ATOM and len(record.content) >= 20:
            return int(struct.unpack_from("<I", record.content, 16)[0])
    return -1


def _comments(slide: bytes) -> Iterator[Block]:
    for record in _flat(slide):
        if record.kind == _COMMENT:
            inner = [one for one in _records(record.content) if one.kind == _STRING]
            words = {one.instance: one.content.decode("utf-16-le", "replace") for one in inner}
            yield comment_block(one_line(words.get(0, "")), words.get(1, ""))


def _persisted(stream: bytes) -> Iterator[tuple[int, int]]:
    """Numbers of containers and where they are, as one save wrote them."""
    record = next(_records(stream), None)
    if record is None or record.kind != _PERSIST:
        return
    values = struct.unpack(f"<{len(record.content) // 4}I", record.content[: len(record.content) // 4 * 4])
    place = 0
    while place < len(values):
        first, count = values[place] & 0xFFFFF, values[place] >> 20
        for index, offset in enumerate(values[place + 1 : place + 1 + count]):
            yield first + index, offset
        place += 1 + count
