"""Templates to HTML. Every value is escaped; texts of documents also show their control characters, and never run
right to left into what stands around them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

Span = tuple[int, int]
"""Characters [start, end)."""

_STATIC = Path(__file__).parent / "static"
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that change the order in which what follows is shown."""


def render(template: str, **values: Any) -> str:
    """A template with its values."""
    return _environment().get_template(template).render(values)


def visible(text: object) -> Markup:
    """A text with the names of its hidden characters in their place."""
    pieces, at = [], 0
    given = str(text)
    for match in _HIDDEN.finditer(given):
        pieces += [escape(given[at : match.start()]), _name_character(match[0])]
        at = match.end()
    return Markup("").join([*pieces, escape(given[at:])])


def marked(text: str, spans: Sequence[Span]) -> Markup:
    """A text with some of its characters in <mark>."""
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    pieces = (
        Markup("<mark>{}</mark>").format(visible(text[start:end])) if number % 2 else visible(text[start:end])
        for number, (start, end) in enumerate(pairwise(edges))
    )
    return Markup("").join(pieces)


def one(count: int, singular: str, plural: str | None = None) -> str:
    """A count with its noun: `1 file`, `2,000 files`."""
    return f"{count:,} {singular if count == 1 else plural or singular + 's'}"


def _name_character(character: str) -> Markup:
    return Markup('<span class="hidden-character" title="A hidden character">U+{:04X}</span>').format(
        ord(character)
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("simsearch_serve.pages", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"visible": visible, "one": one, "bytes": _size}
    environment.globals |= {"marked": marked, "static": _address_of_static}
    return environment


@cache
def _address_of_static(name: str) -> str:
    """Where a static file is; another address for another content, so that no browser shows an old one."""
    digest = hashlib.sha256((_STATIC / name).read_bytes()).hexdigest()
    return f"/static/{name}?{digest[:12]}"


def _size(count: int) -> str:
    return f"{count / 1e6:,.1f} MB" if count >= 100_000 else f"{count / 1e3:,.1f} kB"


def clip(text: str, spans: Iterable[Span], most: int, before: int = 80) -> tuple[str, list[Span]]:
    """At most `most` characters of a text, from a little before its first marked ones, with the spans in them."""
    known = list(spans)
    if len(text) <= most:
        return text, known
    first = known[0][0] if known else 0
    start = max(0, min(first - before, len(text) - most))
    start = text.find(" ", start, first) + 1 or start if start else 0
    end = start + most
    front, back = "… " if start else "", " …" if end < len(text) else ""
    moved = [(a - start + len(front), min(b, end) - start + len(front)) for a, b in known if start <= a < end]
    return f"{front}{text[start:end].rstrip()}{back}", moved
