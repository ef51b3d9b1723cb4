"""Format hits for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from simsearch import Hit, View
from simsearch.builtin.formatters.excerpts import Line, excerpt
from simsearch.types import Explanation, Folded, Taught
from simsearch.wording import columns, cut, one_line

LINES_SHOWN = 4
INDENT = "   "
_CHOSEN = {"question": "by the question", "learned": "learned", "asked": "as asked"}
_BOLD, _DIM, _MATCH, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[1;33m", "\x1b[0m"


def cards(hits: Sequence[Hit], view: View) -> str:
    """Each hit with its location, score, headings, and the lines with matching words."""
    blocks = ["\n".join(_card(hit, view)) for hit in hits] or ["Nothing found."]
    if hits and not has_good_match(hits):
        blocks.insert(0, "No good match. The nearest results:")
    if view.explanation:
        rows = (row for text in _describe(view.explanation) for row in textwrap.wrap(text, view.width))
        blocks.append(_styled("\n".join(rows), _DIM, view))
    return "\n\n".join(blocks)


def has_good_match(hits: Sequence[Hit]) -> bool:
    """Whether any hit is a good match; hits of which that is unknown count as good."""
    return any(hit.good_match is not False for hit in hits)


def place(hit: Hit | Folded) -> str:
    """`path:first-last`, which editors and terminals can open; `path#page=3` for a part of a file."""
    path = one_line(hit.path)
    if hit.lines is not None:
        return f"{path}:{hit.lines[0]}-{hit.lines[1]}"
    file, mark, part = hit.id.partition("#")
    return f"{path}{mark}{one_line(part)}" if file and hit.path.endswith(file) else path


def place_and_id(hit: Hit | Folded) -> str:
    """Where a hit is, with its id if that says more, as for a row of a table."""
    shown, id = place(hit), one_line(hit.id)
    return shown if hit.path.endswith(hit.id) or shown.endswith(id) else f"{shown} {id}"


def also_in(hit: Hit) -> str:
    """Where the results are that are folded into a hit; empty if there are none."""
    places = (place_and_id(other) + (" (no longer exists)" if other.missing else "") for other in hit.folded)
    return f"also in {', '.join(places)}" if hit.folded else ""


def heading_path(hit: Hit) -> str:
    """The document's title and the headings above the text in one line; the title only once."""
    title, heading = one_line(hit.title), one_line(hit.heading)
    return heading if heading.startswith(title) else " > ".join(filter(None, (title, heading)))


def _card(hit: Hit, view: View) -> Iterator[str]:
    number, score = f"{hit.rank}. ", f"{hit.score:.3f}{' · the file no longer exists' if hit.missing else ''}"
    where = place_and_id(hit)
    fits = columns(number + where) + 2 + len(score) <= view.width
    yield number + _styled(where, _BOLD, view) + (f"  {_styled(score, _DIM, view)}" if fits else "")
    if not fits:
        yield INDENT + _styled(score, _DIM, view)
    width = max(view.width - len(INDENT), 10)
    if above := heading_path(hit):
        yield INDENT + _styled(cut(above, width), _DIM, view)
    for line in excerpt(hit, width, LINES_SHOWN):
        yield INDENT + _line(line, view)
    for row in textwrap.wrap(_below(hit), width, break_on_hyphens=False):
        yield INDENT + _styled(row, _DIM, view)
    if view.explanation:
        for row in textwrap.wrap(_parts(hit), width):
            yield INDENT + _styled(row, _DIM, view)


def _below(hit: Hit) -> str:
    more = f"+{hit.others} more here" if hit.others else ""
    return " · ".join(filter(None, (more, also_in(hit))))


def _parts(hit: Hit) -> str:
    return " · ".join(_part(name, score, hit.ranks.get(name)) for name, score in hit.scores.items())


def _part(name: str, score: float, rank: int | None) -> str:
    if name == "judged":
        return f"{name} {score:+.3f}"
    return f"{name} {score:.3f} ({f'rank {rank}' if rank else 'not among the best'})"


def _describe(explanation: Explanation) -> Iterator[str]:
    fusion = f", {explanation.fusion}" if explanation.fusion else ""
    weight = (
        f" ({explanation.weight:g} dense, {_CHOSEN[explanation.weight_by]})" if explanation.weight_by else ""
    )
    found = ", ".join(f"{count} {name}" for name, count in explanation.candidates.items())
    allowed = "" if explanation.allowed is None else f"{explanation.allowed} allowed of "
    yield f"{explanation.mode}{fusion}{weight}: {found or 'nothing'}"
    yield f"index: {allowed}{explanation.chunks} chunks, {explanation.index}"
    if explanation.taught:
        yield f"taught: {_describe_taught(explanation.taught)}"
    times = (f"{step} {taken:.1f}" for step, taken in explanation.milliseconds.items())
    yield f"ms: {', '.join(times)}"


def _describe_taught(taught: Taught) -> str:
    near = [f"{one_line(id)} {nearness:+.2f}" for id, nearness in taught.documents.items()]
    documents = f"judged for a near question: {', '.join(near)}" if near else "no judged question is near"
    return "; ".join([*(["linear map"] if taught.linear_map else []), documents])


def _line(line: Line, view: View) -> str:
    return "".join(_styled(text, _MATCH, view) if matched else text for text, matched in line)


def _styled(words: str, style: str, view: View) -> str:
    return f"{style}{words}{_PLAIN}" if view.colour and words else words
