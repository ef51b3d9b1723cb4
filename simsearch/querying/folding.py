"""Fold results: decide which texts are shown as one. By default only equal texts; with --fold near-duplicates too."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath
from typing import Protocol

from simsearch.near_duplicates import Shingles, nearly_same, normalise, shingles_of
from simsearch.storage.protocols import ChunkRecord


class Folding(Protocol):
    """Remembers what is shown, to find what a later text folds into."""

    def find(self, record: ChunkRecord) -> int | None:
        """The index of the shown text that this one folds into; None if it has to be shown itself."""

    def add(self, record: ChunkRecord) -> None:
        """Remember a text that is shown."""


class EqualTexts:
    """Folds texts that are equal except for white space, with equal titles and headings. Digits count: three invoices
    that differ in their number are three results."""

    def __init__(self) -> None:
        self._shown: dict[tuple[str, str, str], int] = {}

    def find(self, record: ChunkRecord) -> int | None:
        return self._shown.get(_key(record))

    def add(self, record: ChunkRecord) -> None:
        self._shown[_key(record)] = len(self._shown)


class NearDuplicateTexts:
    """Folds texts that are nearly the same, see simsearch.near_duplicates."""

    def __init__(self) -> None:
        self._shown: list[Shingles] = []

    def find(self, record: ChunkRecord) -> int | None:
        shingles = shingles_of(normalise(record.text))
        return next((i for i, other in enumerate(self._shown) if nearly_same(shingles, other)), None)

    def add(self, record: ChunkRecord) -> None:
        self._shown.append(shingles_of(normalise(record.text)))


def _key(record: ChunkRecord) -> tuple[str, str, str]:
    path = PurePosixPath(record.path)
    title = "" if record.title in (path.name, path.stem) else record.title
    return _plain(title), _plain(record.prefix), _plain(record.text)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))
