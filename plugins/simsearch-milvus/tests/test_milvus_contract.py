"""The contract of stores, on a real server."""

from __future__ import annotations

import pytest

from simsearch.testing import StoreContract


class TestMilvus(StoreContract):
    @pytest.fixture(autouse=True)
    def empty(self, name: str) -> None:
        self.spec = f"milvus:name={name}"
