"""Reads one file: chooses its reader, checks the documents, and says why a file can't be read."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from stat import S_ISREG
from typing import Any

from simsearch.decoding import is_binary
from simsearch.engines import Candidate
from simsearch.errors import InputError, PluginError, UnreadableFile
from simsearch.indexing.quiet_text import without
from simsearch.indexing.report import NO_TEXT
from simsearch.indexing.signatures import (
    COMPOUND,
    HEAD,
    NEEDED,
    OLD_FORMATS,
    ending_by_signature,
    ending_by_text,
    name_format,
    refusal,
)
from simsearch.locations import files_at
from simsearch.noise import Cut
from simsearch.plugins.offers import Built
from simsearch.plugins.registry import Registry
from simsearch.storage.protocols import FileRecord
from simsearch.types import Document, Heading, Reader
from simsearch.utf8 import is_utf8, storable

ANY = "*"
TICK = 2_000_000_000
"""Nanoseconds within which a file may change without a new modification time, on any file system."""


class Readers:
    """The readers of a registry, each built once.

    Args:
        reader_strings: Component strings of readers to use in place of those by default, as `csv:text=body`.
    """

    def __init__(self, registry: Registry, reader_strings: Sequence[str] = ()) -> None:
        self._built: dict[str, Built[Reader]] = {}
        self._registry = registry
        self._specs = {spec.partition(":")[0]: spec for spec in reader_strings}
        self._by_ending: dict[str, str] = {}
        # Plugins win over built-ins, and what was asked for by name over both.
        for offer in sorted(
            registry.offers("readers"), key=lambda o: (o.component.name in self._specs, not o.origin.builtin)
        ):
            self._by_ending.update(dict.fromkeys(offer.component.accepts, offer.component.name))
        for name in self._specs:
            registry.find("readers", name)

    def read(self, candidate: Candidate) -> tuple[FileRecord, list[Document]]:
        """A file's documents, and its record as of what was read.

        Raises:
            UnreadableFile: It has no text that can be read; with the reason.
            OSError: It can't be opened.
        """
        path = Path(str(candidate.file))
        file, about = files_at(candidate.file).open(str(candidate.file))
        with file:
            if not S_ISREG(about.st_mode):
                raise UnreadableFile("not a regular file")
            head = file.read(HEAD)
            reader = self._reader(path.name, head)
            content = head + file.read()
        documents = self._documents(reader, path, content)
        if candidate.id:
            documents = [_with_id(document, candidate.id) for document in documents]
        settled = time.time_ns() - about.st_mtime_ns > TICK
        record = replace(
            candidate.record,
            digest=hashlib.sha256(content).hexdigest(),
            size=len(content),
            # A file that changed just now may do so again within the tick of its clock: look closer next time.
            modified=about.st_mtime_ns if settled else 0,
        )
        return record, documents

    def documents(self, file: Path) -> list[Document]:
        """The documents of any file to search with, whether it is in the index or not.

        Raises:
            InputError: It can't be read; with the reason.
        """
        try:
            content = file.read_bytes()
            found = self._documents(self._reader(file.name, content[:HEAD]), file, content)
            return [without(document, Cut(document.text)) for document in found]
        except (UnreadableFile, OSError) as error:
            raise InputError(f"{file} can't be read: {getattr(error, 'strerror', None) or error}.") from error

    def _documents(self, reader: Built[Reader], file: Path, content: bytes) -> list[Document]:
        try:
            with reader.guarded():
                documents = list(reader.value(file, content))
            checked = (_storable(_checked(document, reader)) for document in documents)
            return _with_text([_without_noise(document) for document in checked])
        except PluginError as error:
            failed = f"the reader '{reader.name}' of {reader.offer.origin} failed"
            reason = f"{failed}: {_first_line(error.__cause__)}" if error.__cause__ else str(error)
            raise UnreadableFile(reason) from error

    def _reader(self, name: str, head: bytes) -> Built[Reader]:
        named = next((e for e in _endings(name) if e in self._by_ending or e in NEEDED), None)
        signed = ending_by_signature(head)
        # What the bytes say goes before the name, unless a plugin reads what nothing else does (`.svgz`).
        ending = signed or named or signed
        # Programs give pages and mail the names of old formats.
        if ending is None or (ending in OLD_FORMATS and not head.startswith(COMPOUND)):
            ending = ending_by_text(name, head) or ending
        found = self._by_ending.get(ending) if ending is not None else None
        if ending is not None and found is None:
            raise UnreadableFile(NEEDED.get(ending) or name_format(name))
        if found is None and (reason := refusal(name, head)):
            raise UnreadableFile(reason)
        if found is None:
            if is_binary(head):
                raise UnreadableFile(name_format(name))
            found = self._by_ending[ANY]
        if found not in self._built:
            self._built[found] = self._registry.reader(self._specs.get(found, found))
        return self._built[found]


def _with_id(document: Document, id: str) -> Document:
    own = document.id and not document.id.startswith("#")
    return document if own else replace(document, id=f"{id}{document.id}")


def _endings(name: str) -> list[str]:
    """`a.tar.gz` ends with `.tar.gz` and `.gz`."""
    parts = name.lower().split(".")[1:]
    return [f".{'.'.join(parts[i:])}" for i in range(len(parts))]


def _checked(document: Any, reader: Built[Reader]) -> Document:
    """The document, if it is one that can be cut and stored.

    Raises:
        PluginError: It isn't.
    """
    if not isinstance(document, Document):
        raise reader.blame(f"gave a {type(document).__name__}, not a Document")
    _demand(reader, document, "document", text=str, id=str, title=str, verbatim=bool, notices=tuple)
    headings = document.headings
    if not isinstance(headings, tuple | list) or not all(isinstance(h, Heading) for h in headings):
        raise reader.blame("gave headings that are not a tuple of Heading")
    for heading in headings:
        _demand(reader, heading, "heading", start=int, level=int, text=str)
    try:
        json.dumps(dict(document.metadata))
    except (TypeError, ValueError) as error:
        raise reader.blame(f"gave metadata that is not JSON ({error})") from None
    return document


def _without_noise(document: Document) -> Document:
    """The document without encoded data and minified code; a text that is the file itself keeps them, and its chunks
    go around them."""
    cut = Cut(document.text)
    if not cut.spans:
        return document
    notice = f"left out {cut.characters} characters of encoded data or minified code"
    is_kept = document.verbatim and cut.text.strip()
    return replace(document if is_kept else without(document, cut), notices=(*document.notices, notice))


def _with_text(documents: list[Document]) -> list[Document]:
    """The documents, a title in the place of a missing text; with a notice if no document has any text."""
    documents = [
        replace(document, text=document.title, headings=(), marks=(), verbatim=False)
        if document.title.strip() and not document.text.strip()
        else document
        for document in documents
    ]
    if any(document.text.strip() for document in documents):
        return documents
    first, *others = documents or [Document("")]
    notices = [notice for document in documents for notice in document.notices]
    if not any(notice.startswith(NO_TEXT) for notice in notices):
        notices = [f"{NO_TEXT}: {notices[0]}", *notices[1:]] if notices else [NO_TEXT]
    return [replace(first, notices=tuple(notices)), *others]


def _demand(reader: Built[Reader], given: object, what: str, **types: type) -> None:
    for name, wanted in types.items():
        value = getattr(given, name)
        if not isinstance(value, wanted):
            raise reader.blame(f"gave a {what} whose {name} is {type(value).__name__}, not {wanted.__name__}")


def _storable(document: Document) -> Document:
    """The document without lone surrogates, which some formats allow and no database stores."""
    names = (document.id, document.title, *(heading.text for heading in document.headings))
    metadata = json.dumps(dict(document.metadata), ensure_ascii=False)
    if all(map(is_utf8, (document.text, metadata, *names))):
        return document
    return replace(
        document,
        text=storable(document.text),
        id=storable(document.id),
        title=storable(document.title),
        headings=tuple(replace(h, text=storable(h.text)) for h in document.headings),
        metadata=json.loads(storable(metadata)),
    )


def _first_line(error: BaseException | None) -> str:
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}".rstrip(": ")
