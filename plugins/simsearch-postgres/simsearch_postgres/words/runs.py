"""Runs: each commit writes the postings of its new chunks as one run, and joins it with earlier ones of its size.

A run is joined with those before it as long as they are not much larger, so that there are few runs and each posting is
written only a few times. The server joins them by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from simsearch_postgres.session import Connection, one
from simsearch_postgres.words.postings import NUMBERS, RunBuilder

GROWTH = 2
"""A run is joined with what follows it unless it is this many times as large."""

_JOIN = """
    INSERT INTO postings (generation, field, term, run, count, chunks, counts, lengths, positions)
    SELECT generation, field, term, %(new)s, sum(count), string_agg(chunks, ''::bytea ORDER BY run),
           string_agg(counts, ''::bytea ORDER BY run), string_agg(lengths, ''::bytea ORDER BY run),
           string_agg(positions, ''::bytea ORDER BY run)
    FROM postings WHERE generation = %(generation)s AND run = ANY(%(old)s) GROUP BY generation, field, term
"""


def write_run(connection: Connection, generation: int, run: RunBuilder) -> None:
    """Write the postings of new chunks, whose numbers are above those of all earlier runs."""
    number = _next_run(connection)
    with connection.cursor().copy(
        "COPY postings (generation, field, term, run, count, chunks, counts, lengths, positions) FROM STDIN"
    ) as copy:
        for field, term, count, *arrays in run.rows():
            copy.write_row((generation, field, term, number, count, *arrays))
    connection.execute(
        "INSERT INTO runs (id, generation, first, chunks) VALUES (%s, %s, %s, %s)",
        (number, generation, run.first, run.chunks),
    )
    for name, terms in run.terms.items():
        connection.execute(
            "INSERT INTO lengths (generation, field, terms) VALUES (%s, %s, %s) "
            "ON CONFLICT (generation, field) DO UPDATE SET terms = lengths.terms + excluded.terms",
            (generation, NUMBERS[name], terms),
        )
    for language, chunks in run.languages.items():
        connection.execute(
            "INSERT INTO languages (generation, language, chunks) VALUES (%s, %s, %s) "
            "ON CONFLICT (generation, language) DO UPDATE SET chunks = languages.chunks + excluded.chunks",
            (generation, language, chunks),
        )


def join_runs(connection: Connection, generation: int) -> None:
    """Join the latest runs, as far as they are of similar size."""
    runs = connection.execute(
        "SELECT id, chunks, first FROM runs WHERE generation = %s ORDER BY id DESC", (generation,)
    ).fetchall()
    together = _similar([chunks for _, chunks, _ in runs])
    if together < 2:
        return
    old, number = [run for run, *_ in runs[:together]], _next_run(connection)
    connection.execute(_JOIN, {"new": number, "generation": generation, "old": old})
    connection.execute("DELETE FROM postings WHERE generation = %s AND run = ANY(%s)", (generation, old))
    connection.execute("DELETE FROM runs WHERE id = ANY(%s)", (old,))
    connection.execute(
        "INSERT INTO runs (id, generation, first, chunks) VALUES (%s, %s, %s, %s)",
        (number, generation, runs[together - 1][2], sum(chunks for _, chunks, _ in runs[:together])),
    )


def delete_runs(connection: Connection, generation: int) -> None:
    """Delete all postings of a generation, and what was counted of them."""
    for table in ("postings", "runs", "lengths", "languages"):
        connection.execute(f"DELETE FROM {table} WHERE generation = %s", (generation,))
    connection.execute("UPDATE generations SET dead = 0 WHERE id = %s", (generation,))


def _similar(sizes: Sequence[int]) -> int:
    """How many of the latest runs to join; sizes are from the latest to the earliest."""
    together, count = 0, 0
    for size in sizes:
        if count and size > GROWTH * together:
            break
        together, count = together + size, count + 1
    return count


def _next_run(connection: Connection) -> int:
    (number,) = one(connection, "UPDATE numbers SET run = run + 1 RETURNING run - 1")
    return int(number)
