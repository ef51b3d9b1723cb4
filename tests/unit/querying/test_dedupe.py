"""What an index holds more than once."""

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from simsearch.near_duplicates import connected
from simsearch.storage.dense import near_duplicates as near_duplicates
from tests.support.hashed_words import indexed


@pytest.mark.parametrize("block", [2, 4096])
def test_duplicates_are_found_whatever_block_they_stand_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(near_duplicates, "BLOCK", block)
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


def test_groups_are_the_connected_ones_whatever_the_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["goat", "hen", "star", "planet", "river", "stone"]
    files = {
        f"docs/{number}.txt": f"{' '.join(names[(number + step) % 6] for step in range(1 + number % 3))} and {number}"
        for number in range(40)
    }
    workspace = indexed(tmp_path, files)
    with closing(workspace.store.read()) as reader:
        paths = sorted(reader.files())
        vectors = reader.vectors([reader.chunked(path)[0].keys[0] for path in paths])
    near = np.argwhere(vectors @ vectors.T >= 0.8).tolist()
    groups = [[paths[i] for i in group] for group in connected(len(paths), near) if len(group) > 1]
    assert 1 < len(groups) < 20
    for block in (3, 7, 4096):
        monkeypatch.setattr(near_duplicates, "BLOCK", block)
        found = workspace.duplicates(0.8).chunks
        assert sorted([record.path for record in group] for group in found) == sorted(groups)
