"""Who wrote a file, when, and about what, as its properties say."""

from __future__ import annotations

from typing import Any

from simsearch_office.flow import one_line
from simsearch_office.ooxml.elements import name_of
from simsearch_office.ooxml.packages import Package

_KEYS = {
    "creator": "author",
    "language": "language",
    "subject": "subject",
    "keywords": "keywords",
    "category": "category",
    "description": "comments",
}


def title_and_metadata(package: Package) -> tuple[str, dict[str, Any]]:
    """The title, which may be empty; author, date, language, subject, keywords, category and comments where known."""
    found = {}
    for name in package.related("", "core-properties"):
        root = package.xml(name)
        found = {} if root is None else {name_of(e): one_line(e.text or "") for e in root}
    metadata = {key: found[name] for name, key in _KEYS.items() if found.get(name)}
    if date := found.get("modified") or found.get("created"):
        metadata["date"] = date.replace("Z", "+00:00")
    return found.get("title", ""), metadata
