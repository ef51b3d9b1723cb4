"""How many documents have each value of a field."""

from contextlib import closing
from pathlib import Path

from simsearch.storage.capabilities import FieldCounts
from tests.support.hashed_words import indexed

ROWS = [
    '{"_id": "1", "text": "ant", "kind": "Insect", "legs": 6, "tags": ["small", "red"]}',
    '{"_id": "2", "text": "bee", "kind": "insect", "legs": "6", "tags": ["small"]}',
    '{"_id": "3", "text": "cat", "kind": "mammal", "legs": 4.5}',
]


def test_values_are_counted_by_document_most_frequent_first(tmp_path: Path) -> None:
    workspace = indexed(tmp_path, {"rows.jsonl": "\n".join(ROWS)})
    with closing(workspace.store.read()) as snapshot:
        assert isinstance(snapshot, FieldCounts)
        assert snapshot.count_values("kind", 9) == [("insect", 2), ("mammal", 1)]
        assert snapshot.count_values("tags", 9) == [("small", 2), ("red", 1)]
        assert snapshot.count_values("legs", 9) == [("6", 2), ("4.5", 1)]
        assert snapshot.count_values("kind", 1) == [("insect", 2)]
        assert snapshot.count_values("none", 9) == []
