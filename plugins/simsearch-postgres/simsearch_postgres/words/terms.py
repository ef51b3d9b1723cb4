"""Reading postings: each question asks the server once for all its terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from simsearch.storage.words.clauses import quote_terms
from simsearch.storage.words.languages import UNKNOWN
from simsearch.storage.words.passages import Field
from simsearch.types import Rows
from simsearch_postgres.session import Connection, one
from simsearch_postgres.words.postings import CHUNK, COUNT, FIELDS, NUMBERS, POSITION, Postings

Key = tuple[Field, str]

_OF_TERMS = """
    SELECT p.field, p.term, p.chunks, p.counts, p.lengths
    FROM unnest(%s::smallint[], %s::text[]) asked (field, term)
    JOIN postings p ON p.generation = %s AND p.field = asked.field AND p.term = asked.term ORDER BY p.run
"""


class TermReader:
    """The postings of one generation, and what clauses depend on in it (simsearch.storage.words.clauses.Terms)."""

    def __init__(self, connection: Connection, generation: int) -> None:
        self._connection = connection
        self._generation = generation

    @cached_property
    def chunks(self) -> int:
        """How many chunks have postings, dead ones too."""
        (chunks,) = one(
            self._connection,
            "SELECT coalesce(sum(chunks), 0) FROM runs WHERE generation = %s",
            self._generation,
        )
        return int(chunks)

    @cached_property
    def bounds(self) -> tuple[int, int]:
        """The lowest number of a chunk, and one above the highest."""
        (low,) = one(
            self._connection,
            "SELECT coalesce(min(first), 0) FROM runs WHERE generation = %s",
            self._generation,
        )
        (high,) = one(self._connection, "SELECT chunk FROM numbers")
        return int(low), int(high)

    def average(self, field: Field) -> float:
        """The mean number of terms in a field."""
        return self._lengths.get(NUMBERS[field], 0) / max(self.chunks, 1)

    @cached_property
    def language_counts(self) -> dict[str, int]:
        """How many chunks are in each language, the most frequent first."""
        rows = self._connection.execute(
            'SELECT language, chunks FROM languages WHERE generation = %s ORDER BY chunks DESC, language COLLATE "C"',
            (self._generation,),
        )
        return dict(rows.fetchall())

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.language_counts) or (UNKNOWN,)

    def count(self, field: Field, term: str) -> int:
        (count,) = one(
            self._connection,
            "SELECT coalesce(sum(count), 0) FROM postings WHERE generation = %s AND field = %s AND term = %s",
            self._generation, NUMBERS[field], term,
        )  # fmt: skip
        return int(count)

    def beginning(self, field: Field, prefix: str, limit: int) -> list[str]:
        rows = self._connection.execute(
            "SELECT term FROM postings WHERE generation = %s AND field = %s AND starts_with(term, %s) AND term >= %s "
            "GROUP BY term ORDER BY sum(count) DESC, term LIMIT %s",
            (self._generation, NUMBERS[field], prefix, prefix, limit),
        )
        return [term for (term,) in rows]

    def postings(self, keys: Sequence[Key]) -> dict[Key, Postings]:
        """The postings of some terms, those that exist."""
        parts: dict[Key, list[tuple[bytes, bytes, bytes]]] = {}
        fields, terms = [NUMBERS[field] for field, _ in keys], [term for _, term in keys]
        rows = self._connection.execute(_OF_TERMS, (fields, terms, self._generation), binary=True)
        for field, term, *arrays in rows:
            parts.setdefault((FIELDS[field], term), []).append((arrays[0], arrays[1], arrays[2]))
        return {key: _join(some) for key, some in parts.items()}

    def positions(self, field: Field, terms: Sequence[str]) -> dict[str, NDArray[np.uint16]]:
        """Where each chunk of a term's postings has it, one after the other."""
        rows = self._connection.execute(
            "SELECT term, string_agg(positions, ''::bytea ORDER BY run) FROM postings "
            "WHERE generation = %s AND field = %s AND term = ANY(%s) GROUP BY term",
            (self._generation, NUMBERS[field], list(terms)),
            binary=True,
        )
        return {term: np.frombuffer(positions, POSITION) for term, positions in rows}

    def chunks_matching(self, field: Field, pattern: str) -> NDArray[np.uint32]:
        """The chunks with a term that matches a regular expression as a whole, ascending."""
        rows = self._connection.execute(
            "SELECT chunks FROM postings WHERE generation = %s AND field = %s AND term ~ %s",
            (self._generation, NUMBERS[field], f"^(?:{pattern})$"),
            binary=True,
        )
        return _union(chunks for (chunks,) in rows)

    def having(self, quote: str) -> Iterator[Rows]:
        """For each word of a quote the chunks that may have it, int64 ascending, the rarest word first."""
        words = quote_terms(quote, self.languages)
        found = self.postings(list(dict.fromkeys(key for word in words for key in word)))
        chunks = [_union(found[key].chunks.tobytes() for key in word if key in found) for word in words]
        yield from (some.astype(np.int64) for some in sorted(chunks, key=len))

    @cached_property
    def _lengths(self) -> dict[int, int]:
        rows = self._connection.execute(
            "SELECT field, terms FROM lengths WHERE generation = %s", (self._generation,)
        )
        return dict(rows.fetchall())


def _join(parts: Sequence[tuple[bytes, bytes, bytes]]) -> Postings:
    chunks, counts, lengths = (b"".join(part) for part in zip(*parts, strict=True))
    return Postings(
        np.frombuffer(chunks, CHUNK), np.frombuffer(counts, COUNT), np.frombuffer(lengths, np.uint8)
    )


def _union(parts: Iterable[bytes]) -> NDArray[np.uint32]:
    return np.unique(np.frombuffer(b"".join(parts), CHUNK))
