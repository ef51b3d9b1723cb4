"""Headings of Markdown and reStructuredText, with their places in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from simsearch import Heading
from simsearch.builtin.readers.front_matter import body_start

# reStructuredText: a title is underlined, and may be overlined, by one repeated mark of punctuation.
_ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1*[ \t]*$")
_LINE_END = re.compile(r"\r\n?|\n")
LONGEST_TITLE = 1000
_INLINE_MARKS = re.compile(
    r"(?P<ticks>`+)(?P<code>[^`]+)(?P=ticks)_{0,2}|\[(?P<link>[^\]]*)\]\([^)]*\)"
    r"|(?<!\w)_(?P<emphasis>[^\W_](?:.*?[^\W_])?)_(?!\w)|[*`]+|<[^>]*>"
)


def markdown_headings(text: str) -> tuple[Heading, ...]:
    """ATX (`# Title`) and underlined headings, by CommonMark's rules (markdown-it-py)."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark")
    parser.core.ruler.enableOnly(["normalize", "block"])
    starts = line_starts(text)
    body = body_start(text)
    tokens = parser.parse(text)
    return tuple(
        Heading(starts[token.map[0]], int(token.tag[1]), plain_title(inline.content))
        for token, inline in pairwise(tokens)
        if token.type == "heading_open" and token.map and inline.content and starts[token.map[0]] >= body
    )


def restructuredtext_headings(text: str) -> tuple[Heading, ...]:
    """Section titles; a style of adornment gets its level where it is first seen (docutils' rule)."""
    styles: list[str] = []
    headings = []
    for start, title, style in _adorned(text):
        if style not in styles:
            styles.append(style)
        headings.append(Heading(start, styles.index(style) + 1, plain_title(title)))
    return tuple(headings)


def _adorned(text: str) -> Iterator[tuple[int, str, str]]:
    """Where each titled section starts, its title, and its style: `=` underlined, `==` overlined as well."""
    starts = line_starts(text)
    lines = [text[start:end] for start, end in pairwise(starts)]
    number = 1
    while number < len(lines):
        title, under = lines[number - 1].rstrip(), lines[number].rstrip()
        before = lines[number - 2].rstrip() if number > 1 else ""
        if _is_title(title, under):
            overlined = bool(before) and before == under
            if overlined or (not before and not title[0].isspace()):
                yield (
                    starts[number - 2 if overlined else number - 1],
                    title.strip(),
                    under[0] * (1 + overlined),
                )
                number += 1
        number += 1


def _is_title(title: str, under: str) -> bool:
    return (
        bool(title.strip())
        and bool(_ADORNMENT.match(under))
        and len(under) >= min(len(title.rstrip()), 4)
        and not _ADORNMENT.match(title)
    )


def plain_title(title: str) -> str:
    """A heading's words without inline markup, on one line; what is longer than any heading is cut."""
    words = _INLINE_MARKS.sub(
        lambda found: found["code"] or found["link"] or found["emphasis"] or "", title[:LONGEST_TITLE]
    )
    return " ".join(words.split())


def line_starts(text: str) -> list[int]:
    """The character at which each line starts, and the length of the text at the end of the list."""
    starts = [0, *(found.end() for found in _LINE_END.finditer(text))]
    return starts if starts[-1] == len(text) else [*starts, len(text)]
