"""Subtitles and lyrics as people read them: what is said, on the lines where it is."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

from simsearch import Document
from simsearch.decoding import decode_with_notices

_TIMES = re.compile(
    r"\s*(?:\d+:)?\d{1,2}:\d{2}[.,:]\d{1,3}\s*(?:-->|,)\s*(?:\d+:)?\d{1,2}:\d{2}[.,:]\d{1,3}.*"
)
_NUMBER = re.compile(r"\s*\d+\s*")
_VOICE = re.compile(r"<v(?:\.[\w.]+)?\s+([^>]+)>")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<\d[\d:.]*>|\{\\[^{}]*\}|\{[a-zA-Z]:[^{}]*\}")
_DIALOGUE = re.compile(r"(?:Dialogue|Comment):\s*(?:[^,]*,){4}([^,]*),(?:[^,]*,){4}(.*)")
_ASS_TITLE = re.compile(r"Title:\s*(.+)")
_FRAMES = re.compile(r"\{\d+\}\{\d*\}")
_LYRIC = re.compile(r"\[\d+:\d+(?:[.:]\d+)?\]|<\d+:\d+(?:[.:]\d+)?>")
_LYRIC_FIELD = re.compile(r"\[(ti|ar|al|by|au|length|offset|re|ve):(.*)\]")
_LYRIC_TITLE = re.compile(r"^\s*\[ti:(.*)\]", re.MULTILINE)
ASS_ENDINGS = (".ass", ".ssa")


def read_subtitles(path: Path, content: bytes) -> Iterator[Document]:
    """One document with the lines of the file, without times, numbers and styles."""
    source, notices = decode_with_notices(content)
    lines = source.split("\n")
    is_ass = path.suffix.lower() in ASS_ENDINGS or "[Events]" in source[:20_000]
    text = "\n".join(map(_spoken_in_ass, lines) if is_ass else _spoken(lines))
    titled = _ASS_TITLE.search(source[:5000]) if is_ass else _LYRIC_TITLE.search(source[:2000])
    yield Document(text, title=titled[1].strip() if titled else "", verbatim=True, notices=notices)


def _spoken(lines: list[str]) -> Iterator[str]:
    """The lines of SubRip, WebVTT, SubViewer, MicroDVD and LRC files."""
    is_vtt = bool(lines) and lines[0].lstrip("\ufeff").startswith("WEBVTT")
    in_style = False
    for place, line in enumerate(lines):
        following = lines[place + 1] if place + 1 < len(lines) else ""
        opens_block = is_vtt and (line.startswith(("STYLE", "REGION")) or place == 0)
        in_style = line.strip() != "" and (in_style or opens_block)
        is_label = bool(_TIMES.fullmatch(following.rstrip("\r"))) and (
            place == 0 or not lines[place - 1].strip()
        )
        if place == 0 and is_vtt:
            yield _plain(line.lstrip("\ufeff").removeprefix("WEBVTT").strip(" \t-"))
        elif (
            in_style
            or _TIMES.fullmatch(line.rstrip("\r"))
            or (is_label and (is_vtt or _NUMBER.fullmatch(line)))
        ):
            yield ""
        elif found := _LYRIC_FIELD.fullmatch(line.strip()):
            yield found[2].strip() if found[1] in ("ti", "ar", "al") else ""
        else:
            yield _plain(line)


def _spoken_in_ass(line: str) -> str:
    """A line of (Advanced) SubStation Alpha."""
    found = _DIALOGUE.match(line.rstrip("\r"))
    if found is None:
        titled = _ASS_TITLE.match(line)
        return titled[1].strip() if titled else ""
    speaker, words = found[1].strip(), re.sub(r"\\[nNh]", " ", _TAG.sub("", found[2]))
    return f"{speaker}: {words}" if speaker else words


def _plain(line: str) -> str:
    line = _VOICE.sub(r"\1: ", _LYRIC.sub("", _FRAMES.sub("", line)))
    return html.unescape(_TAG.sub("", line)).replace("|", " ")
