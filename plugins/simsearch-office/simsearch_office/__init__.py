"""Readers of office files and PDF; each parser runs in a process with limits."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from simsearch import Component, hookimpl

if TYPE_CHECKING:
    from simsearch.pair_tables import Read
    from simsearch.types import Reader

SECONDS = 60.0
MEGABYTES = 1500


@hookimpl
def simsearch_readers() -> list[Component]:
    return [
        Component("pdf", "PDF files, a document per page", _limited("pdf.read_pdf"), accepts=(".pdf",)),
        Component(
            "word", "Word files", _limited("word.read_word"), accepts=(".docx", ".docm", ".dotx", ".dotm")
        ),
        Component(
            "slides",
            "PowerPoint files, a document per slide",
            _limited("slides.read_slides"),
            accepts=(".pptx", ".pptm", ".ppsx", ".ppsm", ".potx", ".potm"),
        ),
        Component(
            "sheets",
            "Excel files, a document per sheet",
            _limited("sheets.read_sheets"),
            accepts=(".xlsx", ".xlsm", ".xltx", ".xltm"),
        ),
        Component(
            "opendocument",
            "OpenDocument files: texts, spreadsheets, presentations, drawings and formulas",
            _limited("opendocument.read_opendocument"),
            accepts=(*(f".{form}{kind}" for form in ("od", "ot", "fod") for kind in "tspg"), ".odm", ".odf"),
        ),
        Component(
            "old-office",
            "Word, Excel and PowerPoint files from before 2007, and Outlook messages",
            _limited("old.read_old"),
            accepts=(".doc", ".dot", ".xls", ".xlt", ".ppt", ".pps", ".pot", ".msg"),
        ),
        Component("rtf", "RTF files", _limited("rtf.read_rtf"), accepts=(".rtf",)),
    ]


@hookimpl
def simsearch_pair_readers() -> list[Component]:
    return [
        Component("excel", "Rows of a sheet of an Excel file", make_pair_reader, accepts=(".xlsx", ".xlsm"))
    ]


def make_pair_reader(
    anchor: str = "",
    positive: str = "",
    score: str = "",
    label: str = "",
    negative: str = "",
    sheet: str = "",
) -> Read:
    """Each argument but the last names a column, or `none`.

    Args:
        sheet: The name of the sheet; by default the first one that has rows.
    """
    from simsearch.pair_tables import NamedColumns
    from simsearch_office.excel_pairs import excel_pair_reader

    return excel_pair_reader(NamedColumns(anchor, positive, score, label, negative), sheet)


def _limited(function: str) -> Callable[..., Reader]:
    """What builds a reader of this package that runs in a worker process.

    Args:
        function: Its module and name, imported when the reader is built.
    """

    def build(seconds: float = SECONDS, megabytes: int = MEGABYTES) -> Reader:
        """A reader in a process of its own.

        Args:
            seconds: Most time for a file.
            megabytes: Most memory for a file.
        """
        from simsearch.isolation import in_worker
        from simsearch_office.descriptions import with_descriptions

        module, _, name = function.rpartition(".")
        read = getattr(import_module(f"{__name__}.{module}"), name)
        return with_descriptions(in_worker(read, seconds=seconds, megabytes=megabytes))

    return build
