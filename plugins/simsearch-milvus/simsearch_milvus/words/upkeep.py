"""What the end of a run does for keyword search: it keeps terms, their counts and the weights of chunks up to date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from simsearch.storage.words.word_files import ANALYSIS
from simsearch_milvus.changes import Tally, lowest_of
from simsearch_milvus.connecting import AT_ONCE, Connection
from simsearch_milvus.numbers import NEVER
from simsearch_milvus.records import Collections, Reader, StoredChunk
from simsearch_milvus.state import LIVING, Generation
from simsearch_milvus.words.terms import NAMES, Key, sum_all, term_rows
from simsearch_milvus.words.weights import MOST_STRETCH, chunk_weights, stretch

FEW_TERMS = 10_000
"""Rows of terms that may be added before all are summed up."""


def keep_words(
    connection: Connection, of: Collections, generation: Generation, numbers: Iterator[int], commit: int
) -> Generation:
    """Renew what needs it, and return the generation with what was changed.

    Args:
        numbers: For the rows.
        commit: The one that shows it.
    """
    if not generation.analysed:
        generation, counts = _analyse(connection, of, generation)
        generation = _write_sums(connection, of, generation, numbers, commit, counts)
        generation = _write_weights(connection, of, generation)
    if stretch(generation.averages(), generation.lowest) > MOST_STRETCH:  # searches would take longer
        generation = _write_weights(connection, of, generation)
    if generation.added > max(generation.summed, FEW_TERMS):  # questions would take longer
        counts = sum_all(connection, of.lookup, generation)
        generation = _write_sums(connection, of, generation, numbers, commit, counts)
    return generation


def _analyse(
    connection: Connection, of: Collections, generation: Generation
) -> tuple[Generation, Counter[Key]]:
    """Analyse all texts again, since another version of the analysis made their terms; the counts of all rows."""
    tally = Tally()
    for chunks in _every_chunk(connection, of):
        for chunk in chunks:
            tally.add_chunk(chunk.terms(), chunk.of_document["language"], pending=False)
    before = sum_all(connection, of.lookup, generation)
    names = Counter({key: count for key, count in before.items() if key[0] == NAMES})
    lengths, languages = dict(tally.lengths), dict(tally.languages)
    renewed = replace(generation, lengths=lengths, languages=languages, analysis=ANALYSIS)
    return renewed, tally.terms + names


def _write_sums(
    connection: Connection,
    of: Collections,
    generation: Generation,
    numbers: Iterator[int],
    commit: int,
    counts: Counter[Key],
) -> Generation:
    """Let these counts take the place of all rows of terms written so far."""
    first = next(numbers)
    rows = term_rows(counts, numbers)
    connection.insert(of.lookup, rows)
    return replace(generation, first_term=first, summed=len(rows), summed_in=commit, added=0)


def _write_weights(connection: Connection, of: Collections, generation: Generation) -> Generation:
    """Compute the weights of all chunks by the average lengths of now."""
    averages = generation.averages()
    for chunks in _every_chunk(connection, of):
        rows = [{"number": one.number, "words": chunk_weights(one.terms(), averages)} for one in chunks]
        connection.change_each(of.chunks, rows)
    return replace(generation, lowest=lowest_of({}, averages))


def _every_chunk(connection: Connection, of: Collections) -> Iterator[Iterable[StoredChunk]]:
    """The chunks, as many at once as the server gives."""
    numbers = list(connection.every_number(of.chunks, LIVING))
    for start in range(0, len(numbers), AT_ONCE):
        yield Reader(connection, of, NEVER - 1, NEVER).chunks(numbers[start : start + AT_ONCE]).values()
