"""The store: collections of a database."""

from __future__ import annotations

from simsearch.errors import NoIndex
from simsearch.storage.protocols import Identity
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

    def __init__(self, server: Server, lease: int, keep: int) -> None:
        self._server = server
        self._lease = lease
        self._keep = keep

    def exists(self) -> bool:
        try:
            self.read().close()
        except NoIndex:
            return False
        return True

    def read(self) -> MilvusSnapshot:
        return MilvusSnapshot(self._server)

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
