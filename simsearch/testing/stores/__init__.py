"""The contract of stores, and the example index that it is tested on."""

from simsearch.testing.stores.contract import StoreContract

__all__ = ["StoreContract"]
