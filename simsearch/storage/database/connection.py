"""Opening the SQLite database for one writer or for readers, and what its errors mean to the user."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from simsearch.errors import NoIndex, OtherFormat, StorageError
from simsearch.home import Home
from simsearch.storage.database.schema import FORMAT, TABLES

MAPPED = 1 << 31
"""Bytes of the file at most, about as much as SQLite allows; the rest is read page by page."""

MAY_BE_FULL = "the disk may be full"
"""What libraries are made to say that give no number of the system's error."""

_FULL = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}
_NOT_WRITTEN = ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE")
_DENIED = ("readonly", "read-only", "unable to open")
_DAMAGED = ("malformed", "not a database", "disk image", "no such table", "no such column", "has no column")


def connect_to_write(folder: Path) -> sqlite3.Connection:
    """Open the database for the one writer; made if there is none."""
    from simsearch.storage.database.fields import define_field_values  # readers do without dates and numbers

    connection = _connect(f"{Home(folder).database.resolve().as_uri()}?mode=rwc")
    try:
        has_tables = _has_tables(connection, folder)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cache_size = -65536")
        define_field_values(connection)
        if not has_tables:
            connection.executescript(f"BEGIN IMMEDIATE; {TABLES} PRAGMA user_version = {FORMAT}; COMMIT;")
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is written in here or, where the disk is full or the user stops it, nothing."""
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        yield


def connect_to_read(folder: Path) -> sqlite3.Connection:
    """Open the database without changing anything, also in a folder that can't be written.

    Raises:
        NoIndex: There is none, or it is deleted meanwhile.
        sqlite3.Error: It can't be opened.
    """
    try:
        return _connect_to_read(folder)
    except sqlite3.OperationalError:
        if Home(folder).database.exists():
            raise
        raise NoIndex(no_index(folder)) from None


def identify_database(folder: Path) -> tuple[int, int]:
    """What tells the database from another one that is put in its place: its device and number there.

    Raises:
        NoIndex: There is none.
    """
    try:
        state = Home(folder).database.stat()
    except FileNotFoundError:
        raise NoIndex(no_index(folder)) from None
    return state.st_dev, state.st_ino


def _connect_to_read(folder: Path) -> sqlite3.Connection:
    uri = Home(folder).database.resolve().as_uri()
    try:
        return _map_file(_demand_tables(_connect(f"{uri}?mode=ro"), folder))
    except sqlite3.OperationalError:
        # WAL mode needs its side files, which a read-only folder can't have. Without pending changes
        # in the log the database alone is whole.
        log = Path(f"{Home(folder).database}-wal")
        if log.exists() and log.stat().st_size:
            raise
        return _map_file(_demand_tables(_connect(f"{uri}?immutable=1"), folder))


def _map_file(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Read through the system's cache: a question looks up some two hundred rows all over the file, and a call for
    each page takes five times as long. The file never shrinks while it is open."""
    connection.execute(f"PRAGMA mmap_size = {MAPPED}")
    return connection


def no_index(folder: Path) -> str:
    return f"There is no index in {folder} yet; `simsearch index PATH` creates one."


@contextmanager
def explain_errors(folder: Path) -> Iterator[None]:
    """Turn what SQLite and the system report into a StorageError that says what to do."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StorageError(_explanation(error, folder)) from error


def _connect(uri: str) -> sqlite3.Connection:
    return sqlite3.connect(uri, uri=True, isolation_level=None)


def _demand_tables(connection: sqlite3.Connection, folder: Path) -> sqlite3.Connection:
    try:
        if not _has_tables(connection, folder):  # a first run was killed before it had written anything
            raise NoIndex(no_index(folder))
    except BaseException:
        connection.close()
        raise
    return connection


def _has_tables(connection: sqlite3.Connection, folder: Path) -> bool:
    found: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if found not in (0, FORMAT):
        raise OtherFormat(
            f"The index in {folder} has the format {found}, but this simsearch needs the format {FORMAT}; use the "
            f"version that made it, or delete {Home(folder).database} and run `simsearch index` again."
        )
    return bool(found)


def _explanation(error: sqlite3.Error | OSError, folder: Path) -> str:
    text = str(error)
    if _is_full(error):
        return (
            f"The disk is full: the index in {folder} can't be written further ({text}). What was committed "
            "before is kept; free some space and run the command again."
        )
    if any(word in text for word in _DAMAGED):
        return (
            f"The database {Home(folder).database} is damaged ({text}); put a backup in its place, or delete "
            "the file and run `simsearch index` again."
        )
    if isinstance(error, PermissionError) or any(word in text.lower() for word in _DENIED):
        return f"The index in {folder} can't be opened for this ({text}); check the folder's permissions."
    return f"The index in {folder} can't be used: {text}."


def _is_full(error: sqlite3.Error | OSError) -> bool:
    if isinstance(error, OSError):
        return error.errno in _FULL or MAY_BE_FULL in str(error)
    return getattr(error, "sqlite_errorname", "") in _NOT_WRITTEN
