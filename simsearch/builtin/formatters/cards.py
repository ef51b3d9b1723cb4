"""Format hits for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from simsearch import Hit, View
from simsearch.builtin.formatters.excerpts import Line, excerpt
from simsearch.types import Explanation
from simsearch.wording import columns, cut, one_line

LINES_SHOWN = 4
INDENT = "   "
GOOD_MATCH = 0.5
_CHOSEN = {"question": "by the question", "learned": "learned", "asked": "as asked"}
_BOLD, _DIM, _MATCH, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[1;33m", "\x1b[0m"


def cards(hits: Sequence[Hit], view: View) -> str:
    """Each hit with its location, confidence, headings, and the lines with matching words."""
    blocks = ["\n".join(_card(hit, view)) for hit in hits] or ["Nothing found."]
    if hits and not has_good_match(hits):
        blocks.insert(0, "No good match. The nearest results:")
    if view.explanation:
        rows = (row for text in _describe(view.explanation) for row in textwrap.wrap(text, view.width))
        blocks.append(_styled("\n".join(rows), _DIM, view))
    return "\n\n".join(blocks)


def has_good_match(hits: Sequence[Hit]) -> bool:
    """Whether any hit is a good match; hits without a confidence count as good."""
    return any(hit.confidence is None or hit.confidence >= GOOD_MATCH for hit in hits)


def place(hit: Hit) -> str:
    """`path:first-last`, which editors and terminals can open; `path#page=3` for a part of a file."""
    path = one_line(hit.path)
    if hit.lines is not None:
        return f"{path}:{hit.lines[0]}-{hit.lines[1]}"
    file, mark, part = hit.id.partition("#")
    return f"{path}{mark}{one_line(part)}" if file and hit.path.endswith(file) else path


def heading_path(hit: Hit) -> str:
    """The document's title and the headings above the text in one line; the title only once."""
    title, heading = one_line(hit.title), one_line(hit.heading)
    return heading if heading.startswith(title) else " > ".join(filter(None, (title, heading)))


def _card(hit: Hit, view: View) -> Iterator[str]:
    number, score = f"{hit.rank}. ", _score(hit)
    where = place(hit) if hit.path.endswith(hit.id) else f"{place(hit)} {one_line(hit.id)}"
    fits = columns(number + where) + 2 + len(score) <= view.width
    yield number + _styled(where, _BOLD, view) + (f"  {_styled(score, _DIM, view)}" if fits else "")
    if not fits:
        yield INDENT + _styled(score, _DIM, view)
    width = max(view.width - len(INDENT), 10)
    if above := heading_path(hit):
        yield INDENT + _styled(cut(above, width), _DIM, view)
    for line in excerpt(hit, width, LINES_SHOWN):
        yield INDENT + _line(line, view)
    if below := _below(hit):
        yield INDENT + _styled(cut(below, width), _DIM, view)
    if view.explanation:
        for row in textwrap.wrap(_parts(hit), width):
            yield INDENT + _styled(row, _DIM, view)


def _score(hit: Hit) -> str:
    sure = "" if hit.confidence is None else f" · {hit.confidence:.0%} sure"
    return f"{hit.score:.3f}{sure}"


def _below(hit: Hit) -> str:
    more = f"+{hit.others} more here" if hit.others else ""
    same = f"same text in {', '.join(map(one_line, hit.duplicates))}" if hit.duplicates else ""
    return " · ".join(filter(None, (more, same)))


def _parts(hit: Hit) -> str:
    return " · ".join(
        f"{name} {score:.3f}"
        + (f" (rank {hit.ranks[name]})" if name in hit.ranks else " (not among the best)")
        for name, score in hit.scores.items()
    )


def _describe(explanation: Explanation) -> Iterator[str]:
    fusion = f", {explanation.fusion}" if explanation.fusion else ""
    weight = (
        f" ({explanation.weight:g} dense, {_CHOSEN[explanation.weight_by]})" if explanation.weight_by else ""
    )
    found = ", ".join(f"{count} {name}" for name, count in explanation.candidates.items())
    allowed = "" if explanation.allowed is None else f"{explanation.allowed} allowed of "
    yield f"{explanation.mode}{fusion}{weight}: {found or 'nothing'}"
    yield f"index: {allowed}{explanation.chunks} chunks, {explanation.index}"
    times = (f"{step} {taken:.1f}" for step, taken in explanation.milliseconds.items())
    yield f"ms: {', '.join(times)}"


def _line(line: Line, view: View) -> str:
    return "".join(_styled(text, _MATCH, view) if matched else text for text, matched in line)


def _styled(words: str, style: str, view: View) -> str:
    return f"{style}{words}{_PLAIN}" if view.colour and words else words
