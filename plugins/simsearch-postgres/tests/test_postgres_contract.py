"""The contract of stores, on a real server."""

from __future__ import annotations

import pytest

from simsearch.testing import StoreContract


class TestPostgres(StoreContract):
    @pytest.fixture(autouse=True)
    def empty(self, schema: str) -> None:
        self.spec = f"postgres:schema={schema}"
