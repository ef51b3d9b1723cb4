"""The id of a document, from what a store keeps of it."""

from __future__ import annotations

import posixpath


def document_id(name: str, path: str, root: str) -> str:
    """A document's id: its own, its file's, or its part's behind its file's (`docs/report.pdf#page=3`)."""
    return name if name and not name.startswith("#") else f"{_relative(path, root)}{name}"


def _relative(path: str, root: str) -> str:
    """A file's path below the parent of the root it was found under."""
    return posixpath.relpath(path, posixpath.dirname(root) or ".")
