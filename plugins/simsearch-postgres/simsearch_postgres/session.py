"""A session with the server: the type of its connection, one row of an answer, and values that are sent in binary."""

from __future__ import annotations

from typing import Any

import numpy as np
import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format
from psycopg.types import TypeInfo

from simsearch.types import Rows

Connection = psycopg.Connection[tuple[Any, ...]]
BIGINT, BIGINT_ARRAY = 20, 1016
"""The numbers of these types, which are the same in every server (pg_type.dat)."""


def send_in_binary(connection: Connection, halfvec: TypeInfo) -> None:
    """Register the values of this file."""
    halfvec.register(connection)
    dumper = type("_Dumper", (_HalfvecDumper,), {"oid": halfvec.oid})
    connection.adapters.register_dumper(Halfvec, dumper)
    connection.adapters.register_dumper(BigintArray, _BigintArrayDumper)


class Halfvec:
    """A vector on its way to the server.

    Args:
        data: float16 [d], big-endian.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data


class _HalfvecDumper(Dumper):
    """Binary: the length and a reserved number, 16 bits each, then the numbers."""

    format = Format.BINARY

    def dump(self, obj: Halfvec) -> bytes:
        return (len(obj.data) // 2).to_bytes(2, "big") + b"\0\0" + obj.data


class BigintArray:
    """Many numbers on their way to the server, which psycopg would write one by one for each question.

    Args:
        numbers: int64 [n].
    """

    def __init__(self, numbers: Rows) -> None:
        rows = np.empty(len(numbers), [("length", ">i4"), ("number", ">i8")])
        rows["length"], rows["number"] = 8, numbers
        # Dimensions, a flag for nulls, the type of the elements; how many there are, and the number of the first.
        header = (1, 0, BIGINT, len(numbers), 1)
        self.data = np.array(header, ">i4").tobytes() + rows.tobytes()


class _BigintArrayDumper(Dumper):
    format = Format.BINARY
    oid = BIGINT_ARRAY

    def dump(self, obj: BigintArray) -> bytes:
        return obj.data


def one(connection: Connection, query: str, *values: object) -> tuple[Any, ...]:
    """The first row of a query, which has one."""
    row = connection.execute(query, values).fetchone()
    assert row is not None
    return row
