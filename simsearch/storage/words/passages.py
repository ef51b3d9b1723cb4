"""Chunks as the word index holds them: the terms of each field, see analysis.py.

Each chunk has these fields: `body` (the stems of title, file name, prefix and text), `title` (the stems of the
document's title and of the words of its file's name), `exact` (whole words and identifiers such as `pg_stat_activity`,
not stemmed) and `path` (the stems of its path). `body` and `path` keep the order of their terms, for phrases.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Literal

from simsearch.storage.words.analysis import end_of_word, index_terms
from simsearch.storage.words.languages import UNKNOWN, language_of

Field = Literal["body", "title", "exact", "path"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk to index.

    Args:
        chunk: Its number, from 1.
        path: Of its file.
        title: Of its document.
        name: The file's name where the document is the whole file.
        language: Of its document, see languages.py.
    """

    chunk: int
    text: str
    path: str = ""
    title: str = ""
    name: str = ""
    prefix: str = ""
    language: str = UNKNOWN


def document_passages(
    path: str, name: str, title: str, text: str, chunks: Iterable[tuple[int, int, int, str]]
) -> Iterator[Passage]:
    """The chunks of a document.

    Args:
        path: Of its file.
        name: Document.id.
        chunks: Number, start, end and prefix of each.
    """
    language, stem = language_of(text), "" if name else PurePosixPath(path).stem
    for chunk, start, end, prefix in chunks:
        yield Passage(chunk, text[start : end_of_word(text, end)], path, title, stem, prefix, language)


def passage_terms(passage: Passage) -> dict[Field, list[str]]:
    """The terms of each field, in order."""
    language = passage.language
    title_stems, title_wholes = index_terms(passage.title, language)
    stems, wholes = index_terms(f"{passage.prefix}\n{passage.text}", language)
    names = [stem for stem in index_terms(passage.name, language)[0] if stem not in title_stems]
    return {
        "path": list(_path_stems(passage.path)),
        "title": [*title_stems, *names],
        "body": [*title_stems, *names, *stems],
        "exact": [*title_wholes, *wholes],
    }


@lru_cache(maxsize=1024)
def _path_stems(path: str) -> tuple[str, ...]:
    return tuple(index_terms(path, UNKNOWN)[0])
