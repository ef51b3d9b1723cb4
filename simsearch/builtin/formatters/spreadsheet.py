"""Hits as rows for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from simsearch import Hit, View
from simsearch.types import Formatter

COLUMNS = ("rank", "score", "path", "first_line", "last_line", "id", "title", "heading", "text",
           "good_match", "missing", "duplicates", "duplicate_ids")  # fmt: skip
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def rows_formatter(formulas: bool) -> Formatter:
    """Rows with a header; texts that a spreadsheet would take for formulas stay as they are if `formulas` is set."""

    def safe(value: Any) -> Any:
        risky = isinstance(value, str) and value.startswith(_FORMULAS) and not formulas
        return f"'{value}" if risky else value

    def show(hits: Sequence[Hit], view: View) -> str:
        written = io.StringIO()
        writer = csv.writer(written, lineterminator="\n")
        writer.writerow(COLUMNS)
        for hit in hits:
            first, last = hit.lines or ("", "")
            cells = (
                hit.rank,
                hit.score,
                hit.path,
                first,
                last,
                hit.id,
                hit.title,
                hit.heading,
                hit.text,
                "" if hit.good_match is None else str(hit.good_match).lower(),
                str(hit.missing).lower(),
                "\n".join(hit.duplicates),
                "\n".join(other.id for other in hit.folded),
            )
            writer.writerow([safe(cell) for cell in cells])
        return written.getvalue().rstrip("\n")

    return show
