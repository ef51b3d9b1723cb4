"""The tool `get`."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from simsearch import Workspace
from simsearch.querying.indexed_documents import (
    IndexedText,
    Lines,
    names_in_index,
    read_texts,
    split_lines,
)
from simsearch.querying.open_index import OpenIndex
from simsearch_mcp.tools.tool import Arguments, IndexTool, Result, Value

LONGEST_TEXT = 40_000
"""Characters in one answer, so that a large document does not fill the agent's context."""

DESCRIPTION = """\
Read an indexed document, or some of its lines. Use it after `search`, to see what stands around a passage. The text \
is as it was indexed; files that are not indexed can't be read. A long document comes in pieces: ask for the lines \
that the answer names next."""


class GetArguments(Arguments):
    path: str = Field(min_length=1, description="The document's path, as `search` returned it.")
    lines: str = Field(
        "",
        pattern=r"^(\d{1,9}(-\d{0,9})?)?$",
        description="Lines to read: `10-40`, `10-` (to the end) or `10`. Empty: from the beginning.",
    )


class DocumentText(Value):
    """The text of a document, or a piece of it."""

    path: str
    title: str
    text: str
    first_line: int = Field(description="The first line of `text` in the document; 0 if it has no text.")
    last_line: int
    line_count: int = Field(description="How many lines the document has.")
    verbatim: bool = Field(
        description="Whether these are the lines of the file, not of a text extracted from it."
    )


class Documents(Value):
    """The document; its parts if the file has several."""

    documents: list[DocumentText]
    notices: list[str] = Field(description="What was left out, and how to get it.")


def get(workspace: Workspace, index: OpenIndex, arguments: GetArguments) -> Result:
    """Read from the index."""
    path, lines = split_lines(f"{arguments.path}:{arguments.lines}" if arguments.lines else arguments.path)
    names = names_in_index(path, workspace.folder)
    texts = read_texts(index.snapshot, names, lines)
    documents, notices = _fit(texts, lines)
    shown = [_describe(document) for document in documents]
    return Result("\n\n".join([*shown, *(f"Note: {notice}" for notice in notices)]),
                  Documents(documents=documents, notices=notices))  # fmt: skip


def _fit(texts: Sequence[IndexedText], lines: Lines | None) -> tuple[list[DocumentText], list[str]]:
    """As much as one answer holds, and what it leaves out."""
    documents: list[DocumentText] = []
    left = LONGEST_TEXT
    for text in texts:
        if left <= 0:
            names = ", ".join(map(_name, texts[len(documents) :][:3]))
            return documents, [
                f"{len(texts) - len(documents)} more parts of {text.path} were left out: get {names}, …"
            ]
        kept = text.text[:left]
        left -= len(text.text)
        documents.append(_as_document(text, kept))
        if len(kept) < len(text.text):
            return documents, [_describe_rest(documents[-1], text)]
    return documents, []


def _as_document(text: IndexedText, kept: str) -> DocumentText:
    """A text, cut after the last whole line of what is kept of it."""
    whole = len(kept) == len(text.text)
    if not whole and "\n" in kept:
        kept = kept[: kept.rindex("\n") + 1]
    first, last = text.lines or (0, 0)
    return DocumentText(
        path=_name(text),
        title=text.title,
        text=kept,
        first_line=first,
        last_line=last if whole else first + max(kept.count("\n"), 1) - 1,
        line_count=text.line_count,
        verbatim=text.verbatim,
    )


def _describe_rest(document: DocumentText, text: IndexedText) -> str:
    if not document.text.endswith("\n"):
        kept = len(document.text)
        return f"Line {document.first_line} is very long: only its first {kept} characters are here."
    return f"This is not all; get lines {document.last_line + 1}- for the rest."


def _name(text: IndexedText) -> str:
    return f"{text.path}#{text.part}" if text.part else text.path


def _describe(document: DocumentText) -> str:
    where = f"lines {document.first_line}-{document.last_line} of {document.line_count}"
    return f"{document.path}, {where if document.line_count else 'no text'}\n\n{document.text.rstrip()}"


TOOL = IndexTool("get", "Read a document", DESCRIPTION, GetArguments, Documents, get)
