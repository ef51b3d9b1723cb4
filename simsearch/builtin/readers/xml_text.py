"""XML as people read it: the text of its elements with entities resolved, and what its attributes say in words."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from simsearch import Document, Heading
from simsearch.builtin.readers.html import html_document
from simsearch.builtin.readers.names import names
from simsearch.decoding import decode_with_notices
from simsearch.noise import is_encoded_data

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_ENTITY = re.compile(r"<!ENTITY\s+([\w.-]+)")
_OWN = frozenset(("amp", "lt", "gt", "quot", "apos"))
_TAG = re.compile(r"<!--|-->|<!\[CDATA\[|\]\]>|<[/?!A-Za-z][^<>]*>")
_MARKUP = re.compile(r"<(?:p|br|div|li|a|b|i|em|strong|span)\b[^>]*>", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_WORDS = re.compile(r"[^\W\d_]{2,}")
_CODE = re.compile(r"(?=\S*\d)\S{1,40}")
_ADDRESS = re.compile(r"\w+:\S*|[#./]\S*|\S*[\\/]\S*")

_BROKEN = "XML is not well-formed"
_TOO_LARGE = "XML that exceeds a limit of its parser, such as 2,048 nested elements"

TITLES = frozenset(("title", "head", "heading", "subject", "articletitle", "article-title"))
PREFORMATTED = frozenset(("programlisting", "screen", "literallayout", "codeblock", "pre", "verse"))
SKIPPED = frozenset(("script", "style", "binary", "metadata-stream"))
NEVER_DATA = ("style", "d", "points", "transform", "class")
"""Attributes that say how something looks."""

DATA_WORDS = 6
"""Words; a shorter value is shown with the name of its element, as `price: 12`."""

PROSE = names(
    "p para simpara title head heading li item listitem text string source target seg td th cell entry"
    " note name v value key line l s w emphasis b i term def desc description summary content subtitle"
    " label tspan"
)
"""Elements whose name says nothing of their value."""


def read_xml(path: Path, content: bytes) -> Iterator[Document]:
    """One document; XML that is not well-formed is read without its tags."""
    source, notices = decode_with_notices(content)
    root, trouble = _parsed(source)
    if root is None:
        text = html.unescape(_TAG.sub(" ", source)).strip()
        said = (f"{trouble}; read without its tags",) if text else ()
        yield Document(text, notices=(*notices, *said))
    elif _name(root) == "html":
        page = html_document(source)
        yield Document(
            page.text, "", page.title, page.headings, page.metadata, marks=page.marks, notices=notices
        )
    else:
        text, headings = _Text().of(root)
        title = headings[0].text if headings else ""
        yield Document(text, "", title, headings, notices=notices)


def _parsed(source: str) -> tuple[Element | None, str]:
    """The root, or why there is none; entities that HTML names are known here too, and a file's own are resolved."""
    from lxml import etree

    declared = {*_OWN, *_ENTITY.findall(source)}

    def resolved(found: re.Match[str]) -> str:
        return found[0] if found[1] in declared else html.unescape(found[0])

    parser = etree.XMLParser(
        resolve_entities="internal", no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8",
        recover=True, huge_tree="<!ENTITY" not in source,
    )  # fmt: skip
    text = _NAMED.sub(resolved, _DECLARATION.sub("", source, count=1))
    try:
        root: Element | None = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None, _BROKEN
    # An undeclared prefix or a name used twice costs no text; what else can be recovered from may.
    errors = [error for error in parser.error_log if error.domain_name not in ("NAMESPACE", "VALID")]
    if root is not None and not errors:
        return root, ""
    is_too_large = any(error.type_name == "ERR_RESOURCE_LIMIT" for error in errors)
    return None, _TOO_LARGE if is_too_large else _BROKEN


class _Text:
    """Collects the text of a tree of elements."""

    def __init__(self) -> None:
        self._text = ""
        self._parts: list[str] = []
        self._length = 0
        self._headings: list[Heading] = []

    def of(self, root: Element) -> tuple[str, tuple[Heading, ...]]:
        """The text below an element, and its headings."""
        from lxml import etree

        depth = 0
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if event == "end":
                depth -= 1
                if _has_blocks(element):
                    self._break("\n\n")
                continue
            depth += 1
            if _name(element) in SKIPPED:
                walk.skip_subtree()
                continue
            self._attributes(element)
            if not _has_blocks(element):
                self._leaf(element, depth)
                walk.skip_subtree()
        return "".join(self._parts).rstrip(), tuple(self._headings)

    def _attributes(self, element: Element) -> None:
        said = [value for value in map(_attribute, element.items()) if value]
        if said and not (element.text or "").strip() and "/svg}" not in str(element.tag):
            said += filter(None, map(_data, element.items()))
        if said:
            self._put(" ".join(said))
            self._break("\n")

    def _leaf(self, element: Element, depth: int) -> None:
        """An element of text, whose own elements, if any, are within its sentences."""
        name = _name(element)
        text = "".join(_inner(element))
        if _MARKUP.search(text):
            text = html_document(text).text
        elif is_encoded_data(joined := "".join(text.split())):
            text = joined  # so that it is left out whole
        elif name not in PREFORMATTED:
            text = _SPACES.sub(" ", text)
        text = text.strip()
        if not text:
            return
        if name in TITLES:
            self._break("\n\n")
            self._headings.append(Heading(self._length, max(1, depth - 1), " ".join(text.split())))
        is_data = name not in PROSE and name not in TITLES and len(text.split()) < DATA_WORDS
        self._put(f"{name}: {text}" if is_data else text)
        self._break("\n" if is_data or len(text.split()) < DATA_WORDS else "\n\n")

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def _break(self, wanted: str) -> None:
        """Line ends after what is there, no more than wanted."""
        if not self._parts:
            return
        last = self._parts[-1]
        if last.strip("\n"):
            self._put(wanted)
        elif len(last) < len(wanted):
            self._parts[-1] = wanted
            self._length += len(wanted) - len(last)


def _name(element: Element) -> str:
    return re.split("[}:]", str(element.tag))[-1].lower()


def _has_blocks(element: Element) -> bool:
    """Whether an element has others that stand by themselves: no text is between them, and they are not runs of one
    paragraph, as Word has them."""
    if len(element) == 0 or (_name(element) == "p" and any(_name(child) == "r" for child in element)):
        return False
    between = [element.text, *(child.tail for child in element)]
    return not any(text and text.strip() for text in between)


def _inner(element: Element) -> Iterator[str]:
    """All text in an element, with what attributes within say."""
    waiting = _pieces(element)
    while waiting:
        piece = waiting.pop()
        if isinstance(piece, str):
            yield piece
            continue
        said = " ".join(filter(None, map(_attribute, piece.items())))
        yield f" {said} " if said else ""
        waiting += _pieces(piece)


def _pieces(element: Element) -> list[Element | str]:
    """The texts and the elements in an element, the last one first."""
    within = (piece for child in element for piece in (child, child.tail or ""))
    return [element.text or "", *within][::-1]


def _attribute(item: tuple[str | bytes, str | bytes]) -> str:
    """An attribute's value, if it is words: no address, no number, no name of a schema."""
    name, value = str(item[0]), str(item[1]).strip()
    if "}" in name and not name.startswith("{http://www.w3.org/XML/1998/namespace}"):
        name = name.rpartition("}")[2]
        if name.lower() in ("schemalocation", "type", "nonamespaceschemalocation"):
            return ""
    if not _WORDS.search(value) or _ADDRESS.fullmatch(value) or name in NEVER_DATA:
        return ""
    return value


def _data(item: tuple[str | bytes, str | bytes]) -> str:
    """A code or a number, with its name; empty for words, and for what programs know things by."""
    name, value = str(item[0]), str(item[1]).strip()
    is_for_programs = "}" in name or name.lower().endswith(("id", "ref", "uuid")) or name in NEVER_DATA
    is_code = bool(_CODE.fullmatch(value)) and not _WORDS.search(value) and not _ADDRESS.fullmatch(value)
    return f"{name}: {value}" if is_code and not is_for_programs else ""
