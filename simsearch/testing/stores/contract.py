"""The contract of stores."""

from __future__ import annotations

from simsearch.testing.stores.searching import SnapshotLaws
from simsearch.testing.stores.writing import WriterLaws


class StoreContract(SnapshotLaws, WriterLaws):
    """A store keeps what writers put, shows it in consistent snapshots, and lets one writer work at a time.

    The laws put an index into the store and remove it afterwards. They refuse a store that holds one already, so let
    `spec` name a place that is empty. A store that keeps nothing in the workspace's folder has to be Removable.
    """
