"""An open PDF file, read with PDFium."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from simsearch import UnreadableFile
from simsearch_office.flow import one_line
from simsearch_office.ooxml.packages import reasons
from simsearch_office.pdf.annotations import annotation_texts
from simsearch_office.pdf.columns import page_text
from simsearch_office.pdf.outline import Outline

_DATE = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?([+-]\d\d)?'?(\d\d)?")
_FEW_CHARACTERS = 100
"""A page with fewer may be a picture, with a stamp or a page number on it."""
_PICTURE_SHARE = 0.7
"""Of a page's area, for a picture that is most of it."""
_CODED_SHARE = 0.2
_XFA = 2
"""What PDFium calls a form that is described in XML instead of on pages."""


@dataclass(frozen=True, slots=True)
class PdfPage:
    """A page's text, with annotations and form values below it.

    Args:
        is_picture: It shows hardly more than pictures.
        is_coded: Its fonts don't say which characters they show.
    """

    text: str
    is_picture: bool
    is_coded: bool


@contextmanager
def open_pdf(content: bytes) -> Iterator[PdfFile]:
    """The file, closed afterwards.

    Raises:
        UnreadableFile: It is broken or needs a password.
    """
    import pypdfium2

    with reasons("broken PDF file"):
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as error:
            if "password" in str(error).lower():
                raise UnreadableFile("needs a password") from error
            raise
        try:
            yield PdfFile(document)
        finally:
            document.close()


class PdfFile:
    """What is read of a PDF file."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._document.init_forms()

    def __len__(self) -> int:
        return len(self._document)

    def page(self, number: int) -> PdfPage:
        """A page by its number from 0; one without text if it is broken."""
        import pypdfium2

        try:
            page = self._document[number]
        except pypdfium2.PdfiumError:
            return PdfPage("", is_picture=False, is_coded=False)
        try:
            body = page_text(page)
            notes = [text for text in annotation_texts(page, self._document.formenv) if not _has(body, text)]
            is_picture = len(body.strip()) < _FEW_CHARACTERS and _shows_picture(page, bool(body.strip()))
        finally:
            page.close()
        return PdfPage("\n\n".join(filter(None, [body, *notes])), is_picture, _is_coded(body))

    def outline(self) -> Outline:
        """The bookmarks."""
        return Outline.of(self._document)

    @property
    def language(self) -> str:
        """A code such as `en-GB`; empty if the file doesn't say."""
        from pypdfium2 import raw

        return utf16(lambda buffer, size: raw.FPDFCatalog_GetLanguage(self._document, buffer, size))

    def title_and_metadata(self) -> tuple[str, dict[str, Any]]:
        """The title, which may be empty; author, date, subject and keywords where known."""
        known = {name: one_line(text) for name, text in self._document.get_metadata_dict().items()}
        date = _date(known.get("ModDate", "")) or _date(known.get("CreationDate", ""))
        found = {
            "author": known.get("Author"),
            "date": date,
            "subject": known.get("Subject"),
            "keywords": known.get("Keywords"),
        }
        return known.get("Title", ""), {name: text for name, text in found.items() if text}

    def notices(self) -> list[str]:
        """Files inside the file, and a form without pages."""
        from pypdfium2 import raw

        found = [
            f"an attached file was not read: {self._document.get_attachment(i).get_name()}"
            for i in range(self._document.count_attachments())
        ]
        if raw.FPDF_GetFormType(self._document) == _XFA:
            found.append("its form (XFA) was not read")
        return found


def utf16(fetch: Callable[[Any, int], int]) -> str:
    """A text that PDFium writes into a buffer, whose size it tells first."""
    size = fetch(None, 0)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    fetch(ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    return buffer.raw[: size - 2].decode("utf-16-le", "replace")


def _has(body: str, words: str) -> bool:
    """Whether a page's own text has these words, so that they need not follow it."""
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", body) is not None


def _shows_picture(page: Any, has_text: bool) -> bool:
    from pypdfium2 import raw

    area = page.get_width() * page.get_height()
    for picture in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=4):
        left, bottom, right, top = picture.get_pos() if hasattr(picture, "get_pos") else picture.get_bounds()
        if not has_text or (right - left) * (top - bottom) > _PICTURE_SHARE * area:
            return True
    return False


def _is_coded(text: str) -> bool:
    odd = sum(c == "\ufffd" or "\ue000" <= c <= "\uf8ff" or c < "\t" for c in text.replace("\x02", ""))
    return odd > _CODED_SHARE * len(text)


def _date(text: str) -> str | None:
    """An ISO date of a PDF one; dates are often written wrongly, and must not cost the text."""
    from datetime import datetime

    found = _DATE.match(text)
    if not found:
        return None
    year, month, day, hour, minute, second = (int(group or 0) for group in found.groups()[:6])
    try:
        moment = datetime(year, month or 1, day or 1, hour, minute, second)
    except ValueError:
        return None
    zone = f"{found[7]}:{found[8] or '00'}" if found[7] else "+00:00" if text.endswith("Z") else ""
    return moment.isoformat() + zone
