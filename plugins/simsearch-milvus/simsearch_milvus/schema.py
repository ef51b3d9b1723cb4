"""The collections of an index.

`state` has one row, which names the generation in use and the last commit; `writers` the one who writes. Each
generation has `chunks`, which are searched, `records` of files and documents, and `lookup`, rows that are found by the
hash of a term or of a value; a model has `vectors` by the hash of the embedded string, which its generations share.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from pymilvus import DataType, MilvusClient

from simsearch_milvus.connecting import Row

FORMAT = 1

LONGEST = 65_535
"""Bytes of a text that Milvus holds."""

NO_VECTOR = [0.0, 0.0]
"""Each collection needs a vector."""

_TEXT = {"text": DataType.VARCHAR}


class Kind(IntEnum):
    """What a row is, and what its columns mean.

    In `records`:
    FILE: `owner` is the file's number, which stays when it is touched; `died` the commit that removed the row.
    DOCUMENT: `owner` is its file. CONTENT: the part number `place` of the text of the document `owner`.
    PIECE: what follows the text of the row or chunk `owner`, see texts.py.

    In `lookup`:
    NUMBER, WORD: a value of the `field` of the document `owner`, see values.py.
    TERM: `amount` more chunks have a term in a field, see words/terms.py.
    """

    FILE = 0
    DOCUMENT = 1
    CONTENT = 2
    PIECE = 3
    NUMBER = 4
    WORD = 5
    TERM = 6


def record(number: int, kind: Kind, **columns: Any) -> Row:
    """A row of `records`; what is not given is 0 or empty."""
    plain = {"owner": 0, "place": 0, "notices": 0, "died": 0, "pieces": 1, "text": ""}
    return {"number": number, "kind": int(kind), "dense": NO_VECTOR, **plain, **columns}


def lookup(number: int, kind: Kind, **columns: Any) -> Row:
    """A row of `lookup`; what is not given is 0 or empty."""
    plain = {"owner": 0, "field": 0, "hash": 0, "head": 0, "amount": 0.0, "text": ""}
    return {"number": number, "kind": int(kind), "dense": NO_VECTOR, **plain, **columns}


def plain_collection() -> tuple[Any, Any]:
    """A schema of numbered texts, and its indexes."""
    return _schema(_TEXT), _indexes()


def records_collection() -> tuple[Any, Any]:
    return _schema({**_numbers("kind", "owner", "place", "notices", "died", "pieces"), **_TEXT}), _indexes()


def lookup_collection() -> tuple[Any, Any]:
    amount = {"amount": DataType.DOUBLE}
    return _schema({**_numbers("kind", "owner", "field", "hash", "head"), **amount, **_TEXT}), _indexes()


def chunks_collection(dimension: int) -> tuple[Any, Any]:
    """Chunks: `died` is the commit that removed one, `embedded` the commit that brought its vector."""
    schema = _schema(
        {**_numbers("file", "document", "vector", "embedded", "died", "pieces"), **_TEXT}, dimension
    )
    schema.add_field("words", DataType.SPARSE_FLOAT_VECTOR)
    indexes = _indexes()
    indexes.add_index("words", index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
    return schema, indexes


def vectors_collection(dimension: int) -> tuple[Any, Any]:
    return _schema(_TEXT, dimension), _indexes()


def _numbers(*names: str) -> dict[str, DataType]:
    return dict.fromkeys(names, DataType.INT64)


def _schema(columns: dict[str, DataType], dimension: int = len(NO_VECTOR)) -> Any:
    schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("number", DataType.INT64, is_primary=True)
    schema.add_field("dense", DataType.FLOAT_VECTOR, dim=dimension)
    for name, kind in columns.items():
        schema.add_field(name, kind, **({"max_length": LONGEST} if kind == DataType.VARCHAR else {}))
    return schema


def _indexes() -> Any:
    indexes = MilvusClient.prepare_index_params()
    indexes.add_index("dense", index_type="FLAT", metric_type="IP")
    return indexes
