"""Values and words that real files have and that are easily got wrong: codes, large numbers, digests, half letters."""

import base64
import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from simsearch import Component, Workspace, hookimpl
from simsearch.errors import InputError, SettingsError
from simsearch.plugins.discovery import Found, Origin
from simsearch.types import Notice, Truncation
from tests.support.hashed_words import HashedWords, indexed, open_workspace

DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def corpus(folder: Path, *rows: str) -> Workspace:
    return indexed(folder, {"docs/rows.jsonl": "\n".join(rows)})


def ids(workspace: Workspace, where: str) -> list[str]:
    return sorted(hit.id for hit in workspace.query("heron", where=where))


def test_whole_numbers_are_compared_exactly_and_codes_as_words(tmp_path: Path) -> None:
    workspace = corpus(
        tmp_path,
        '{"_id": "a", "text": "heron one", "user": 1234567890123456789, "zip": "01234"}',
        '{"_id": "b", "text": "heron two", "user": 1234567890123456788, "zip": "1234"}',
    )
    assert ids(workspace, "user:1234567890123456789") == ["a"]
    assert ids(workspace, "user<1234567890123456789") == ["b"]
    assert ids(workspace, "zip:01234") == ["a"]
    assert ids(workspace, "zip:1234") == ["b"]


def test_a_number_beyond_all_bounds_is_a_word(tmp_path: Path) -> None:
    huge = "9" * 400
    workspace = corpus(tmp_path, f'{{"_id": "a", "text": "heron", "modulus": {huge}, "other": "{huge}"}}')
    assert ids(workspace, f"modulus:{huge}") == ids(workspace, f"other:{huge}") == ["a"]


def test_a_text_of_more_digits_than_python_takes_for_a_number_is_a_word(tmp_path: Path) -> None:
    digits = "7" * 5000
    workspace = corpus(tmp_path, f'{{"_id": "a", "text": "heron", "key": "{digits}", "year": 2020}}')
    assert ids(workspace, f"key:{digits[:9]}*") == ids(workspace, "year:2020") == ["a"]


def test_half_characters_and_no_numbers_in_metadata_can_be_shown(tmp_path: Path) -> None:
    workspace = corpus(tmp_path, r'{"_id": "a", "text": "heron", "user": "bob \ud83d", "score": NaN}')
    (hit,) = workspace.query("heron")
    assert json.dumps(dict(hit.metadata), allow_nan=False, ensure_ascii=False).encode()


def test_a_digest_is_found_by_its_letters(tmp_path: Path) -> None:
    workspace = indexed(tmp_path, {"docs/a.txt": f"digest {DIGEST}", "docs/b.txt": "heron"})
    for text in (DIGEST, f'"{DIGEST}"'):
        assert [hit.path for hit in workspace.query(text, mode="lexical")] == ["docs/a.txt"]


def test_no_column_is_lost_to_one_of_the_same_name(tmp_path: Path) -> None:
    workspace = indexed(tmp_path, {"docs/t.csv": "text,text\nheron,stork\n"})
    (hit,) = workspace.query("heron")
    assert (hit.text, dict(hit.metadata)) == ("heron\n\ntext 2: stork", {"text 2": "stork"})


def test_text_that_only_looks_like_something_else_is_read(tmp_path: Path) -> None:
    files = {
        "docs/a.txt": "PAR1 signalling of herons",
        "docs/b.md": "---\nflag: !!bool maybe\n---\nStorks nest here.",
    }
    workspace = indexed(tmp_path, files)
    assert {hit.path for hit in workspace.query("herons storks")} == set(files)


def test_a_file_of_questions_may_begin_with_a_mark(tmp_path: Path) -> None:
    workspace = indexed(tmp_path, {"docs/a.txt": "heron", "docs/b.txt": "stork"})
    (tmp_path / "q.tsv").write_text("1\theron\n2\tstork\n", encoding="utf-8-sig")
    (tmp_path / "judged.tsv").write_text("1\tdocs/a.txt\t1\n2\tdocs/b.txt\t1\n", encoding="utf-8-sig")
    evaluation = workspace.evaluate(tmp_path / "q.tsv", tmp_path / "judged.tsv", mode="lexical")
    assert set(evaluation.per_query) == {"1", "2"}


def test_k_may_be_more_than_any_machine_has_room_for(tmp_path: Path) -> None:
    workspace = indexed(tmp_path, {"docs/a.txt": "heron"})
    for mode in ("hybrid", "dense", "lexical"):
        assert len(workspace.query("heron", k=10**22, mode=mode)) == 1


@pytest.mark.parametrize("tune_settings", [{"k": 0}, {"k": -3}, {"weight": 7.0}])
def test_settings_out_of_range_are_refused(tmp_path: Path, tune_settings: dict[str, float]) -> None:
    workspace = indexed(tmp_path, {"docs/a.txt": "heron"})
    with pytest.raises(SettingsError, match=f"query.{next(iter(tune_settings))} must be"):
        workspace.query("heron", **tune_settings)


class Flat:
    @hookimpl
    def simsearch_rerankers(self) -> list[Component]:
        return [Component("flat", "All are equal", lambda: lambda text, texts: np.zeros(len(texts)))]


def test_k_counts_what_is_shown_though_a_reranker_reads_a_few(tmp_path: Path) -> None:
    long = "\n".join(f"heron heron heron river {i}" for i in range(90))
    files = {"docs/long.txt": long, **{f"docs/{i}.txt": f"heron note {i} {i * i}" for i in range(15)}}
    workspace = indexed(tmp_path, files)
    workspace.index(tmp_path / "docs", chunker="lines:size=6")
    workspace.registry.add(Found(Origin("flat", "flat", "1", "flat"), Flat))
    assert len(workspace.query("heron river", mode="lexical", rerank="flat")) == 10


class Cutting(HashedWords):
    """Says that it read no more than three words."""

    def encode(self, texts, role="document"):  # type: ignore[no-untyped-def]
        if role == "query":
            self.truncation += Truncation(1, max(0, len(texts[0].split()) - 3))
        return super().encode(texts, role)


def test_a_question_that_is_cut_is_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/a.txt").write_text("heron")
    workspace = open_workspace(tmp_path, Cutting())
    workspace.index(tmp_path / "docs")
    heard: list[str] = []

    class Listens:
        @hookimpl
        def simsearch_observe(self, event: object) -> None:
            if isinstance(event, Notice) and event.warning:
                heard.append(event.text)

    workspace.registry.add(Found(Origin("listens", "listens", "1", "listens"), Listens))
    workspace.query("one two heron")
    assert heard == []
    workspace.query("one two three four heron")
    assert len(heard) == 1
    assert "last 2 tokens" in heard[0]


@pytest.mark.parametrize(
    ("measures", "reason"),
    [
        ("", "name a measure"),
        ("nDCG@ten", "'nDCG@ten' is not a measure"),
        *((f"RR {name}", f"'{name}' has a cutoff below 1") for name in ("nDCG@0", "R@0", "P@0", "AP@0")),
        *(
            (f"RR {name}", f"'{name}' can't be computed")
            for name in ("SDCG@10", "INST", "BPM", "alpha_DCG@10", "P", "Accuracy@10", f"nDCG@{10**30}")
        ),
    ],
    ids=lambda given: given or "none",
)
def test_a_measure_that_can_not_be_computed_is_refused_in_words(
    tmp_path: Path, measures: str, reason: str
) -> None:
    workspace = indexed(tmp_path, {"docs/a.txt": "heron"})
    (tmp_path / "q.tsv").write_text("1\theron\n")
    (tmp_path / "judged.tsv").write_text("1\tdocs/a.txt\t1\n")
    with pytest.raises(InputError, match=reason):
        workspace.evaluate(tmp_path / "q.tsv", tmp_path / "judged.tsv", measures)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such a name")
def test_a_folder_whose_name_is_no_text_is_refused_in_words(tmp_path: Path) -> None:
    folder = tmp_path / "r\udcff"
    folder.mkdir()
    (folder / "a.txt").write_text("heron")
    with pytest.raises(InputError, match="not UTF-8"):
        open_workspace(tmp_path).index(folder)


def test_like_leaves_out_a_file_that_was_indexed_from_outside(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    for name in ("one", "two"):
        (tmp_path / "docs" / f"{name}.txt").write_text(f"heron and goat, {name}")
    (tmp_path / "workspace").mkdir()
    workspace = open_workspace(tmp_path / "workspace")
    workspace.index(tmp_path / "docs")
    assert [hit.path for hit in workspace.like(tmp_path / "docs" / "one.txt")] == ["../docs/two.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_like_leaves_out_a_file_whichever_way_it_is_named(tmp_path: Path) -> None:
    files = {"docs/one.txt": "heron and goat, one", "docs/two.txt": "heron and goat, two"}
    workspace = indexed(tmp_path, files)
    (tmp_path / "link.txt").symlink_to(tmp_path / "docs" / "one.txt")
    assert [hit.path for hit in workspace.like(tmp_path / "link.txt")] == ["docs/two.txt"]


def test_an_export_made_by_hand_is_refused_by_its_line(tmp_path: Path) -> None:
    indexed(tmp_path, {"docs/a.txt": "heron"}).export(tmp_path / "out")
    rows, about = tmp_path / "out" / "documents.jsonl", tmp_path / "out" / "index.json"
    row = json.loads(rows.read_text())
    del row["documents"][0]["title"]
    rows.write_text(json.dumps(row) + "\n")
    said = json.loads(about.read_text())
    said["sha256"]["documents.jsonl"] = hashlib.sha256(rows.read_bytes()).hexdigest()
    about.write_text(json.dumps(said))
    (tmp_path / "other").mkdir()
    with pytest.raises(InputError, match="line 1 is not as simsearch writes it: 'title'"):
        open_workspace(tmp_path / "other").index(tmp_path / "out")


def test_status_knows_the_model_that_the_settings_name(tmp_path: Path) -> None:
    workspace = indexed(tmp_path, {"docs/a.txt": "heron"})
    status = workspace.status()
    assert (status.model, status.index_model, status.fresh) == ("hashed-words", "hashed-words", True)


def test_a_picture_in_a_note_is_kept_in_its_text_and_in_no_chunk(tmp_path: Path) -> None:
    picture = base64.b64encode(hashlib.sha512(b"heron").digest() * 20).decode()
    note = f"# Trip\n\nThe heron ![of ours](data:image/png;base64,{picture}) stood in the reeds.\n"
    workspace = indexed(tmp_path, {"docs/note.md": note})
    [read] = workspace.get("docs/note.md")
    assert read.text == note
    chunks = [workspace.query(word, mode="lexical", k=1)[0] for word in ("heron", "reeds")]
    assert not any(picture[:40] in hit.text for hit in chunks)
    assert [note[hit.start : hit.end] for hit in chunks] == [hit.text for hit in chunks]
    assert chunks[1].lines == (3, 3)
