"""The lock of the one writer. It ends with the connection, and the server soon notices that a client is gone."""

from __future__ import annotations

from typing import Any

from psycopg import errors

from simsearch.errors import WorkspaceLocked
from simsearch_postgres.session import Connection, one

PATIENCE = 5
"""Seconds to wait for the lock: the server may still be busy with the last statement of a client that was killed."""

SOON_NOTICED = {
    "client_connection_check_interval": "1s",  # during a long statement; since PostgreSQL 14, and not on Windows
    "tcp_keepalives_idle": "30",  # while it waits for a client whose machine or network is gone
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}
"""Settings of a writer's session, so that a lost client does not hold the lock for hours."""

_HOLDER = """
    SELECT a.application_name, l.pid, to_char(a.backend_start, 'YYYY-MM-DD HH24:MI TZ')
    FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND (l.classid::bigint << 32) | l.objid::bigint = %s
"""


def take_lock(connection: Connection, schema: str, place: str) -> None:
    """Take the writer's lock, and let the server end the session soon after its client.

    Args:
        place: Names the index in messages.

    Raises:
        WorkspaceLocked: Another process is still writing after `PATIENCE` seconds; names it and its session.
    """
    _notice_lost_client(connection)
    (key,) = one(connection, "SELECT hashtextextended(%s, 0)", f"simsearch {schema}")
    try:
        with connection.transaction():
            connection.execute("SELECT set_config('lock_timeout', %s, true)", (f"{PATIENCE}s",))
            connection.execute("SELECT pg_advisory_lock(%s)", (key,))  # outlasts the transaction
    except errors.LockNotAvailable:
        holder = connection.execute(_HOLDER, (key,)).fetchone()
        raise WorkspaceLocked(_explain(holder, place)) from None


def _notice_lost_client(connection: Connection) -> None:
    for setting, value in SOON_NOTICED.items():
        try:
            connection.execute("SELECT set_config(%s, %s, false)", (setting, value))
        except (errors.UndefinedObject, errors.InvalidParameterValue):
            continue  # a server that can't; it notices when the statement ends


def _explain(holder: tuple[Any, ...] | None, place: str) -> str:
    if holder is None:
        return f"Another process was writing the index in {place}; run the command again."
    name, session, since = holder
    began = f" since {since}" if since else ""  # other roles may not see it
    return (
        f"{name or 'Another process'} is writing the index in {place} (server session {session}{began}); wait until it "
        f"is done, or stop it. If it is gone, end its session with `SELECT pg_terminate_backend({session})`."
    )
