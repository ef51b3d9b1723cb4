"""What drawings hold in all three programs: charts, diagrams, alternative texts and comments."""

from __future__ import annotations

from collections.abc import Iterator

from simsearch.tables import table_text
from simsearch_office.flow import Block, one_line
from simsearch_office.ooxml.elements import Element, attribute, child, children, descendants, name_of, texts
from simsearch_office.ooxml.packages import Package

LONGEST_SERIES = 5000
"""Points of a chart's series that are read."""


def chart_blocks(package: Package, part: str) -> Iterator[Block]:
    """A chart's titles, labels and shapes, and its data as a table."""
    root = package.xml(part)
    if root is None:
        return
    yield from map(Block, dict.fromkeys(paragraph_texts(root)))
    series = list(descendants(root, "ser"))
    rows = _series_rows(series) if series else [[text] for name in ("v", "pt") for text in texts(root, name)]
    yield Block(table_text(rows))
    for shapes in package.related(part, "chartUserShapes"):
        drawn = package.xml(shapes)
        yield from map(Block, paragraph_texts(drawn) if drawn is not None else ())


def _series_rows(series: list[Element]) -> list[list[str]]:
    """A header of series names, then a row for each category."""
    names = [" ".join(_points(one, "tx").values()) for one in series]
    categories: dict[int, str] = {}
    for one in series:
        categories |= _points(one, "cat") | _points(one, "xVal")
    values = [_points(one, "val") | _points(one, "yVal") for one in series]
    indexes = sorted(set(categories).union(*values))
    rows = [[categories.get(i, ""), *(value.get(i, "") for value in values)] for i in indexes]
    return [["", *names], *rows[:LONGEST_SERIES]]


def _points(series: Element, name: str) -> dict[int, str]:
    """Cached texts or numbers by index; the levels of one category are joined."""
    found: dict[int, str] = {}
    holder = child(series, name)
    if holder is None:
        return found
    for point in descendants(holder, "pt"):
        index, text = attribute(point, "idx") or "0", one_line("".join(point.itertext()))
        if index.isdecimal() and text:
            found[int(index)] = " ".join(filter(None, (found.get(int(index)), text)))
    direct = child(holder, "v")  # a series name that is written down and not looked up
    return found or ({0: one_line(direct.text or "")} if direct is not None else {})


def diagram_blocks(package: Package, part: str) -> Iterator[Block]:
    """The texts of a SmartArt diagram's nodes, in order."""
    root = package.xml(part)
    if root is not None:
        yield from map(Block, paragraph_texts(root))


def paragraph_texts(root: Element) -> Iterator[str]:
    """The text of each DrawingML paragraph below an element that has some."""
    for paragraph in descendants(root, "p"):
        if text := "".join(_runs(paragraph)).strip():
            yield text


def _runs(paragraph: Element) -> Iterator[str]:
    for element in paragraph.iterdescendants():
        name = name_of(element)
        if name == "t":
            yield element.text or ""
        elif name in ("br", "tab"):
            yield "\n" if name == "br" else "\t"


def alternative_texts(element: Element) -> Iterator[str]:
    """What the properties of a picture or shape (docPr, cNvPr) say instead of it."""
    for name in ("title", "descr"):
        if text := one_line(element.get(name) or ""):
            yield text


def comment_block(author: str, text: str) -> Block:
    """A reviewer's remark."""
    text = text.strip()
    return Block(f"[{author}: {text}]" if author and text else text)


def authors(root: Element | None) -> dict[str, str]:
    """The names of comment authors by their id, as PowerPoint and Excel list them."""
    found = {}
    for element in root if root is not None else ():
        name = attribute(element, "name") or attribute(element, "displayName") or ""
        found[attribute(element, "id") or ""] = one_line(name)
    return found


def table_rows(table: Element) -> list[list[str]]:
    """The rows of a DrawingML table; of cells that were merged into another, there is nothing to say."""
    return [
        [one_line(" ".join(paragraph_texts(cell))) for cell in children(row, "tc")]
        for row in children(table, "tr")
    ]
