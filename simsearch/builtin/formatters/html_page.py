"""Hits as one page without scripts that loads nothing."""

from __future__ import annotations

import html
from collections.abc import Sequence

from simsearch import Hit, View
from simsearch.builtin.formatters.cards import also_in, has_good_match, heading_path, place_and_id

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


def show_page(hits: Sequence[Hit], view: View) -> str:
    """The page."""
    none = (
        "" if hits and has_good_match(hits) else f"<p>{'No good match.' if hits else 'Nothing found.'}</p>\n"
    )
    body = none + "\n".join(map(_article, hits))
    return _PAGE.format(body=body)


def _article(hit: Hit) -> str:
    above, folded = html.escape(heading_path(hit)), html.escape(also_in(hit))
    missing = " · the file no longer exists" if hit.missing else ""
    return (
        f"<article><h2>{html.escape(place_and_id(hit))} <small>{hit.score:.3f}{missing}</small></h2>"
        f"<p>{above}</p><pre>{_marked(hit)}</pre>{f'<p>{folded}</p>' if folded else ''}</article>"
    )


def _marked(hit: Hit) -> str:
    """The text with matching words in <mark>."""
    parts, at = [], 0
    for start, end in hit.matched:
        parts += [html.escape(hit.text[at:start]), f"<mark>{html.escape(hit.text[start:end])}</mark>"]
        at = end
    text = "".join([*parts, html.escape(hit.text[at:])])
    return "".join(c for c in text if c.isprintable() or c in "\n\t")
