"""Small sets of documents and questions in several languages, written for these tests.

A line is `id <tab> text` of a document, or `q <tab> ids <tab> question` with the ids of its answers.
"""

from __future__ import annotations

from pathlib import Path


def documents(language: str) -> dict[str, str]:
    """The documents of a set by id."""
    rows = (line.split("\t") for line in _lines(language))
    return {row[0]: row[1] for row in rows if row[0] != "q"}


def questions(language: str) -> list[tuple[str, set[str]]]:
    """The questions of a set, each with the ids of its answers."""
    rows = (line.split("\t") for line in _lines(language))
    return [(row[2], set(row[1].split())) for row in rows if row[0] == "q"]


def _lines(language: str) -> list[str]:
    return (Path(__file__).parent / f"{language}.tsv").read_text(encoding="utf-8").splitlines()
