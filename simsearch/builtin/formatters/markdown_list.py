"""Hits as a list in Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from simsearch import Hit, View
from simsearch.builtin.formatters.cards import also_in, has_good_match, heading_path, place_and_id


def show_markdown(hits: Sequence[Hit], view: View) -> str:
    """A numbered list with the texts as quotations."""
    above = "" if not hits or has_good_match(hits) else "No good match. The nearest results:\n\n"
    return above + "\n\n".join(map(_item, hits)) or "Nothing found."


def _item(hit: Hit) -> str:
    ticks = "`" * (_longest_run(hit.text) + 3)
    above = heading_path(hit)
    missing = " (the file no longer exists)" if hit.missing else ""
    rows = [f"{hit.rank}. `{place_and_id(hit).replace('`', ' ')}` {hit.score:.3f}{missing}"]
    rows += [f"   {_escaped(above)}"] if above else []
    rows += [f"   {_escaped(also_in(hit))}"] if hit.folded else []
    rows += ["", f"   {ticks}text", *(f"   {row}" for row in hit.text.splitlines()), f"   {ticks}"]
    return "\n".join(rows)


def _escaped(text: str) -> str:
    return "".join(f"\\{c}" if c in r"\`*_{}[]<>#|!" else c for c in text)


def _longest_run(text: str) -> int:
    """The length of the longest run of backticks."""
    longest = run = 0
    for character in text:
        run = run + 1 if character == "`" else 0
        longest = max(longest, run)
    return longest
