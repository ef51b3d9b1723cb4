"""The same index in Milvus and in files; nothing that a user wrote becomes a part of an expression."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from simsearch_milvus.connecting import Connection

from simsearch.errors import InputError
from simsearch.plugins.registry import Registry
from tests.support.store_parity import StoreParity

EXPRESSION = re.compile(
    r"(?:\s|[(),\[\]]|[<>=]=|<|>|-?\d+(?:\.\d+)?(?:e[+-]\d+)?|and|or|not|in"
    r"|number|file|document|vector|kind|owner|field|hash|head|amount|died|embedded|notices|place)*"
)
"""Names of columns, numbers and operators: what an expression of this package consists of."""


def check(expression: str) -> str:
    assert EXPRESSION.fullmatch(expression), expression
    return expression


class TestMilvus(StoreParity):
    spec = "milvus:name=parity"

    @pytest.fixture(scope="class", autouse=True)
    def only_numbers(self) -> Iterator[None]:
        """Any expression that a text of a user got into fails the test."""
        few, every, search = Connection._few, Connection.every, Connection.search
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Connection, "_few", lambda self, c, e, f, **o: few(self, c, check(e), f, **o))
            patch.setattr(Connection, "every", lambda self, c, e, f, n=1000: every(self, c, check(e), f, n))
            patch.setattr(
                Connection, "search", lambda self, c, n, v, k, e, f: search(self, c, n, v, k, check(e), f)
            )
            yield


@pytest.mark.parametrize("name", ["", "x" * 200, "a b", "a__b", "1a", "a-b", "a_"])
def test_what_cant_name_an_index_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="can't name an index"):
        Registry.load().store(f"milvus:{'' if name else chr(34)}name={name}{'' if name else chr(34)}")
