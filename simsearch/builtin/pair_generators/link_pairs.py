"""Link text → the text it leads to."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from urllib.parse import unquote

from simsearch import FoundDocument, Mark, Pair
from simsearch.builtin.pair_generators.heading_pairs import says_something
from simsearch.builtin.pair_generators.prose import is_markdown, is_restructuredtext, phrases, plain, prose
from simsearch.builtin.pair_generators.sections import Section, named, section_at, sections

Link = tuple[str, str]
"""Its text, and where it leads, as written."""

SAY_NOTHING = phrases(
    """read more, see also, more information, learn more, go back, back to top, next page, previous page,
    full documentation, more details, next section, previous section, well known, for example"""
)
_POINTS = re.compile(
    r"\b(?:above|below|here|this|these|that|it|following|previous|earlier|later)\b", re.IGNORECASE
)
_PLACE = re.compile(
    r"^(?:section|chapter|table|figure|appendix|part|example|note|step|item|page|pep|rfc)\s+\w+(?:[.-]\w+)*$",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"^the \w+ called [“\"](?P<name>.+)[”\"]$", re.IGNORECASE)
_ADDRESS = re.compile(r"^(?:https?://|www\.)|^\S+@\S+$|/\S+/")
_MARKDOWN = re.compile(r"(?<!!)\[([^\]\n]+)\]\(\s*<?([^)\s>]+)>?(?:\s+[\"'][^)]*)?\)")
_RST = re.compile(r"(?::(?:doc|ref):)?`([^`<]+?)\s+<([^`>]+)>`_{0,2}")
_LABEL = re.compile(r"^\.\.[ \t]+_(?P<label>[^:\n]+):[ \t]*$", re.MULTILINE)
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)


def link_pairs(documents: Sequence[FoundDocument], words: int, shortest: int, longest: int) -> Iterator[Pair]:
    """A pair for each link whose text says something and whose target is among the documents."""
    targets = Targets(documents)
    for found in documents:
        for text, target in links_of(found):
            said = spoken(text)
            if not describes(said, words):
                continue
            place = targets.find(found, target)
            led_to = targets.text(*place, longest) if place else ""
            if len(led_to) >= shortest:
                yield Pair(said, led_to, source=found.path)


def describes(text: str, words: int) -> bool:
    """Whether a link's text says what it leads to."""
    points = _POINTS.search(text) or _PLACE.match(text) or _ADDRESS.search(text)
    return not points and text.lower() not in SAY_NOTHING and says_something(text, words)


def spoken(text: str) -> str:
    """A link's text as someone would say it, without number, full stop, or `the section called “…”`."""
    words = named(" ".join(text.split())).rstrip(".,;:")
    quoted = _QUOTED.match(words)
    return quoted["name"] if quoted else words


def links_of(found: FoundDocument) -> Iterator[Link]:
    """Every link of a document to somewhere in the same folder."""
    document = found.document
    if is_markdown(found):
        all_links: Iterator[Link] = (
            (plain(found, text), to) for text, to in _MARKDOWN.findall(document.text)
        )
    elif is_restructuredtext(found):
        all_links = ((plain(found, text), to) for text, to in _RST.findall(document.text))
    else:
        all_links = (
            (document.text[mark.start : mark.end], mark.target)
            for mark in document.marks
            if mark.kind == "link"
        )
    yield from ((text, to) for text, to in all_links if not _ELSEWHERE.match(to))


class Targets:
    """Where links lead among some documents.

    Args:
        documents: Of a path that several documents share (the rows of a table) none is a target.
    """

    def __init__(self, documents: Sequence[FoundDocument]) -> None:
        self._documents: dict[str, FoundDocument | None] = {}
        for found in documents:
            self._documents[found.path] = None if found.path in self._documents else found
        self._sections: dict[str, list[Section]] = {}
        self._anchors: dict[str, dict[str, int]] = {}
        self._labels = {
            label: (found, place)
            for found in documents
            if is_restructuredtext(found)
            for label, place in _labels(found)
        }

    def find(self, source: FoundDocument, target: str) -> tuple[FoundDocument, int] | None:
        """The document that a link leads to, and the character there; None where it leads out of the folder."""
        if is_restructuredtext(source) and _slug(target) in self._labels:
            return self._labels[_slug(target)]
        path, _, anchor = unquote(target).partition("#")
        found = self._document(source, path.partition("?")[0])
        if found is None or not anchor:
            return (found, 0) if found else None
        place = self._anchors_of(found).get(anchor, self._anchors_of(found).get(_slug(anchor)))
        return (found, place) if place is not None else None

    def text(self, found: FoundDocument, place: int, longest: int) -> str:
        """What stands at a place: the section that begins there, or the text from there to the section's end."""
        if found.path not in self._sections:
            self._sections[found.path] = sections(found)
        own = self._sections[found.path]
        for term, definition in self._terms_of(found):
            if term.start <= place <= term.end:
                return prose(found, definition.start, definition.end, longest)
        section = section_at(own, place) or (own[0] if own else None)
        if section is None:
            return ""
        if place <= section.start or place == 0:
            return section.text(found, longest)
        return prose(found, place, section.end, longest, without=section.heading)

    def _document(self, source: FoundDocument, path: str) -> FoundDocument | None:
        if not path:
            return self._documents.get(source.path)
        folder = posixpath.dirname(source.path)
        full = posixpath.normpath(posixpath.join(folder, path))
        names = (full, f"{full}.md", f"{full}.rst", f"{full}.html", f"{full}/index.html", f"{full}/README.md")
        return next((self._documents[name] for name in names if self._documents.get(name)), None)

    def _terms_of(self, found: FoundDocument) -> Iterator[tuple[Mark, Mark]]:
        """Terms that a page marks, each with its definition."""
        own = [mark for mark in found.document.marks if mark.kind in ("term", "definition")]
        return (
            (one, other) for one, other in pairwise(own) if (one.kind, other.kind) == ("term", "definition")
        )

    def _anchors_of(self, found: FoundDocument) -> dict[str, int]:
        """Names that links can use: the format's own anchors, and headings as web pages name them."""
        if found.path not in self._anchors:
            by_heading = {_slug(heading.text): heading.start for heading in found.document.headings}
            marked = {m.target: m.start for m in found.document.marks if m.kind == "anchor"}
            self._anchors[found.path] = {**by_heading, **marked}
        return self._anchors[found.path]


def _labels(found: FoundDocument) -> Iterator[tuple[str, int]]:
    """`.. _label:` before a heading names it."""
    starts = [heading.start for heading in found.document.headings]
    for match in _LABEL.finditer(found.document.text):
        place = next((start for start in starts if start >= match.end()), None)
        if place is not None and not found.document.text[match.end() : place].strip():
            yield _slug(match["label"].strip("`")), place


def _slug(text: str) -> str:
    return "-".join(re.sub(r"[^\w\s-]", "", text.lower()).split())
