"""What an index holds more than once."""

from pathlib import Path

import pytest

from simsearch.storage import twins
from tests.hashed_words import indexed


@pytest.mark.parametrize("block", [2, 4096])
def test_duplicates_are_found_whatever_block_they_stand_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(twins, "BLOCK", block)
    text = "what the goat eats in the mountains of the south, and where it sleeps at night"
    files = {
        "docs/one.txt": text,
        "docs/two.txt": "something else that nobody wrote twice",
        "docs/deep/three.txt": f"{text}.",
        "docs/four.txt": "a third thing, of stars and planets",
        "docs/five.txt": text,
    }
    found = indexed(tmp_path, files).duplicates(0.9)
    assert found.documents == (("docs/deep/three.txt", "docs/five.txt", "docs/one.txt"),)
    assert [[record.path for record in group] for group in found.chunks] == [list(found.documents[0])]


def test_a_document_that_shares_a_part_is_no_duplicate(tmp_path: Path) -> None:
    part = "the same words of the licence stand in both of them, again and again " * 8
    files = {
        "docs/one.txt": f"{part}\n\n{'stars and planets ' * 30}",
        "docs/two.txt": f"{part}\n\n{'goats and hens ' * 30}",
    }
    found = indexed(tmp_path, files).duplicates(0.99)
    assert found.documents == ()
    assert [{record.path for record in group} for group in found.chunks] == [{"docs/one.txt", "docs/two.txt"}]
