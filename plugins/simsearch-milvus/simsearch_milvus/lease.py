"""One writer at a time. Milvus has no locks: a writer asks by a row of its own, and writes only if it then finds no
other's. The row is renewed while the writer lives, and counts for nothing once its time is over.

Of two that ask at the same moment each may find the other, and then neither writes. The clocks of the machines that
write have to agree within a few seconds.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import threading
import time

from simsearch.errors import StorageError, WorkspaceLocked
from simsearch_milvus.connecting import Server
from simsearch_milvus.schema import NO_VECTOR, plain_collection

WRITERS = "writers"

PAUSES = (0.1, 0.3, 1.0, 0.0)
"""Seconds for which another first writer may take to make the collection."""


class Lease:
    """The right to write, held from construction to `release`.

    Args:
        seconds: How long the row counts after it was last renewed.

    Raises:
        WorkspaceLocked: Another process is writing; names it.
    """

    def __init__(self, server: Server, seconds: int) -> None:
        self._server = server
        self._seconds = seconds
        self._collection = server.collection(WRITERS)
        self._number = secrets.randbits(62)
        self._connection = server.connect()
        self._ended = threading.Event()
        self._until = 0.0
        try:
            self._acquire()
        except BaseException:
            self._connection.close()
            raise
        self._thread = threading.Thread(target=self._renew_always, name="simsearch-milvus-lease", daemon=True)
        self._thread.start()

    def demand(self) -> None:
        """Raise StorageError if the right was lost, as after a long pause of the machine."""
        own = self._connection.numbered(self._collection, [self._number], ["number"])
        if time.monotonic() >= self._until or not own:
            raise StorageError(
                f"This process could not renew its right to write the index in {self._server} in time; what was "
                "committed is kept. Run the command again."
            )

    def release(self) -> None:
        self._ended.set()
        self._thread.join()
        try:
            self._withdraw()
        except StorageError:
            pass  # the server is gone; the row counts for nothing soon
        finally:
            self._connection.close()

    def _acquire(self) -> None:
        self._create()
        self._refuse_others()
        self._renew()
        try:
            self._refuse_others()
        except WorkspaceLocked:
            self._withdraw()
            raise

    def _create(self) -> None:
        """Make the collection unless it is there. While another first writer does so, it can't be made or read."""
        for pause in PAUSES:
            try:
                if not self._connection.exists(self._collection):
                    self._connection.create(self._collection, *plain_collection())
                self._rows()
                return
            except StorageError:
                if pause == PAUSES[-1]:
                    raise
            time.sleep(pause)

    def _refuse_others(self) -> None:
        for number, row in self._rows().items():
            claim = json.loads(row["text"])
            if number != self._number and claim["until"] > time.time():
                raise WorkspaceLocked(
                    f"{claim['holder']} is writing the index in {self._server}; wait until it is done, or stop it. "
                    f"If it was killed, wait {claim['seconds']} seconds."
                )

    def _rows(self) -> dict[int, dict[str, str]]:
        return {
            row["number"]: row for row in self._connection.every(self._collection, "number >= 0", ["text"])
        }

    def _renew(self) -> None:
        renewed = time.monotonic()
        claim = {
            "holder": f"Process {os.getpid()} on {socket.gethostname()}",
            "until": time.time() + self._seconds,
            "seconds": self._seconds,
        }
        row = {"number": self._number, "dense": NO_VECTOR, "text": json.dumps(claim)}
        self._connection.put(self._collection, [row])
        self._until = renewed + self._seconds

    def _renew_always(self) -> None:
        """A lease that is over is not renewed: another writer may have begun."""
        while not self._ended.wait(self._seconds / 3) and time.monotonic() < self._until:
            try:
                self._renew()
            except StorageError:
                continue  # `demand` tells the writer if it stays so

    def _withdraw(self) -> None:
        """Delete the row, and those whose time is long over."""
        over = [
            number
            for number, row in self._rows().items()
            if json.loads(row["text"])["until"] < time.time() - 60
        ]
        self._connection.delete(self._collection, f"number in {[self._number, *over]}")
