"""Which elements of a page are its content: navigation, scripts and site footers are not.

Class names are hints, since a restaurant's page has its menu in an element of the class `menu`: they are believed of
elements that are mostly links.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from simsearch.builtin.readers.names import names

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

Trust = Literal["all", "tags", "nothing"]
"""How far a page's own hints are believed: its classes and roles as well, only its tags, or not at all."""


NEVER_TEXT = names("head script style template object canvas iframe")
ROLES = names("navigation search")
SITE_PARTS = names("banner contentinfo")
FURNITURE = names(
    "navbar navheader navfooter breadcrumb breadcrumbs sphinxsidebar site-header site-footer skip-link cookie-banner"
)
"""Classes that name what is around the content."""

HINTS = names("nav navigation menu sidebar toc related header footer")
"""Classes that may name content as well."""

SECTIONS = names("article section main blockquote aside dialog td li")
NAMED_BUTTONS = names("h1 h2 h3 h4 h5 h6 summary dt legend caption")
OPENING = ("aria-expanded", "aria-controls", "data-toggle", "data-bs-toggle")
MOSTLY = 0.5
"""Share of the text of an element that is links."""

LARGE = 0.3
"""Share of a page's text that no element has that is only around its content."""

FEW_WORDS, FEW_LETTERS = 3, 12
"""A button with fewer says what it does; scripts without blanks have only letters to count."""

_FILE_NAME = re.compile(r"\S+\.\w{2,5}|\W*")


class Size(NamedTuple):
    """Characters of an element's text, and how many of them are in links."""

    text: int
    links: int


@dataclass(frozen=True, slots=True)
class Content:
    """Decides which elements of a page are left out.

    Args:
        sizes: How much text each element has.
        size: How much the whole page has.
        main: The element that the page calls its main one; None if there is none, or it has little of the text.
    """

    trust: Trust
    sizes: Mapping[Element, Size]
    size: int
    main: Element | None = None

    def leaves_out(self, element: Element) -> bool:
        """Whether an element is left out with all that is in it."""
        tag = str(element.tag)
        if tag in NEVER_TEXT:
            return element.get("shadowrootmode") is None
        if tag == "svg":
            return next(element.iterdescendants("text"), None) is None
        classes = (element.get("class") or "").split()
        if "headerlink" in classes:
            return True
        if self.trust == "nothing":
            return False
        if tag == "nav" or (tag == "button" and not _says_something(element)):
            return True
        if tag == "noscript" and _asks_for_scripts(element):
            return True
        if tag == "footer" and self._is_of_site(element):
            return True
        return self.trust == "all" and self._is_furniture(element, classes)

    def _is_furniture(self, element: Element, classes: list[str]) -> bool:
        role = element.get("role") or ""
        if role in ROLES or (element.get("hidden") is not None and not _is_panel(element)):
            return True
        if (role in SITE_PARTS or not FURNITURE.isdisjoint(classes)) and not _has_title(element):
            return self.sizes[element].text < LARGE * self.size or self._is_mostly_links(element)
        return not HINTS.isdisjoint(classes) and (
            self._is_beside_main(element) or self._is_mostly_links(element)
        )

    def _is_mostly_links(self, element: Element) -> bool:
        size = self.sizes[element]
        return size.links >= MOSTLY * size.text

    def _is_beside_main(self, element: Element) -> bool:
        return self.main is not None and not _has_title(element) and not _holds(self.main, element)

    def _is_of_site(self, footer: Element) -> bool:
        return all(str(above.tag) not in SECTIONS for above in footer.iterancestors())


def measure(root: Element) -> dict[Element, Size]:
    """How much text each element has, what images show included."""
    from lxml import etree

    sizes: dict[Element, Size] = {}
    for _, element in etree.iterwalk(root, events=("end",)):
        text = links = 0
        if element.tag == "img":
            text = _length(described(element))
        elif element.tag not in ("script", "style", "template"):
            text = _length(element.text)
            for child in element:
                size, after = sizes[child], _length(child.tail)
                text, links = text + size.text + after, links + size.links
        is_link = element.tag == "a" and element.get("href") is not None
        sizes[element] = Size(text, text if is_link else links)
    return sizes


def find_main(root: Element, sizes: Mapping[Element, Size]) -> Element | None:
    """The element that a page calls its main one, if it has most of the text."""
    mains = [one for one in root.iter("main", "div") if one.tag == "main" or one.get("role") == "main"]
    has_most = len(mains) == 1 and sizes[mains[0]].text >= MOSTLY * sizes[root].text
    return mains[0] if has_most else None


def described(image: Element) -> str:
    """What an image shows, where its page says that in words."""
    words = " ".join((image.get("alt") or "").split())
    return "" if _FILE_NAME.fullmatch(words) else words


def _holds(outer: Element, element: Element) -> bool:
    """Whether one element is in the other, or around it."""
    return element in (outer, *outer.iterancestors()) or outer in element.iterancestors()


def _length(text: str | None) -> int:
    """Characters that are not blank."""
    return sum(map(len, text.split())) if text else 0


def _says_much(element: Element) -> bool:
    words = "".join(element.itertext()).split()
    return len(words) >= FEW_WORDS or sum(map(len, words)) >= FEW_LETTERS


def _has_title(element: Element) -> bool:
    return next(element.iter("h1"), None) is not None


def _is_panel(element: Element) -> bool:
    """Whether a hidden element has text that a click shows, as tabs and accordions do."""
    return _says_much(element)


def _asks_for_scripts(element: Element) -> bool:
    return "javascript" in "".join(element.itertext()).lower()


def _says_something(button: Element) -> bool:
    """Whether a button is a heading, opens a text, or says more than what it does."""
    if button.get("role") == "tab" or any(button.get(name) is not None for name in OPENING):
        return True
    above = (str(element.tag) for element in button.iterancestors())
    return _says_much(button) or not NAMED_BUTTONS.isdisjoint(above)
