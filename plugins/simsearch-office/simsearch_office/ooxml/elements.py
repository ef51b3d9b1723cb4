"""XML elements by their local names: the two editions of the standard differ in namespaces only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import IO, Any

Element = Any
"""lxml has no types."""


def parse(content: bytes, *, repair: bool = False) -> Element:
    """The root of an XML document. Entities and outside files are not followed.

    Raises:
        ValueError: It isn't XML.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=repair)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"not XML: {error}") from error
    if root is None:
        raise ValueError("not XML")
    return root


def parse_parts(stream: IO[bytes], names: Iterable[str]) -> Iterator[Element]:
    """The elements of these names as they end. Each is cleared once the next one is asked for, so that memory
    holds one at a time.

    Raises:
        ValueError: It isn't XML, or not to its end.
    """
    from lxml import etree

    tags = [f"{{*}}{name}" for name in names]
    try:
        for _, element in etree.iterparse(
            stream, tag=tags, resolve_entities=False, no_network=True, load_dtd=False
        ):
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise ValueError(f"not XML: {error}") from error


def name_of(element: Element) -> str:
    """The local name; empty for comments, instructions and entities."""
    tag = element.tag
    return _local(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=4096)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def attribute(element: Element, name: str) -> str | None:
    """An attribute by its local name."""
    for key, value in element.attrib.items():
        if _local(key) == name:
            return str(value)
    return None


def child(element: Element, *path: str) -> Element | None:
    """The first child of that name, its first child of the next name, and so on."""
    for name in path:
        element = next((inner for inner in element if name_of(inner) == name), None)
        if element is None:
            return None
    return element


def children(element: Element, name: str) -> Iterator[Element]:
    """The children of that name."""
    return (inner for inner in element if name_of(inner) == name)


def descendants(element: Element, name: str) -> Iterator[Element]:
    """All elements of that name below an element, in document order."""
    return element.iterdescendants(f"{{*}}{name}")  # type: ignore[no-any-return]


def texts(element: Element, name: str) -> list[str]:
    """The words of each element of that name that has some."""
    found = ("".join(inner.itertext()).strip() for inner in descendants(element, name))
    return [text for text in found if text]


def alternative(element: Element) -> Element | None:
    """Of an AlternateContent, the first branch with text, or else the first."""
    branches = [inner for inner in element if name_of(inner) in ("Choice", "Fallback")]
    return next((b for b in branches if "".join(b.itertext()).strip()), branches[0] if branches else None)
