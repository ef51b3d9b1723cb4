"""Documents similar to one of the index."""

from pathlib import Path

import pytest

from simsearch import InputError
from simsearch.indexing.reading import Readers
from tests.support.hashed_words import HashedWords, indexed, open_workspace

FILES = {
    "docs/goat.txt": "the goat eats grass on the hill",
    "docs/sheep.txt": "the sheep eats grass on the hill",
    "docs/engine.txt": "an engine burns fuel in its cylinders",
}


def test_the_nearest_is_first_and_the_document_itself_is_left_out(tmp_path: Path) -> None:
    workspace = indexed(tmp_path, FILES)
    hits = workspace.similar("docs/goat.txt")
    assert hits[0].path == "docs/sheep.txt"
    assert "docs/goat.txt" not in [hit.path for hit in hits]
    assert [(hit.path, hit.score) for hit in hits] == [
        (hit.path, pytest.approx(hit.score, abs=1e-3))
        for hit in workspace.like(tmp_path / "docs" / "goat.txt")
    ]


def test_only_the_index_is_read_and_nothing_is_embedded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder = HashedWords()
    workspace = open_workspace(tmp_path, embedder)
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    workspace.index(tmp_path / "docs")
    embedder.embedded.clear()
    monkeypatch.setattr(Readers, "documents", lambda *_: pytest.fail("a file was read"))
    (tmp_path / "docs" / "goat.txt").write_text("an engine burns fuel")
    assert workspace.similar("docs/goat.txt")[0].path == "docs/sheep.txt"
    assert embedder.embedded == []


def test_of_a_row_the_other_rows_are_found(tmp_path: Path) -> None:
    rows = [f'{{"_id": "{number}", "text": "{text}"}}' for number, text in enumerate(FILES.values())]
    workspace = indexed(tmp_path, {"rows.jsonl": "\n".join(rows)})
    hits = workspace.similar("rows.jsonl#0")
    assert hits[0].id == "1" and "0" not in [hit.id for hit in hits]


def test_what_cant_be_compared_is_an_error(tmp_path: Path) -> None:
    workspace = indexed(tmp_path, {**FILES, "docs/empty.txt": ""})
    with pytest.raises(InputError, match="no text"):
        workspace.similar("docs/empty.txt")
    with pytest.raises(InputError, match="did you mean"):
        workspace.similar("docs/goats.txt")
