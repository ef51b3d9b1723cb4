"""An index goes out as plain files and comes back the same, with nothing embedded."""

from __future__ import annotations

import itertools
import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from simsearch import Workspace
from simsearch.errors import InputError
from simsearch.indexing import parts
from simsearch.querying.calibration import read_calibration
from simsearch.querying.no_good_match import calibrate
from simsearch.settings import IndexSettings
from tests.support.hashed_words import HashedWords, indexed, open_workspace
from tests.support.torture import held

FILES = {
    "docs/fox.md": "# Foxes\n\nThe red fox runs.\n\n## At night\n\nIt sleeps by day. é 日本 \U0001f98a\n",
    "docs/rows.jsonl": '{"_id": "7", "title": "Hens", "text": "A blue hen lays.", "year": 1999}\n'
    '{"_id": "8", "text": ""}\n{"_id": "9", "text": "An owl sees. An owl sees."}\n',
    "docs/same.md": "# Foxes\n\nThe red fox runs.\n",
    "docs/empty.md": "",
}


@pytest.fixture
def mine(tmp_path: Path) -> Workspace:
    return indexed(tmp_path / "mine", FILES)


def answers(workspace: Workspace, copied: bool = False) -> list[object]:
    """Hits of some questions; those of a copied index say that the files are not there, which is checked here."""
    hits = [
        workspace.query(text, mode=mode) for text in ("red fox", "owl", "7") for mode in ("dense", "hybrid")
    ]
    assert {hit.missing for found in hits for hit in found} == {copied}
    return [[replace(hit, missing=False) for hit in found] for found in hits]


@pytest.mark.parametrize("form", [("npy",), ("parquet",), ("npy", "parts")])
def test_what_went_out_comes_back_the_same(mine: Workspace, tmp_path: Path, form: tuple[Any, ...]) -> None:
    report = mine.export(tmp_path / "out", *form)
    embedder = HashedWords()
    other = open_workspace(tmp_path / "other", embedder)
    taken = other.index(tmp_path / "out")
    assert (taken.added, taken.chunks, taken.embedded) == (report.files, report.chunks, 0)
    assert embedder.embedded == []
    assert held(other) == held(mine)
    assert answers(other, copied=True) == answers(mine)
    assert other.check() == []
    again = other.index(tmp_path / "out")
    assert (again.added, again.changed, again.unchanged) == (0, 0, report.files)


def test_the_index_goes_on_where_the_export_came_from(mine: Workspace, tmp_path: Path) -> None:
    """Paths are relative to the workspace's folder: with the documents next to it, nothing has changed."""
    mine.export(tmp_path / "out")
    (tmp_path / "mine" / "docs").rename(tmp_path / "docs")
    embedder = HashedWords()
    other = open_workspace(tmp_path, embedder)
    other.index(tmp_path / "out")
    report = other.index(tmp_path / "docs")
    assert (report.added, report.changed, report.removed, report.embedded) == (0, 0, 0, 0)


@pytest.mark.parametrize("vectors", ["npy", "parquet"])
def test_other_systems_can_read_it(mine: Workspace, tmp_path: Path, vectors: str) -> None:
    mine.export(tmp_path / "out", vectors)  # type: ignore[arg-type]
    if vectors == "npy":
        rows = np.load(tmp_path / "out" / "vectors.npy")
    else:
        rows = np.array(pq.read_table(tmp_path / "out" / "vectors.parquet")["vector"].to_pylist(), np.float32)
    chunks = [json.loads(line) for line in (tmp_path / "out" / "chunks.jsonl").read_text().splitlines()]
    assert rows.dtype == np.float32
    assert len(rows) == len(chunks)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(len(rows)), abs=1e-3)
    strings = [f"{c['prefix']}\n{c['text']}" if c["prefix"] else c["text"] for c in chunks]
    assert (rows * HashedWords().encode(strings)).sum(axis=1) == pytest.approx(np.ones(len(rows)), abs=1e-3)
    assert [chunk["row"] for chunk in chunks] == list(range(len(rows)))
    assert {chunk["path"] for chunk in chunks} == {"docs/fox.md", "docs/rows.jsonl", "docs/same.md"}


def test_other_systems_can_read_parts(mine: Workspace, tmp_path: Path) -> None:
    report = mine.export(tmp_path / "out", layout="parts")
    chunks = pq.read_table(tmp_path / "out/chunks").to_pylist()
    documents = pq.read_table(tmp_path / "out/documents").to_pylist()
    assert (len(documents), len(chunks)) == (report.documents, report.chunks)
    expected = HashedWords().encode(
        [f"{c['prefix']}\n{c['text']}" if c["prefix"] else c["text"] for c in chunks]
    )
    assert np.array([chunk["vector"] for chunk in chunks]) == pytest.approx(expected, abs=1e-3)
    texts = {(document["path"], document["id"]): document["text"] for document in documents}
    assert all(texts[c["path"], c["id"]][c["start"] : c["end"]] == c["text"] for c in chunks)


def test_an_index_of_many_parts_comes_back_with_its_pending_chunks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = indexed(tmp_path / "mine", {f"docs/{n}.md": f"# Title {n}\n\nText of {n}.\n" for n in range(20)})
    (mine.folder / "docs/rows.jsonl").write_text("\n".join(f'{{"text": "row {n}"}}' for n in range(30)))
    mine.index(mine.folder / "docs", for_time="0.001s")
    with closing(mine.store.read()) as reader:
        assert reader.coverage().pending == 30
    monkeypatch.setattr(parts, "GROUP_ROWS", 7)
    monkeypatch.setattr(parts, "PART_BYTES", 5000)
    mine.export(tmp_path / "out", layout="parts")
    assert len(list((tmp_path / "out/chunks").iterdir())) > 2
    other = open_workspace(tmp_path / "other")
    other.index(tmp_path / "out")
    assert held(other) == held(mine)
    with closing(other.store.read()) as reader:
        assert reader.coverage().pending == 30


def test_another_model_is_refused_with_the_reason(mine: Workspace, tmp_path: Path) -> None:
    mine.export(tmp_path / "out")
    other = open_workspace(tmp_path / "other", index=IndexSettings(model="hashed-words:seed=1"))
    with pytest.raises(InputError, match="their vectors can't be compared"):
        other.index(tmp_path / "out")
    assert not other.home.exists()


def test_another_chunker_is_refused_with_the_reason(mine: Workspace, tmp_path: Path) -> None:
    mine.export(tmp_path / "out")
    other = open_workspace(tmp_path / "other", index=IndexSettings(model="hashed-words", chunker="lines"))
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.md").write_text("a text")
    other.index(tmp_path / "other" / "a.md")
    with pytest.raises(InputError, match="was cut by 'structure', and this index by 'lines'"):
        other.index(tmp_path / "out")


@pytest.mark.parametrize(
    "name",
    ["vectors.npy", "documents.jsonl", "documents/part-00000.parquet", "chunks/part-00000.parquet"],
)
@pytest.mark.parametrize("damage", ["missing", "short", "changed"])
def test_a_damaged_export_is_refused(mine: Workspace, tmp_path: Path, name: str, damage: str) -> None:
    mine.export(tmp_path / "out", layout="parts" if "part" in name else "files")
    path = tmp_path / "out" / name
    content = bytearray(path.read_bytes())
    content[-20] ^= 1
    path.unlink()
    if damage != "missing":
        path.write_bytes(content if damage == "changed" else content[:-30])
    other = open_workspace(tmp_path / "other")
    with pytest.raises(InputError, match="export it again"):
        other.index(tmp_path / "out")
    assert not other.home.exists()


@pytest.mark.parametrize("layout", ["files", "parts"])
def test_an_export_that_lacks_what_it_says_it_holds_is_refused(
    mine: Workspace, tmp_path: Path, layout: Any
) -> None:
    mine.export(tmp_path / "out", layout=layout)
    about = json.loads((tmp_path / "out/index.json").read_text())
    (tmp_path / "out/index.json").write_text(json.dumps(about | {"chunks": about["chunks"] + 1}))
    with pytest.raises(InputError, match=r"but its index.json says 4 files, \d+ documents and \d+ chunks"):
        open_workspace(tmp_path / "other").index(tmp_path / "out")


def test_a_folder_that_is_there_is_left_alone(mine: Workspace, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(InputError, match="already exists"):
        mine.export(tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_an_export_that_fails_leaves_nothing(
    mine: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("numpy.lib.format.write_array_header_1_0", fail)
    with pytest.raises(InputError, match="No space left"):
        mine.export(tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_an_empty_export_comes_back(tmp_path: Path) -> None:
    mine = indexed(tmp_path / "mine", {"docs/empty.md": ""})
    mine.export(tmp_path / "out")
    other = open_workspace(tmp_path / "other")
    assert other.index(tmp_path / "out").added == 1
    with closing(other.store.read()) as reader:
        assert reader.counts().files == 1


@pytest.mark.parametrize(
    "content",
    ["[" * 10_000 + "]" * 10_000, json.dumps({"format": "simsearch export 1", "rest": "x" * 2_000_000})],
    ids=["nested deeply", "larger than an export's own"],
)
def test_a_file_that_only_has_the_name_is_a_file_like_others(tmp_path: Path, content: str) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.json").write_text(content)
    (tmp_path / "docs" / "a.md").write_text("heron")
    report = open_workspace(tmp_path).index(tmp_path / "docs", exclude=["*.json"])
    assert (report.added, [item.path for item in report.skipped]) == (1, ["docs/index.json"])


def test_what_comes_back_is_calibrated_with_the_indexs_own_model(mine: Workspace, tmp_path: Path) -> None:
    """Another model of as many dimensions is in use by now; the index, and what is taken into it, are of the first."""
    words = " ".join("".join(letters) for letters in itertools.product("bdfk", "aeiou", "lmnr"))
    more = indexed(tmp_path / "more", {"docs/words.md": f"{words}\n" * 20})
    more.export(tmp_path / "out")
    index = IndexSettings(model="hashed-words:seed=1")
    open_workspace(mine.folder, index=index).index(tmp_path / "out")
    with closing(mine.store.read()) as reader:
        assert read_calibration(mine.home, reader) == calibrate(reader, HashedWords())
