"""EPUB: one document for each page of a book, in reading order; then those that the reading order leaves out."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from simsearch import Document, UnreadableFile
from simsearch.builtin.readers.html import html_document
from simsearch.decoding import decode_with_notices

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

LARGEST = 300_000_000
"""Bytes of all files in the book, unpacked."""

DESCRIBED = {
    "creator": "author",
    "date": "date",
    "description": "description",
    "language": "language",
    "publisher": "publisher",
    "subject": "subject",
}
SEVERAL = ("author", "publisher", "subject")
"""What a book has several of."""

_BROKEN = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, NotImplementedError, EOFError, RuntimeError)
PAGES = ("application/xhtml+xml", "text/html")


def read_epub(path: Path, content: bytes) -> Iterator[Document]:
    """The book's chapters: `chapter` counts them from 1, `book` is its title."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(file.file_size for file in archive.infolist()) > LARGEST:
                raise UnreadableFile(f"unpacks to more than {LARGEST / 1e6:g} MB")
            yield from _chapters(archive)
    except _BROKEN as error:
        raise UnreadableFile("broken or encrypted EPUB") from error


def _chapters(archive: zipfile.ZipFile) -> Iterator[Document]:
    package_path = _package_path(archive)
    package = _xml(archive.read(package_path))
    about = _about(package)
    folder = posixpath.dirname(package_path)
    number = 0
    lost: list[str] = []
    for reference in _pages(package):
        page = _page(archive, posixpath.normpath(posixpath.join(folder, reference)))
        if not page.text.strip():
            lost += page.notices
        else:
            number += 1
            metadata = {**page.metadata, **about, "chapter": number}
            notices = (*lost, *page.notices)
            yield replace(page, id=f"#chapter={number}", metadata=metadata, notices=notices)
            lost = []
    if lost:
        yield Document("", id=f"#chapter={number + 1}", metadata=about, notices=tuple(lost))


def _page(archive: zipfile.ZipFile, path: str) -> Document:
    """A page of the book; one that is missing or broken doesn't cost the others."""
    try:
        text, notices = decode_with_notices(archive.read(path))
        return replace(html_document(text), notices=notices)
    except (*_BROKEN, UnreadableFile) as error:
        return Document("", notices=(f"a page was not read: {path}: {error}",))


def _package_path(archive: zipfile.ZipFile) -> str:
    container = _xml(archive.read("META-INF/container.xml"))
    found = next(_named(container, "rootfile"), None)
    return (found.get("full-path") or "") if found is not None else ""


def _about(package: Element) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for element in package.iter("{http://purl.org/dc/elements/1.1/}*"):
        name = str(element.tag).rpartition("}")[2]
        text = " ".join((element.text or "").split())
        name = "book" if name == "title" else DESCRIBED.get(name, "")
        if text and name:
            found[name] = (
                f"{found[name]}, {text}" if name in found and name in SEVERAL else found.get(name, text)
            )
    return found


def _pages(package: Element) -> list[str]:
    """Paths of the pages in reading order, and of others, such as notes, without the book's own table of contents."""
    pages = {
        item.get("id"): unquote(item.get("href") or "")
        for item in _named(package, "item")
        if item.get("media-type") in PAGES
    }
    contents = {
        item.get("id") for item in _named(package, "item") if "nav" in (item.get("properties") or "").split()
    }
    ordered = [id for item in _named(package, "itemref") if (id := item.get("idref")) in pages]
    others = [id for id in pages if id not in contents.union(ordered)]
    return [pages[id] for id in (*ordered, *others)]


def _named(root: Element, name: str) -> Iterator[Element]:
    yield from root.iter(f"{{*}}{name}")


def _xml(content: bytes) -> Element:
    """An XML file; entities, which can grow without bound or name other files, stay as they are written."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root: Element | None = etree.fromstring(content, parser)
    if root is None:
        raise UnreadableFile("broken or encrypted EPUB")
    return root
