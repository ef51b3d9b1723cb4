"""Terms and where their definitions stand: HTML's <dl>, and the definition lists of Markdown and reStructuredText."""

from __future__ import annotations

import re
from collections.abc import Iterator

from simsearch import FoundDocument
from simsearch.builtin.pair_generators.prose import is_markdown, is_restructuredtext, plain

Definition = tuple[str, int, int]
"""The term, and the characters [start, end) of its definition."""

# reStructuredText: a line, and below it, without an empty line between, an indented one. Elsewhere than at the
# margin, code looks the same.
_RST = re.compile(
    r"^(?P<term>(?!\(?(?:\d+|[A-Za-z#])[.)]\s)[^\s.:*+|=>#-][^\n]{0,80}[^\s:,.;({\[|=])[ \t]*\n"
    r"(?P<definition>(?:[ \t]{2,}\S[^\n]*(?:\n|\Z)|[ \t]*\n(?=[ \t]{2,}\S))+)",
    re.MULTILINE,
)
_RST_GLOSSARY = re.compile(
    r"^\.\.[ \t]+glossary::[^\n]*\n(?P<body>(?:[ \t]+[^\n]*\n|[ \t]*\n)+)", re.MULTILINE
)
_ENTRY = re.compile(
    r"^(?P<indent>[ \t]+)(?P<term>[^\s:][^\n]*)\n(?P<definition>(?:(?P=indent)[ \t]+\S[^\n]*(?:\n|\Z)|[ \t]*\n)+)",
    re.MULTILINE,
)
# Markdown, as in PHP Markdown Extra: a line, and below it one that starts with a colon.
_MARKDOWN = re.compile(
    r"^(?P<term>[^\s:#>|*+-][^\n]{0,80})\n(?:[ \t]*\n)?"
    r"(?P<definition>[ ]{0,3}:[ \t]+\S[^\n]*(?:\n[ \t]*[^\s:][^\n]*)*)",
    re.MULTILINE,
)


def definitions(found: FoundDocument) -> Iterator[Definition]:
    """Every term that a document defines."""
    if found.document.marks:
        yield from _marked(found)
    elif is_restructuredtext(found):
        yield from _matched(found, _RST)
        for glossary in _RST_GLOSSARY.finditer(found.document.text):
            yield from _matched(found, _ENTRY, *glossary.span("body"))
    elif is_markdown(found):
        yield from _matched(found, _MARKDOWN)


def _marked(found: FoundDocument) -> Iterator[Definition]:
    """Several terms may share the definition that follows them."""
    text, waiting = found.document.text, []
    for mark in found.document.marks:
        if mark.kind == "term":
            waiting.append(mark)
        elif mark.kind == "definition":
            for term in waiting:
                yield " ".join(text[term.start : term.end].split()), mark.start, mark.end
            waiting.clear()


def _matched(
    found: FoundDocument, pattern: re.Pattern[str], begin: int = 0, end: int | None = None
) -> Iterator[Definition]:
    text = found.document.text
    for match in pattern.finditer(text, begin, len(text) if end is None else end):
        if text[max(match.start() - 2, 0) : match.start()] in ("", "\n\n") or begin:
            start = match.start("definition")
            start += len(match["definition"]) - len(match["definition"].lstrip(" \t:"))
            yield " ".join(plain(found, match["term"]).split()), start, match.end("definition")
