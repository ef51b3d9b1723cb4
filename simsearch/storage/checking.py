"""Verifying an index: the database by itself, then every derived file against the database."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from simsearch.errors import NoIndex
from simsearch.files import hash_file
from simsearch.home import Home
from simsearch.storage.capabilities import Problem
from simsearch.storage.database.changes import next_batch
from simsearch.storage.database.connection import (
    connect_to_read,
    connect_to_write,
    explain_errors,
    transaction,
)
from simsearch.storage.database.generations import Generation, find_generation
from simsearch.storage.database.segment_records import SegmentRecord, read_segment_records
from simsearch.storage.database.vectors import read_vectors
from simsearch.storage.dense.merging import rewrite_flat, rewrite_with_lists
from simsearch.storage.dense.segments import agrees, open_segment
from simsearch.storage.leftovers import remove_leftovers
from simsearch.storage.lock import WriterLock
from simsearch.storage.protocols import LENGTH_TOLERANCE
from simsearch.storage.words.checking import words_problem
from simsearch.storage.words.upkeep import WordsUpkeep
from simsearch.wording import counted

REINDEX = "put a backup in its place, or delete it and run `simsearch index` again"
REPAIR = "`simsearch check --repair` rebuilds it from the database"


@dataclass(frozen=True, slots=True)
class Fault:
    """A problem with what fixes it; `repair` is None if nothing can be derived."""

    problem: Problem
    repair: Callable[[sqlite3.Connection], None] | None = None


def check_index(folder: Path, repair: bool) -> list[Problem]:
    """See simsearch.storage.capabilities.Checkable."""
    if not Home(folder).database.is_file():
        return []
    with explain_errors(folder), _lock_if_writable(folder, repair):
        faults = _find_all_faults(folder)
        if not repair:
            return [fault.problem for fault in faults]
        return _repair(folder, faults)


def _find_all_faults(folder: Path) -> list[Fault]:
    try:
        with closing(connect_to_read(folder)) as connection:
            return list(_find_faults(connection, folder))
    except NoIndex:
        return []
    except sqlite3.OperationalError:  # it can't be opened, which says nothing of what is in it
        raise
    except sqlite3.DatabaseError as error:
        return [Fault(Problem(f"the database is damaged: {error}", str(Home(folder).database), REINDEX))]


def _find_faults(connection: sqlite3.Connection, folder: Path) -> Iterator[Fault]:
    states = (find_generation(connection, state) for state in ("active", "building"))
    generations = [generation for generation in states if generation is not None]
    damage = list(_database(connection, folder))
    for generation in generations:
        damage += _vectors(connection, folder, generation)
    yield from damage
    if damage:
        return  # a damaged database can't judge the rest
    for generation in generations:
        yield from _counts(connection, folder, generation)
        for record in read_segment_records(connection, generation.id):
            yield from _segment(connection, folder, generation, record)
        yield from _coverage(connection, folder, generation)
        yield from _words(connection, folder, generation)


def _database(connection: sqlite3.Connection, folder: Path) -> Iterator[Fault]:
    where = str(Home(folder).database)
    for (message,) in connection.execute("PRAGMA integrity_check(3)"):
        if message != "ok":
            yield Fault(Problem(f"the database is damaged: {message}", where, REINDEX))
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check").fetchmany(3):
        what = f"row {row} of {table} refers to a row of {parent} that is gone"
        yield Fault(Problem(what, where, REINDEX))


def _counts(connection: sqlite3.Connection, folder: Path, generation: Generation) -> Iterator[Fault]:
    """The counters against what there is."""
    kept = connection.execute(
        "SELECT g.files, g.documents, g.chunks, g.pending, m.vectors FROM generations g "
        "JOIN models m ON m.id = g.model WHERE g.id = ?",
        (generation.id,),
    ).fetchone()
    there = connection.execute(_COUNT, {"generation": generation.id, "model": generation.model}).fetchone()
    for name, recorded, actual in zip(_COUNTED, kept, there, strict=True):
        if recorded != actual:
            what = f"the index records {recorded} {name}, but has {actual}"
            yield Fault(
                Problem(what, str(Home(folder).database), "`simsearch check --repair` counts again"),
                lambda connection: _recount(connection, generation),
            )
            return


def _vectors(connection: sqlite3.Connection, folder: Path, generation: Generation) -> Iterator[Fault]:
    """Length in bytes, and unit length, of every vector of the model."""
    dimension, wrong = generation.identity.dimension, 0
    for (blob,) in connection.execute(_VECTORS, (generation.model,)):
        vector = np.frombuffer(blob, "<f2").astype(np.float32) if len(blob) == 2 * dimension else None
        wrong += vector is None or not abs(float(np.linalg.norm(vector)) - 1) <= LENGTH_TOLERANCE
    if wrong:
        what = (
            f"{counted(wrong, 'vector', 'vectors')} of {generation.identity.model} without "
            f"{dimension} numbers and unit length"
        )
        yield Fault(Problem(what, str(Home(folder).database), REINDEX))


def _coverage(connection: sqlite3.Connection, folder: Path, generation: Generation) -> Iterator[Fault]:
    """Whether every chunk with a vector is in a segment, and has one."""
    (count,) = connection.execute(_WITHOUT, (generation.id,)).fetchone()
    if count:
        what = f"{counted(count, 'chunk counts as embedded but has', 'chunks count as embedded but have')} no vector"
        fix = "`simsearch check --repair` marks them, and the next `simsearch index` embeds them"
        yield Fault(
            Problem(what, str(Home(folder).database), fix),
            lambda connection: _mark_pending(connection, generation),
        )
    (count,) = connection.execute(
        "SELECT count(*) FROM chunks c WHERE generation = ? AND batch IS NOT NULL AND NOT EXISTS "
        "(SELECT 1 FROM segments s WHERE s.generation = c.generation AND c.batch BETWEEN s.first AND s.last)",
        (generation.id,),
    ).fetchone()
    if count:
        yield Fault(
            Problem(
                f"{counted(count, 'chunk is', 'chunks are')} in no FAISS file",
                str(Home(folder).segments),
                REPAIR,
            ),
            lambda connection: _cover(connection, folder, generation),
        )


def _segment(
    connection: sqlite3.Connection, folder: Path, generation: Generation, record: SegmentRecord
) -> Iterator[Fault]:
    what = _segment_problem(connection, folder, generation, record)
    if what:
        yield Fault(
            Problem(what, str(record.path(folder)), REPAIR),
            lambda connection: _rebuild_segment(connection, folder, generation, record),
        )


def _rebuild_segment(
    connection: sqlite3.Connection, folder: Path, generation: Generation, record: SegmentRecord
) -> None:
    """As the kind that it was."""
    with transaction(connection):
        if record.kind == "ivf":
            rewrite_with_lists(connection, folder, generation, record)
        else:
            rewrite_flat(connection, folder, generation, [record], record.first, record.last)


def _segment_problem(
    connection: sqlite3.Connection, folder: Path, generation: Generation, record: SegmentRecord
) -> str | None:
    try:
        segment = open_segment(connection, folder, record, generation.identity.dimension, 0)
    except (OSError, ValueError):
        return "a FAISS file is missing or damaged"
    if hash_file(record.path(folder)) != record.digest:
        return "a FAISS file was changed after it was written"
    chunks, codes = read_vectors(connection, generation, record.first, record.last)
    if not agrees(segment, chunks, codes):
        return "a FAISS file holds different vectors from the database"
    if record.rows - record.dead != len(chunks):
        return "a FAISS file has a different number of dead rows from the database"
    return None


def _words(connection: sqlite3.Connection, folder: Path, generation: Generation) -> Iterator[Fault]:
    what = words_problem(connection, folder, generation)
    if what:
        yield Fault(
            Problem(what, str(Home(folder).words / generation.words), REPAIR),
            lambda connection: _rebuild_words(connection, folder, generation),
        )


def _cover(connection: sqlite3.Connection, folder: Path, generation: Generation) -> None:
    with transaction(connection):
        every = read_segment_records(connection, generation.id)
        last = next_batch(connection, generation.id) - 1
        rewrite_flat(connection, folder, generation, every, 0, last)


def _mark_pending(connection: sqlite3.Connection, generation: Generation) -> None:
    with transaction(connection):
        connection.execute(
            f"UPDATE chunks SET batch = NULL WHERE id IN (SELECT c.id {_WITHOUT_FROM})", (generation.id,)
        )
    _recount(connection, generation)


def _repair(folder: Path, faults: list[Fault]) -> list[Problem]:
    if not any(fault.repair for fault in faults):
        return [fault.problem for fault in faults]
    with closing(connect_to_write(folder)) as connection:
        for fault in faults:
            if fault.repair:
                fault.repair(connection)
        remove_leftovers(connection, folder)
    return [
        Problem(fault.problem.what, fault.problem.where, "rebuilt" if fault.repair else fault.problem.fix)
        for fault in faults
    ]


def _recount(connection: sqlite3.Connection, generation: Generation) -> None:
    files, documents, chunks, pending, vectors = connection.execute(
        _COUNT, {"generation": generation.id, "model": generation.model}
    ).fetchone()
    with transaction(connection):
        connection.execute(
            "UPDATE generations SET files = ?, documents = ?, chunks = ?, pending = ? WHERE id = ?",
            (files, documents, chunks, pending, generation.id),
        )
        connection.execute("UPDATE models SET vectors = ? WHERE id = ?", (vectors, generation.model))


def _rebuild_words(connection: sqlite3.Connection, folder: Path, generation: Generation) -> None:
    words = WordsUpkeep(connection, folder, generation.id)
    words.rebuild()
    words.close()


@contextmanager
def _lock_if_writable(folder: Path, repair: bool) -> Iterator[None]:
    """While a writer works, files come and go; a folder that can't be written has no writer."""
    try:
        lock = WriterLock(folder)
    except OSError:
        if repair:
            raise
        yield
        return
    try:
        yield
    finally:
        lock.release()


_COUNT = """
    SELECT (SELECT count(*) FROM files WHERE generation = :generation),
           (SELECT count(*) FROM documents d JOIN files f ON f.id = d.file WHERE f.generation = :generation),
           (SELECT count(*) FROM chunks WHERE generation = :generation),
           (SELECT count(*) FROM chunks WHERE generation = :generation AND batch IS NULL),
           (SELECT count(*) FROM vectors WHERE model = :model AND vector IS NOT NULL)
"""
_COUNTED = ("files", "documents", "chunks", "pending chunks", "vectors")

_VECTORS = "SELECT vector FROM vectors WHERE model = ? AND vector IS NOT NULL"
_WITHOUT_FROM = (
    "FROM chunks c JOIN vectors v ON v.id = c.vector "
    "WHERE c.generation = ? AND c.batch IS NOT NULL AND v.vector IS NULL"
)
_WITHOUT = f"SELECT count(*) {_WITHOUT_FROM}"
