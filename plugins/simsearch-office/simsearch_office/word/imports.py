"""Documents in other formats that Word takes in when it opens the file (altChunk)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from simsearch import UnreadableFile
from simsearch.decoding import Decoded, decode_with_notices
from simsearch_office.flow import Block
from simsearch_office.ooxml.packages import Package


def imported_blocks(package: Package, part: str) -> Iterator[Block]:
    """The text of an imported part; a notice for formats that can't be read here."""
    content = package.content(part) if part else None
    if content is None:
        return
    try:
        read = _read(part.rpartition(".")[2].lower(), content)
    except (UnreadableFile, ValueError):
        read = None
    if read is None:
        package.notice(f"an imported document was not read: {part}")
        return
    for notice in read.notices:
        package.notice(f"{part}: {notice}")
    yield from map(Block, read.text.split("\n\n"))


def _read(ending: str, content: bytes) -> Decoded | None:
    """The text of an imported part, with notices; None for formats that can't be read here."""
    if ending in ("docx", "docm", "dotx"):
        from simsearch_office.word import read_word

        return _joined([Decoded(one.text, one.notices) for one in read_word(Path("part"), content)])
    if ending in ("html", "htm", "xhtml"):
        return _page(content)
    if ending == "mht":
        return _mail(content)
    return decode_with_notices(content) if ending in ("txt", "text") else None


def _page(content: bytes, charset: str = "") -> Decoded:
    text, notices = decode_with_notices(content, charset)
    return Decoded(page_text(text), notices)


def page_text(page: str) -> str:
    """The text of a page, in paragraphs."""
    from lxml import etree, html

    try:  # lxml takes no text that declares its encoding, but bytes
        root = html.fromstring(page.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8"))
    except etree.ParserError:  # nothing is in it
        return ""
    for element in root.iter("script", "style", "title"):
        element.drop_tree()
    for element in root.iter("p", "div", "li", "tr", "br", "h1", "h2", "h3", "h4", "h5", "h6"):
        element.tail = f"\n\n{element.tail or ''}"
    for element in root.iter("td", "th"):
        element.tail = f" {element.tail or ''}"
    return str(root.text_content()).strip()


def _mail(content: bytes) -> Decoded:
    from email import message_from_bytes, policy

    parts = message_from_bytes(content, policy=policy.default).walk()
    pages = [
        _page(page, part.get_content_charset() or "")
        for part in parts
        if part.get_content_type() == "text/html" and isinstance(page := part.get_payload(decode=True), bytes)
    ]
    return _joined(pages)


def _joined(parts: list[Decoded]) -> Decoded:
    return Decoded("\n\n".join(part.text for part in parts), tuple(n for part in parts for n in part.notices))
