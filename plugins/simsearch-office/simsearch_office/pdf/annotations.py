"""What stands on a page without being part of it: notes, text boxes, and what was filled into a form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from simsearch_office.flow import one_line
from simsearch_office.ooxml.drawings import comment_block

_TAG = re.compile(r"<[^>]*>")


def annotation_texts(page: Any, form: Any) -> Iterator[str]:
    """The words of each annotation of a page: entered values, texts of boxes, remarks with their author.

    Args:
        form: The file's form, where it has one.
    """
    from pypdfium2 import raw

    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            yield from _words(annotation, form)
        finally:
            raw.FPDFPage_CloseAnnot(annotation)


def _words(annotation: Any, form: Any) -> Iterator[str]:
    from pypdfium2 import raw

    kind = raw.FPDFAnnot_GetSubtype(annotation)
    if kind in (raw.FPDF_ANNOT_POPUP, raw.FPDF_ANNOT_LINK):
        return
    if kind == raw.FPDF_ANNOT_WIDGET:
        yield from filter(None, [_value(annotation, form)])
        return
    text = _entry(annotation, b"Contents").strip() or _TAG.sub(" ", _entry(annotation, b"RC")).strip()
    author = "" if kind == raw.FPDF_ANNOT_FREETEXT else one_line(_entry(annotation, b"T"))
    yield from filter(None, [comment_block(author, text).text])


def _value(widget: Any, form: Any) -> str:
    """What was entered into or chosen in a field; of boxes to tick, the name if it is ticked."""
    from pypdfium2 import raw

    from simsearch_office.pdf.file import utf16

    if not form:
        return _entry(widget, b"V").strip()
    kind = raw.FPDFAnnot_GetFormFieldType(form, widget)
    if kind in (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON):
        ticked = raw.FPDFAnnot_IsChecked(form, widget)
        name = utf16(lambda buffer, size: raw.FPDFAnnot_GetFormFieldName(form, widget, buffer, size))
        chosen = utf16(lambda buffer, size: raw.FPDFAnnot_GetFormFieldExportValue(form, widget, buffer, size))
        return ": ".join(filter(None, [name, chosen])) if ticked else ""
    value = utf16(lambda buffer, size: raw.FPDFAnnot_GetFormFieldValue(form, widget, buffer, size))
    return (value or _entry(widget, b"V")).replace("\r", "\n").strip()


def _entry(annotation: Any, key: bytes) -> str:
    from pypdfium2 import raw

    from simsearch_office.pdf.file import utf16

    text = utf16(lambda buffer, size: raw.FPDFAnnot_GetStringValue(annotation, key, buffer, size))
    return text.replace("\r\n", "\n").replace("\r", "\n")
