"""Documents in other formats that Word takes in when it opens the file (altChunk)."""

from __future__ import annotations

from collections.abc import Iterator

from simsearch import UnreadableFile
from simsearch_office.flow import Block
from simsearch_office.ooxml.packages import Package


def imported_blocks(package: Package, part: str) -> Iterator[Block]:
    """The text of an imported part; a notice for formats that can't be read here."""
    content = package.content(part) if part else None
    if content is None:
        return
    try:
        text = _text(part.rpartition(".")[2].lower(), content)
    except (UnreadableFile, ValueError):
        text = None
    if text is None:
        package.notice(f"an imported document was not read: {part}")
    else:
        yield from map(Block, text.split("\n\n"))


def _text(ending: str, content: bytes) -> str | None:
    if ending in ("docx", "docm", "dotx"):
        from pathlib import Path

        from simsearch_office.word import read_word

        return "\n\n".join(document.text for document in read_word(Path("part"), content))
    if ending in ("html", "htm", "xhtml"):
        return page_text(content)
    if ending == "mht":
        return _mail_text(content)
    return content.decode("utf-8", "replace") if ending in ("txt", "text") else None


def page_text(content: bytes | str) -> str:
    from lxml import html

    root = html.fromstring(content)
    for element in root.iter("script", "style", "title"):
        element.drop_tree()
    for element in root.iter("p", "div", "li", "tr", "br", "h1", "h2", "h3", "h4", "h5", "h6"):
        element.tail = f"\n\n{element.tail or ''}"
    for element in root.iter("td", "th"):
        element.tail = f" {element.tail or ''}"
    return str(root.text_content()).strip()


def _mail_text(content: bytes) -> str:
    from email import message_from_bytes, policy

    parts = message_from_bytes(content, policy=policy.default).walk()
    pages = (part.get_content() for part in parts if part.get_content_type() == "text/html")
    return "\n\n".join(map(page_text, pages))
