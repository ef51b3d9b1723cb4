"""Pieces of documents as a person would read them: markup taken off, white space evened, cut between sentences."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from simsearch import FoundDocument

_RESTRUCTUREDTEXT = (".rst", ".rest")
_MARKDOWN = (".md", ".markdown", ".mdx")

_ADORNMENT = re.compile(r"^[ \t]*[!-/:-@\[-`{-~][!-/:-@\[-`{-~ \t]{2,}$", re.MULTILINE)
_DIRECTIVE = re.compile(r"^[ \t]*\.\.(?:[ \t].*)?$", re.MULTILINE)
_FIELD = re.compile(r"^[ \t]*:[A-Za-z][\w -]*:(?:[ \t].*)?$", re.MULTILINE)
_INLINE = re.compile(
    r"``(?P<literal>.+?)``|(?::(?P<role>[\w:+.-]+):)?`~?!?(?P<words>[^`<]*?)(?:\s*<[^`>]*>)?`_{0,2}",
    re.DOTALL,
)
_FOOTNOTE = re.compile(r"\s?\[[#\w*-]+\]_")
_ESCAPED = re.compile(r"\\(?:[ \n]|(?=[^\w\s]))")
_INDENTED_BLOCK = re.compile(r"::[ \t]*$", re.MULTILINE)
_STARS = re.compile(r"(?<!\w)\*{1,2}(?=\S)|(?<=\S)\*{1,2}(?!\w)")

_FENCE = re.compile(r"^[ \t]*(?:```|~~~).*$", re.MULTILINE)
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])")
_TAG = re.compile(r"</?[A-Za-z][^<>\n]*>")
_HASHES = re.compile(r"^[ \t]*#{1,6}[ \t]+|[ \t]+#+[ \t]*$", re.MULTILINE)
_RULE = re.compile(r"^[ \t]*(?:[-=*_][ \t]*){3,}$", re.MULTILINE)
_EMPHASIS = re.compile(r"\*\*?|__|`")

_PARAGRAPH = re.compile(r"\n\s*\n")
_SENTENCE_END = re.compile(r"[.!?。！？](?=\s)")


def phrases(listed: str) -> frozenset[str]:
    """Phrases in lower case, written with commas between them."""
    return frozenset(" ".join(phrase.split()) for phrase in listed.split(","))


def is_restructuredtext(found: FoundDocument) -> bool:
    return _ending(found) in _RESTRUCTUREDTEXT


def is_markdown(found: FoundDocument) -> bool:
    return _ending(found) in _MARKDOWN


def prose(found: FoundDocument, start: int, end: int, longest: int, without: str = "") -> str:
    """The words of characters [start, end) of a document.

    Args:
        longest: Most characters; the text is cut between paragraphs, sentences or words.
        without: A heading to leave out where the text begins with it.
    """
    # Markup makes a text longer by a share, not by much: what lies far behind can't be reached.
    text = plain(found, found.document.text[start : min(end, start + 2 * longest + 1000)])
    paragraphs = [words for piece in _PARAGRAPH.split(text) if (words := " ".join(piece.split()))]
    if paragraphs and without and paragraphs[0].startswith(without):
        paragraphs[0] = paragraphs[0].removeprefix(without).lstrip()
    return shortened([words for words in paragraphs if words], longest)


def plain(found: FoundDocument, text: str) -> str:
    """A piece of a document without markup."""
    if is_restructuredtext(found):
        for pattern in (_DIRECTIVE, _FIELD, _ADORNMENT, _FOOTNOTE):
            text = pattern.sub("", text)
        text = _ESCAPED.sub("", text)
        return _STARS.sub("", _INDENTED_BLOCK.sub(":", _INLINE.sub(_spoken, text)))
    if is_markdown(found):
        for pattern in (_FENCE, _IMAGE, _TAG, _RULE, _HASHES):
            text = pattern.sub("", text)
        return _EMPHASIS.sub("", _LINK.sub(r"\1", text))
    return text


def shortened(paragraphs: list[str], longest: int) -> str:
    """The first paragraphs that fit, on one line; one that doesn't is cut where half of the room is still free."""
    kept: list[str] = []
    room = longest
    for paragraph in paragraphs:
        if len(paragraph) > room:
            if room > longest // 2:
                kept.append(_cut(paragraph, room))
            break
        kept.append(paragraph)
        room -= len(paragraph) + 1
    return " ".join(kept)


def _spoken(found: re.Match[str]) -> str:
    """What a reader sees of a literal, a role or a reference of reStructuredText."""
    if found["literal"] is not None:
        return found["literal"]
    role = (found["role"] or "").upper()
    return (
        f"{role} {found['words'].removeprefix(role).lstrip()}" if role in ("PEP", "RFC") else found["words"]
    )


def _cut(text: str, longest: int) -> str:
    ends = [found.end() for found in _SENTENCE_END.finditer(text, 0, longest)]
    if ends and ends[-1] > longest // 2:
        return text[: ends[-1]]
    return text[:longest].rpartition(" ")[0] or text[:longest]


def _ending(found: FoundDocument) -> str:
    return PurePosixPath(found.path).suffix.lower()
