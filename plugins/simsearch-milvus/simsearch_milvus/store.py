"""The store: collections of a database."""

from __future__ import annotations

from simsearch.errors import NoIndex
from simsearch.storage.protocols import Identity
from simsearch.storage.words.word_files import OTHER_ANALYSIS
from simsearch.types import Notice, Observer
from simsearch_milvus.connecting import Server
from simsearch_milvus.lease import Lease
from simsearch_milvus.snapshot import MilvusSnapshot
from simsearch_milvus.writer import MilvusWriter


class MilvusStore:
    """The Store of simsearch.storage.protocols, with the capability Removable.

    Args:
        lease: Seconds for which a killed writer keeps others out.
        keep: Seconds for which a snapshot stays whole at least.
    """

    def __init__(self, server: Server, lease: int, keep: int, observe: Observer | None = None) -> None:
        self._server = server
        self._lease = lease
        self._keep = keep
        self._observe = observe

    def exists(self) -> bool:
        try:
            MilvusSnapshot(self._server).close()
        except NoIndex:
            return False
        return True

    def read(self) -> MilvusSnapshot:
        snapshot = MilvusSnapshot(self._server)
        if not snapshot.analysed and self._observe:
            self._observe(Notice(OTHER_ANALYSIS))
        return snapshot

    def write(self, identity: Identity) -> MilvusWriter:
        return MilvusWriter(self._server, identity, self._lease, self._keep)

    def remove(self) -> None:
        connection = self._server.connect()
        try:
            lease = Lease(self._server, self._lease)
            try:
                for collection in connection.collections():
                    connection.drop(collection)
            finally:
                lease.release()
        finally:
            connection.close()
