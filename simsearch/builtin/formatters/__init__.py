"""Built-in formatters of hits."""

from __future__ import annotations

import csv
import html as entities
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from simsearch import Component, Hit, View, hookimpl
from simsearch.builtin.formatters.cards import also_in, cards, has_good_match, heading_path, place_and_id
from simsearch.types import Folded, Formatter
from simsearch.wording import one_line

COLUMNS = ("rank", "score", "path", "first_line", "last_line", "id", "title", "heading", "text",
           "good_match", "missing", "duplicates", "duplicate_ids")  # fmt: skip
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


@hookimpl
def simsearch_formatters() -> list[Component]:
    return [
        Component("text", "For people: path:lines, score, and the text", text),
        Component("json", "One JSON list", json_list),
        Component("jsonl", "One JSON object per line", json_lines),
        Component("csv", "One row per hit, for spreadsheets", table),
        Component("paths", "Only the paths, each once, for other programs", paths),
        Component("grep", "path:line:text, like grep", grep),
        Component("markdown", "A numbered list with quotations", markdown),
        Component("html", "A self-contained page", html),
    ]


def text() -> Formatter:
    """For people: path and lines, score, headings, and the part of the text that matches best."""
    return cards


def json_list() -> Formatter:
    """A list; with --explain an object with `hits` and `explanation`."""

    def show(hits: Sequence[Hit], view: View) -> str:
        rows = [as_json(hit) for hit in hits]
        shown = {"hits": rows, "explanation": asdict(view.explanation)} if view.explanation else rows
        return json.dumps(shown, indent=2, ensure_ascii=False)

    return show


def json_lines() -> Formatter:
    """One JSON object on each line, with the same keys as the format json."""
    return lambda hits, view: "\n".join(json.dumps(as_json(hit), ensure_ascii=False) for hit in hits)


def table(formulas: bool = False) -> Formatter:
    """Rows with a header.

    Args:
        formulas: Keep texts that a spreadsheet would take for formulas as they are; otherwise they are prefixed with '.
    """

    def safe(value: Any) -> Any:
        risky = isinstance(value, str) and value.startswith(_FORMULAS) and not formulas
        return f"'{value}" if risky else value

    def show(hits: Sequence[Hit], view: View) -> str:
        written = io.StringIO()
        writer = csv.writer(written, lineterminator="\n")
        writer.writerow(COLUMNS)
        for hit in hits:
            first, last = hit.lines or ("", "")
            cells = (
                hit.rank,
                hit.score,
                hit.path,
                first,
                last,
                hit.id,
                hit.title,
                hit.heading,
                hit.text,
                "" if hit.good_match is None else str(hit.good_match).lower(),
                str(hit.missing).lower(),
                "\n".join(hit.duplicates),
                "\n".join(other.id for other in hit.folded),
            )
            writer.writerow([safe(cell) for cell in cells])
        return written.getvalue().rstrip("\n")

    return show


def paths() -> Formatter:
    """Those of folded results follow the hit that they are folded into."""
    return lambda hits, view: "\n".join(
        dict.fromkeys(path for hit in hits for path in (hit.path, *hit.duplicates))
    )


def grep() -> Formatter:
    """The line of each hit with the first matching word, or its first line; one for each folded result too."""

    def rows(hit: Hit) -> Iterator[str]:
        at = hit.matched[0][0] if hit.matched else 0
        start = hit.text.rfind("\n", 0, at) + 1
        line, before = one_line(hit.text[start:].split("\n", 1)[0]), hit.text.count("\n", 0, start)
        places: Sequence[Hit | Folded] = (hit, *hit.folded)
        for place in places:
            number = "" if place.lines is None else f"{min(place.lines[0] + before, place.lines[1])}:"
            yield f"{place.path}:{number}{line}"

    return lambda hits, view: "\n".join(row for hit in hits for row in rows(hit))


def markdown() -> Formatter:
    """A numbered list with the texts as quotations."""

    def item(hit: Hit) -> str:
        ticks = "`" * (_longest_run(hit.text) + 3)
        above = heading_path(hit)
        missing = " (the file no longer exists)" if hit.missing else ""
        rows = [f"{hit.rank}. `{place_and_id(hit).replace('`', ' ')}` {hit.score:.3f}{missing}"]
        rows += [f"   {_escaped(above)}"] if above else []
        rows += [f"   {_escaped(also_in(hit))}"] if hit.folded else []
        rows += ["", f"   {ticks}text", *(f"   {row}" for row in hit.text.splitlines()), f"   {ticks}"]
        return "\n".join(rows)

    def show(hits: Sequence[Hit], view: View) -> str:
        above = "" if not hits or has_good_match(hits) else "No good match. The nearest results:\n\n"
        return above + "\n\n".join(map(item, hits)) or "Nothing found."

    return show


def html() -> Formatter:
    """One page without scripts that loads nothing."""

    def article(hit: Hit) -> str:
        above, folded = entities.escape(heading_path(hit)), entities.escape(also_in(hit))
        missing = " · the file no longer exists" if hit.missing else ""
        return (
            f"<article><h2>{entities.escape(place_and_id(hit))} <small>{hit.score:.3f}{missing}</small></h2>"
            f"<p>{above}</p><pre>{_marked(hit)}</pre>{f'<p>{folded}</p>' if folded else ''}</article>"
        )

    def show(hits: Sequence[Hit], view: View) -> str:
        none = (
            ""
            if hits and has_good_match(hits)
            else f"<p>{'No good match.' if hits else 'Nothing found.'}</p>\n"
        )
        body = none + "\n".join(map(article, hits))
        return _PAGE.format(body=body)

    return show


def as_json(hit: Hit) -> dict[str, Any]:
    """A hit with the keys that scripts rely on."""
    return asdict(hit)


def _marked(hit: Hit) -> str:
    """The text with matching words in <mark>."""
    parts, at = [], 0
    for start, end in hit.matched:
        parts += [entities.escape(hit.text[at:start]), f"<mark>{entities.escape(hit.text[start:end])}</mark>"]
        at = end
    text = "".join([*parts, entities.escape(hit.text[at:])])
    return "".join(c for c in text if c.isprintable() or c in "\n\t")


def _escaped(text: str) -> str:
    return "".join(f"\\{c}" if c in r"\`*_{}[]<>#|!" else c for c in text)


def _longest_run(text: str) -> int:
    """The length of the longest run of backticks."""
    longest = run = 0
    for character in text:
        run = run + 1 if character == "`" else 0
        longest = max(longest, run)
    return longest


_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>simsearch</title>
<style>
:root {{ color-scheme: light dark; font-family: system-ui, sans-serif }}
body {{ max-width: 50rem; margin: 2rem auto; padding: 0 1rem }}
pre {{ white-space: pre-wrap; overflow-wrap: anywhere }}
small, p {{ opacity: .7; font-weight: normal }}
</style>
{body}
</html>"""
