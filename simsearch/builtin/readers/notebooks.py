"""Jupyter notebooks: the text of the cells, without their output."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from simsearch import Document, Heading, UnreadableFile
from simsearch.builtin.readers.markup import markdown_headings
from simsearch.decoding import decode_with_notices
from simsearch.wording import counted

KINDS = ("markdown", "code", "raw", "heading")
GAP = "\n\n"


def read_notebook(path: Path, content: bytes) -> Iterator[Document]:
    """One document of the Markdown and the code cells, headings of the former in place."""
    source, notices = decode_with_notices(content)
    notebook = _parsed(source)
    parts: list[str] = []
    headings: list[Heading] = []
    length = 0
    for kind, text in _cells(notebook):
        if kind == "markdown":
            headings += [
                replace(heading, start=heading.start + length) for heading in markdown_headings(text)
            ]
        parts.append(text)
        length += len(text) + len(GAP)
    language = _language(notebook)
    title = headings[0].text if headings else ""
    about = {"kernel": language} if language else {}
    yield Document(
        GAP.join(parts), "", title, tuple(headings), about, notices=(*notices, *_left_out(notebook))
    )


def _parsed(source: str) -> Mapping[str, Any]:
    try:
        notebook = json.loads(source)
    except (ValueError, RecursionError):
        raise UnreadableFile("not a notebook: its JSON is broken or nested too deeply") from None
    if not isinstance(notebook, dict):
        raise UnreadableFile("not a notebook: no JSON object")
    return notebook


def _cells(notebook: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Kind and text of each cell that has text."""
    for cell in _all_cells(notebook):
        if cell.get("cell_type") in KINDS:
            source = cell.get("source", cell.get("input", ""))
            text = "".join(map(str, source)) if isinstance(source, list) else str(source)
            if text.strip():
                yield cell["cell_type"], text


def _left_out(notebook: Mapping[str, Any]) -> tuple[str, ...]:
    """Results are left out because they repeat the data, but not silently."""
    count = sum(bool(cell.get("outputs")) for cell in _all_cells(notebook))
    return (f"the output of {counted(count, 'cell', 'cells')} was not read",) if count else ()


def _all_cells(notebook: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every cell; notebooks of before 2015 keep their cells in worksheets."""
    sheets = notebook.get("worksheets")
    for sheet in [notebook, *(sheets if isinstance(sheets, list) else [])]:
        cells = sheet.get("cells") if isinstance(sheet, dict) else None
        yield from (cell for cell in (cells if isinstance(cells, list) else []) if isinstance(cell, dict))


def _language(notebook: Mapping[str, Any]) -> str:
    about = notebook.get("metadata")
    for key, name in (("language_info", "name"), ("kernelspec", "language")):
        part = about.get(key) if isinstance(about, dict) else None
        if isinstance(part, dict) and isinstance(part.get(name), str):
            return str(part[name])
    return ""
