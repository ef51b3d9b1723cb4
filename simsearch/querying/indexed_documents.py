"""Read the text of indexed documents, from the index alone: no file is opened or looked for."""

from __future__ import annotations

import os
import posixpath
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simsearch.errors import InputError
from simsearch.storage.conditions import FieldComparison
from simsearch.storage.document_ids import document_id
from simsearch.storage.protocols import Snapshot
from simsearch.types import Document
from simsearch.utf8 import is_utf8, printable
from simsearch.wording import counted, cut, one_line, suggestion

NAMED_PARTS = 3
LONGEST_NAME = 4096
SHOWN_NAME = 200
_LINES = re.compile(r"(?P<name>.+):(?P<first>\d{1,9})(?P<range>-(?P<last>\d{1,9})?)?", re.DOTALL)

Lines = tuple[int, int | None]
"""First and last line, from 1; None stands for the end."""


@dataclass(frozen=True, slots=True)
class IndexedText:
    """The text of an indexed document, or some of its lines.

    Args:
        path: The file, relative to the workspace's folder.
        part: The part of the file, such as `page=3`, or the id of its row; empty for a whole file. `PATH#PART` is the
            name of the document.
        text: Document.text[start:end].
        lines: First and last line of `text` in the document, from 1; None if the document has no text.
        line_count: How many lines the document has.
        verbatim: Whether these are the lines of the file; otherwise they are lines of the text that was extracted.
    """

    path: str
    part: str
    title: str
    text: str
    start: int
    end: int
    lines: tuple[int, int] | None
    line_count: int
    verbatim: bool
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FoundDocuments:
    """The documents of one file of the index: all of them, or the one part that was asked for."""

    path: str
    documents: tuple[Document, ...]


def split_lines(address: str) -> tuple[str, Lines | None]:
    """A name and its lines: `a.md:3-9`, `a.md:3-` (to the end), `a.md:3` (one line), or `a.md` (no lines)."""
    found = _LINES.fullmatch(address)
    if found is None:
        return address, None
    first = int(found["first"])
    last = int(found["last"]) if found["last"] else None
    return found["name"], (first, last if found["range"] else first)


def names_in_index(name: str, workspace_folder: Path) -> tuple[str, ...]:
    """What the index may call a document: its name as given, and an absolute path relative to the workspace's folder.
    Only compares texts, so that a name can't be used to find out what is on the disk."""
    if not os.path.isabs(name):  # noqa: PTH117  (the name need not be a path)
        return (name,)
    try:
        inside = os.path.relpath(os.path.normpath(name), workspace_folder)
    except ValueError:  # on another drive
        return (name,)
    return Path(inside).as_posix(), name


def read_texts(snapshot: Snapshot, names: Sequence[str], lines: Lines | None = None) -> list[IndexedText]:
    """The text of the documents of a name; of one with several parts, all of them.

    Args:
        names: What the index may call it; the first known one counts, and an error shows the last. Each is a path, a
            path with a part (`a.pdf#page=3`, `rows.jsonl#ID`) or the id of a document.
        lines: Lines to read, of one document.

    Raises:
        InputError: The index has no such document, several of that id, or not these lines.
    """
    found = find_documents(snapshot, names)
    if lines is not None and len(found.documents) > 1:
        raise InputError(
            f"{found.path} has {len(found.documents)} parts, each with lines of its own: name one of them, such as "
            f"{', '.join(_name(found.path, document) for document in found.documents[:NAMED_PARTS])}."
        )
    return [_read_text(found.path, document, lines) for document in found.documents]


def find_documents(snapshot: Snapshot, names: Sequence[str]) -> FoundDocuments:
    """The documents of the first name that the index knows.

    Raises:
        InputError: It knows none of them, or a document's id is not unique.
    """
    usable = [name for name in names if name and len(name) <= LONGEST_NAME and is_utf8(name)]
    for find in (_find_by_path, _find_by_id, _find_by_spelling):
        for name in usable:
            if found := find(snapshot, name):
                return found
    shown = cut(one_line(printable(names[-1])), SHOWN_NAME)
    raise InputError(f"The index has no document '{shown}'{suggestion(shown, snapshot.files())}.")


def part_of(path: str, id: str) -> str:
    """What tells a document from others of its file, by its own id: nothing for a whole file, `page=3`, or the id of a
    row. Where the root's name doesn't show its folder's, an id begins with the path."""
    below = re.sub(r"^(\.\./)+", "", path)
    found = re.fullmatch(rf"(?:(?:.*/)?{re.escape(below)})?(?:#(.*))?", id, re.DOTALL)
    return (found[1] or "") if found else id


def _find_by_path(snapshot: Snapshot, name: str) -> FoundDocuments | None:
    """A file, or one part of it; a file's name may contain a # too."""
    if documents := snapshot.documents(name):
        return FoundDocuments(name, tuple(documents))
    for sign in (match.start() for match in re.finditer("#", name)):
        path, part = name[:sign], name[sign + 1 :]
        for document in snapshot.documents(path):
            if part and part == part_of(path, document.id):
                return FoundDocuments(path, (document,))
    return None


def _find_by_id(snapshot: Snapshot, name: str) -> FoundDocuments | None:
    """The document with this very id, such as that of a row."""
    if set("*?") & set(name):
        return None
    found = snapshot.matching(FieldComparison("id", ":", name)).tolist()
    paths = sorted({place.path for place in snapshot.places(found).values() if place.id == name})
    if len(paths) > 1:
        some = ", ".join(f"{path}#{name}" for path in paths[:NAMED_PARTS])
        raise InputError(f"{len(paths)} files have a document '{name}': name one of them, such as {some}.")
    return _find_by_path(snapshot, f"{paths[0]}#{part_of(paths[0], name)}".rstrip("#")) if paths else None


def _find_by_spelling(snapshot: Snapshot, name: str) -> FoundDocuments | None:
    """The one file whose path or id looks the same: with composed or decomposed accents, with `./` or `//`."""
    path, sign, part = name.partition("#")
    asked = _spelling(path)
    end = asked.rpartition("/")[2]
    alike = [
        other
        for other, file in snapshot.files().items()
        if _spelling(other).endswith(end)
        and asked in (_spelling(other), _spelling(document_id("", other, file.root)))
    ]
    return _find_by_path(snapshot, f"{alike[0]}{sign}{part}") if len(alike) == 1 else None


def _spelling(path: str) -> str:
    return posixpath.normpath(unicodedata.normalize("NFC", path))


def _read_text(path: str, document: Document, lines: Lines | None) -> IndexedText:
    starts = _line_starts(document.text)
    first, last = _demand_lines(lines, _name(path, document), len(starts)) if lines else (1, len(starts))
    start = starts[first - 1] if starts else 0
    end = starts[last] if last < len(starts) else len(document.text)
    return IndexedText(
        path=path,
        part=part_of(path, document.id),
        title=document.title,
        text=document.text[start:end],
        start=start,
        end=end,
        lines=(first, last) if starts else None,
        line_count=len(starts),
        verbatim=document.verbatim,
        metadata=document.metadata,
    )


def _line_starts(text: str) -> list[int]:
    """Where each line begins, as in Hit.lines: only a line feed ends one."""
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    return starts[:-1] if starts[-1] == len(text) else starts


def _demand_lines(lines: Lines, name: str, count: int) -> tuple[int, int]:
    first, last = lines[0], count if lines[1] is None else lines[1]
    if first < 1 or (lines[1] is not None and last < first):
        raise InputError(f"Lines {first}-{last} are not a range: the first line is 1, and FROM is before TO.")
    if first > count:
        raise InputError(f"{name} has {counted(count, 'line', 'lines')}; there is no line {first}.")
    return first, min(last, count)


def _name(path: str, document: Document) -> str:
    part = part_of(path, document.id)
    return f"{path}#{part}" if part else path
