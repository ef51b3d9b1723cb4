"""Negatives: under their usual names, as lists, objects or printed lists, and never ids or scores."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.builtin.pair_readers.reading import COUNT, read, refusal, write_lines, write_table


def file_of(folder: Path, **columns: Any) -> Path:
    rows = [{"query": f"q u {i}", "positive": f"p o {i}", **columns} for i in range(COUNT)]
    return write_lines(folder / "p.jsonl", rows)


@pytest.mark.parametrize(
    "name",
    [
        "neg", "negative", "negatives", "Negative_1", "negative2", "hard_negatives", "hard-negative", "hardneg",
        "rejected", "rejected_response", "negative_passages", "negative_ctxs", "hard_negative_ctxs", "wrong_answer",
        "incorrect_answers", "neg_text", "distractors", "irrelevant_docs",
    ],
)  # fmt: skip
def test_negatives_have_many_names(tmp_path: Path, name: str) -> None:
    file = read(file_of(tmp_path, **{name: ["n o", "n p"]}))
    assert (file.columns.negatives, file.unread) == ((name,), ())
    assert all(pair.negatives == ("n o", "n p") for pair in file)


@pytest.mark.parametrize(
    "name", ["negative_id", "neg_scores", "negative_score", "negative_ids", "neg_count", "neg_doc_id"]
)
def test_ids_and_scores_of_negatives_are_not_texts(tmp_path: Path, name: str) -> None:
    file = read(file_of(tmp_path, **{name: "d-1"}))
    assert (file.columns.negatives, file.unread) == ((), (name,))


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        ("n o", ("n o",)),
        (["n o", None, ""], ("n o",)),
        ([{"docid": "7", "text": "n o"}], ("n o",)),
        ([{"title": "t", "text": "n o"}, "n p"], ("n o", "n p")),
        ("['n o', \"it's\"]", ("n o", "it's")),
        ('["n o", null]', ("n o",)),
        ("['n o' 'n p'\n 'n q']", ("n o", "n p", "n q")),
        ("[{'text': 'n o'}]", ("n o",)),
        (None, ()),
        (["p o 0"], ()),
    ],
)
def test_negatives_are_read_in_every_form(tmp_path: Path, value: Any, texts: tuple[str, ...]) -> None:
    assert read(file_of(tmp_path, negatives=value)).pairs[0].negatives == texts


def test_what_holds_no_text_is_refused_with_its_row(tmp_path: Path) -> None:
    assert "row 1: 'negatives' holds objects without a 'text'; they have: id" in refusal(
        file_of(tmp_path, negatives=[{"id": 1}])
    )
    assert "row 1: 'negatives' is a number" in refusal(file_of(tmp_path, negatives=[7]))


def test_a_negative_that_is_the_positive_is_dropped_and_counted(tmp_path: Path) -> None:
    file = read(file_of(tmp_path, neg=["P  O 1", "n o"]))
    assert [len(pair.negatives) for pair in file] == [2, 1, 2, 2, 2, 2]
    assert file.notes == (
        "1 negative is left out because the same row has the same text as its anchor or a positive.",
    )


def test_a_person_can_name_them(tmp_path: Path) -> None:
    path = write_table(tmp_path / "p.csv", ["question", "answer", "x", "y"], [["a b", "c d", "e f", "g h"]])
    assert read(path, "negative=x").columns.negatives == ("x",)
    assert read(path, "negative=x+y").pairs[0].negatives == ("e f", "g h")
    assert "there is no column 'z'" in refusal(path, "negative=z")
    assert read(file_of(tmp_path, neg="n o"), "negative=none").unread == ("neg",)


def test_several_positives_make_several_pairs(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "p.jsonl", [{"query": "q", "pos": ["a b", "c d"], "neg": ["e f"]}])
    assert [(pair.positive, pair.negatives, pair.row) for pair in read(path)] == [
        ("a b", ("e f",), 1), ("c d", ("e f",), 1),
    ]  # fmt: skip
    path = write_table(
        tmp_path / "p.csv", ["query", "positive"], [["q u", "['a b', 'c d']"], ["q v", "['e f']"]]
    )
    assert [pair.positive for pair in read(path)] == ["a b", "c d", "e f"]


def test_brackets_in_a_text_are_not_a_list(tmp_path: Path) -> None:
    path = write_table(tmp_path / "p.csv", ["query", "positive"], [["q u", "[sic] done"], ["q v", "see [1]"]])
    assert [pair.positive for pair in read(path)] == ["[sic] done", "see [1]"]


def test_a_negative_that_is_the_anchor_is_dropped_and_counted(tmp_path: Path) -> None:
    path = write_table(tmp_path / "p.csv", ["anchor", "positive", "negative"], [["a b", "c d", "A  b"]])
    assert read(path).pairs[0].negatives == ()
    assert "1 negative is left out" in read(path).notes[0]


@pytest.mark.parametrize(
    "cell",
    [
        "array(['a b', 'c d'], dtype=object)", "['a b'\n 'c d']", "('a b', 'c d')", "{'a b', 'c d'}", '{"a b","c d"}',
        "{'text': array(['a b', 'c d'], dtype=object), 'start': array([1, 5], dtype=int32)}",
        '{"text": ["a b", "c d"]}',
    ],
)  # fmt: skip
def test_printed_values_are_read(tmp_path: Path, cell: str) -> None:
    path = write_table(tmp_path / "p.csv", ["query", "answers"], [["q u", cell], ["q v", cell]])
    assert [pair.positive for pair in read(path)] == ["a b", "c d"] * 2


def test_texts_that_were_printed_as_bytes_are_read(tmp_path: Path) -> None:
    path = write_table(
        tmp_path / "p.csv", ["query", "answer"], [["b'q u'", "b'a b'"], ["b'q v'", 'b"it\'s"']]
    )
    assert [(pair.anchor, pair.positive) for pair in read(path)] == [("q u", "a b"), ("q v", "it's")]


def test_several_anchors_and_positives_of_one_row_are_refused(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "p.jsonl", [{"question": ["a b", "c d"], "answer": ["e f", "g h"]}])
    assert "row 1: 'question' has 2 texts and 'answer' 2" in refusal(path)


def test_printed_objects_keep_their_verdicts(tmp_path: Path) -> None:
    cell = '[{"text": "a b", "is_selected": 1}, {"text": "c d", "is_selected": 0}]'
    file = read(write_table(tmp_path / "p.csv", ["query", "passages"], [["q u", cell]]))
    assert [(pair.positive, pair.score) for pair in file] == [("a b", 1), ("c d", 0)]
