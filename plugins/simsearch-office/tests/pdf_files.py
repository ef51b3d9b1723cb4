"""PDF files written object by object."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

LINE = 14
TOP = 760


@dataclass
class Page:
    """What is drawn on a page, and what lies on top of it."""

    drawing: list[str] = field(default_factory=list)
    annotations: list[str] = field(default_factory=list)

    def write(self, text: str, left: float, line: float) -> None:
        """A line of text, counted from the page's top."""
        escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        self.drawing.append(f"BT /F 10 Tf {left} {TOP - line * LINE} Td ({escaped}) Tj ET")

    def picture(self) -> None:
        """One grey pixel as large as the page."""
        self.drawing.append("q 612 0 0 792 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q")

    def remark(self, text: str, kind: str = "Text", author: str = "") -> None:
        self.annotations.append(
            f"<< /Type /Annot /Subtype /{kind} /Rect [9 9 99 99] /Contents ({text}) /T ({author}) >>"
        )

    def field(self, name: str, value: str, kind: str = "Tx") -> None:
        self.annotations.append(
            f"<< /Type /Annot /Subtype /Widget /FT /{kind} /T ({name}) /V ({value}) /Rect [9 9 99 99] >>"
        )


def pdf(pages: Sequence[Page], bookmarks: Sequence[tuple[str, int]] = ()) -> bytes:
    """A file of these pages.

    Args:
        bookmarks: Titles with the page, from 1, that they lead to.
    """
    objects = ["", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    numbers, fields = [], []
    for page in pages:
        drawing = "\n".join(page.drawing)
        objects.append(f"<< /Length {len(drawing)} >>\nstream\n{drawing}\nendstream")
        contents, notes = len(objects), []
        for annotation in page.annotations:
            objects.append(annotation)
            notes.append(f"{len(objects)} 0 R")
            fields += [notes[-1]] if "/Widget" in annotation else []
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {contents} 0 R "
            f"/Annots [{' '.join(notes)}] /Resources << /Font << /F 3 0 R >> >> >>"
        )
        numbers.append(len(objects))
    outline = _outline(objects, [(title, numbers[page - 1]) for title, page in bookmarks])
    form = f"/AcroForm << /Fields [{' '.join(fields)}] >>"
    objects[0] = f"<< /Type /Catalog /Pages 2 0 R {outline} {form if fields else ''} >>"
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(f'{n} 0 R' for n in numbers)}] /Count {len(numbers)} >>"
    return _file(objects)


def _outline(objects: list[str], bookmarks: Sequence[tuple[str, int]]) -> str:
    if not bookmarks:
        return ""
    root, last = len(objects) + 1, len(objects) + 1 + len(bookmarks)
    objects.append(f"<< /First {root + 1} 0 R /Last {last} 0 R /Count {len(bookmarks)} >>")
    for title, page in bookmarks:
        follows = f"/Next {len(objects) + 2} 0 R" if len(objects) + 1 < last else ""
        objects.append(f"<< /Title ({title}) /Parent {root} 0 R {follows} /Dest [{page} 0 R /Fit] >>")
    return f"/Outlines {root} 0 R"


def _file(objects: Sequence[str]) -> bytes:
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(content)}\n%%EOF"
    return content + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}\n".encode()
