"""Hits as lines, for other programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simsearch import Hit, View
from simsearch.types import Folded
from simsearch.wording import one_line


def show_paths(hits: Sequence[Hit], view: View) -> str:
    """The paths, each once; those of folded results follow the hit that they are folded into."""
    return "\n".join(dict.fromkeys(path for hit in hits for path in (hit.path, *hit.duplicates)))


def show_matching_lines(hits: Sequence[Hit], view: View) -> str:
    """The line of each hit with the first matching word, or its first line; one for each folded result too."""
    return "\n".join(row for hit in hits for row in _rows(hit))


def _rows(hit: Hit) -> Iterator[str]:
    at = hit.matched[0][0] if hit.matched else 0
    start = hit.text.rfind("\n", 0, at) + 1
    line, before = one_line(hit.text[start:].split("\n", 1)[0]), hit.text.count("\n", 0, start)
    places: Sequence[Hit | Folded] = (hit, *hit.folded)
    for place in places:
        number = "" if place.lines is None else f"{min(place.lines[0] + before, place.lines[1])}:"
        yield f"{place.path}:{number}{line}"
