"""The same index in PostgreSQL and in files; nothing that a user wrote becomes SQL."""

from __future__ import annotations

import pytest

from simsearch.errors import InputError
from simsearch.plugins.registry import Registry
from tests.support.store_parity import StoreParity


class TestPostgres(StoreParity):
    spec = """postgres:"schema= '; --% ,é\""""


@pytest.mark.parametrize("schema", ["", "x" * 64])
def test_what_cant_be_a_schema_is_refused(schema: str) -> None:
    with pytest.raises(InputError, match="can't name a schema"):
        Registry.load().store(f"postgres:schema={schema}")
