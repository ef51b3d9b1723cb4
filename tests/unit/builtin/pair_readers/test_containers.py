"""Shapes that files of pairs have in public: each gives the pairs that were put in, or is refused."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.builtin.pair_readers.reading import COUNT, read, refusal, write_lines

ROWS = [{"question": f"What is thing {i}", "answer": f"Thing {i} is this"} for i in range(COUNT)]
PAIRS = [(row["question"], row["answer"]) for row in ROWS]
BY_COLUMN = {name: [row[name] for row in ROWS] for name in ("question", "answer")}


def read_json(folder: Path, value: Any, name: str = "p.json") -> list[tuple[str, str]]:
    path = folder / name
    path.write_text(json.dumps(value), encoding="utf-8")
    return [(pair.anchor, pair.positive) for pair in read(path)]


@pytest.mark.parametrize(
    "value",
    [
        ROWS,
        [list(pair) for pair in PAIRS],
        [{"set": list(pair)} for pair in PAIRS],
        BY_COLUMN,
        {name: dict(zip("012345", cells, strict=True)) for name, cells in BY_COLUMN.items()},
        dict(zip("012345", ROWS, strict=True)),
        {"columns": ["question", "answer"], "index": [*range(COUNT)], "data": [list(pair) for pair in PAIRS]},
        {"schema": {"fields": []}, "data": ROWS},
        {"version": "1", "data": ROWS},
        {"rows": ROWS},
        {
            "queries": {f"q{i}": q for i, (q, _) in enumerate(PAIRS)},
            "corpus": {f"d{i}": a for i, (_, a) in enumerate(PAIRS)},
            "relevant_docs": {f"q{i}": [f"d{i}"] for i in range(COUNT)},
            "mode": "text",
        },
        [
            {"messages": [{"role": "user", "content": q}, {"role": "assistant", "content": a}]}
            for q, a in PAIRS
        ],
        [{"conversations": [{"from": "human", "value": q}, {"from": "gpt", "value": a}]} for q, a in PAIRS],
        [["question", "answer"], *([q, a] for q, a in PAIRS)],
        {"data": [["answer", "question"], *([a, q] for q, a in PAIRS)]},
        [
            {
                "prompt": [{"role": "system", "content": "s"}, {"role": "user", "content": q}],
                "chosen": [{"role": "user", "content": q}, {"role": "assistant", "content": a}],
            }
            for q, a in PAIRS
        ],
    ],
)
def test_json_comes_in_many_shapes(tmp_path: Path, value: Any) -> None:
    assert read_json(tmp_path, value) == PAIRS


def test_two_lists_of_objects_are_not_taken_for_columns(tmp_path: Path) -> None:
    value = {"queries": [{"id": 2, "text": "a b"}], "documents": [{"id": 5, "text": "c d"}]}
    (tmp_path / "p.json").write_text(json.dumps(value))
    assert "several lists of objects ('queries', 'documents')" in refusal(tmp_path / "p.json")


def test_a_longer_chat_is_refused_with_its_row(tmp_path: Path) -> None:
    turns = [{"role": "user", "content": "a b"}, {"role": "assistant", "content": "c d"}]
    path = write_lines(tmp_path / "p.jsonl", [{"messages": turns}, {"messages": turns * 2}])
    assert "row 2: the chat in 'messages' has 4 turns; a pair is one question" in refusal(path)


def test_parts_of_one_file_keep_their_names(tmp_path: Path) -> None:
    assert read_json(tmp_path, {"train": ROWS[:4], "test": ROWS[4:]}) == PAIRS
    assert [pair.columns["split"] for pair in read(tmp_path / "p.json")] == ["train"] * 4 + ["test"] * 2


def test_lines_of_json_may_be_called_json(tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text("\n".join(map(json.dumps, ROWS)))
    assert [(pair.anchor, pair.positive) for pair in read(tmp_path / "p.json")] == PAIRS


def test_lists_have_a_score_or_negatives_after_two_texts(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "p.jsonl", [["a b", "c d", 1], ["e f", "g h", 0]])
    assert [pair.score for pair in read(path)] == [1, 0]
    path = write_lines(tmp_path / "p.jsonl", [["a b", "c d", "e f"], ["g h", "i j", "k l", "m n"]])
    assert [pair.negatives for pair in read(path)] == [("e f",), ("k l", "m n")]
    path = write_lines(tmp_path / "p.jsonl", [["a b", "c d", "yes"], ["e f", "g h", "No"]])
    assert [pair.score for pair in read(path)] == [1, 0]
    assert "row 1: after two texts" in refusal(write_lines(path, [["a b", "c d", "e f", 1]]))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"a": 1}, "it holds an object with 'a'"),
        ("x", "it holds a text"),
        ({"a": ["x y"], "b": ["x y", "z"]}, "lists of different lengths ('a', 'b')"),
        (
            {"queries": {"q": "x"}, "corpus": {}, "relevant_docs": {"q": ["d"]}},
            "its document 'd' is missing",
        ),
        ([{"messages": [{"role": "user", "content": "a"}] * 3}], "row 1: the chat in 'messages' has 3 turns"),
        ([7], "row 1: a pair is two texts, this is a number"),
        ([["query", "answer"], ["a b", "c d", "e f"]], "row 2: this is not a list of 2 cells"),
    ],
)
def test_other_shapes_are_refused(tmp_path: Path, value: Any, said: str) -> None:
    (tmp_path / "p.json").write_text(json.dumps(value))
    assert said in refusal(tmp_path / "p.json")


def test_passages_are_read_by_their_text(tmp_path: Path) -> None:
    rows = [
        {
            "query_id": "1", "query": "q u",
            "positive_passages": [{"docid": "1", "title": "t", "text": "a b"}],
            "negative_passages": [{"docid": "2", "title": "t", "text": "c d"}],
        },
        {"query_id": "2", "query": "q v", "positive_passages": [{"text": "e f"}], "negative_passages": []},
    ]  # fmt: skip
    file = read(write_lines(tmp_path / "p.jsonl", rows))
    assert [(pair.positive, pair.negatives) for pair in file] == [("a b", ("c d",)), ("e f", ())]
    assert file.unread == ("query_id",)


def test_what_is_in_objects_has_a_column_of_its_own(tmp_path: Path) -> None:
    rows = [{"pair": {"x": "a b", "y": "c d"}, "meta": {"label": i % 2}} for i in range(COUNT)]
    path = write_lines(tmp_path / "p.jsonl", rows)
    assert "Its columns are: pair.x, pair.y, meta.label" in refusal(path)
    file = read(path, "anchor=pair.x,positive=pair.y")
    assert (file.rows, file.unread) == (COUNT, ("meta.label",))
    labelled = read(path, "anchor=pair.x,positive=pair.y,label=meta.label")
    assert [pair.score for pair in labelled] == [0, 1] * 3


def test_a_compressed_file_is_read_as_what_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "p.csv.gz"
    path.write_bytes(gzip.compress(b"question,answer\na b,c d\n"))
    assert [pair.positive for pair in read(path)] == ["c d"]
    path.write_bytes(b"question,answer\na b,c d\n")
    assert "not a compressed file" in refusal(path)


def beir_folder(folder: Path, grades: list[int]) -> Path:
    (folder / "qrels").mkdir()
    count = range(len(grades))
    write_lines(folder / "queries.jsonl", [{"_id": f"q{i}", "text": f"What is {i}"} for i in count])
    write_lines(
        folder / "corpus.jsonl", [{"_id": f"d{i}", "title": "T", "text": f"It is {i}"} for i in count]
    )
    judged = "".join(f"q{i}\td{i}\t{grade}\n" for i, grade in enumerate(grades))
    (folder / "qrels" / "train.tsv").write_text(f"query-id\tcorpus-id\tscore\n{judged}")
    return folder


def test_a_folder_of_beir_is_read(tmp_path: Path) -> None:
    file = read(beir_folder(tmp_path, [1, 2]))
    assert [(pair.anchor, pair.positive, pair.score) for pair in file] == [
        ("What is 0", "T It is 0", None), ("What is 1", "T It is 1", None),
    ]  # fmt: skip


def test_documents_that_were_judged_wrong_are_dissimilar(tmp_path: Path) -> None:
    folder = beir_folder(tmp_path, [1, 0])
    assert [pair.score for pair in read(folder)] == [1, 0]
    (folder / "qrels" / "train.tsv").write_text("q0\td9\t1\n")
    assert "train.tsv, row 1: the question 'q0', the document 'd9'" in refusal(folder)


def test_what_is_wrong_in_a_folder_of_beir_is_refused_with_its_row(tmp_path: Path) -> None:
    folder = beir_folder(tmp_path, [1, 1])
    queries, judged = folder / "queries.jsonl", folder / "qrels" / "train.tsv"
    judged.write_text("q0\td0\t1\nq1\td1\n")
    assert "train.tsv, row 2: this is not a question, a document and a grade" in refusal(folder)
    queries.write_text(queries.read_text() + '{"_id": "q0", "text": "What else"}\n')
    assert "queries.jsonl, row 3: the _id 'q0' comes again" in refusal(folder)
    queries.unlink()
    assert "there is no queries.jsonl in it" in refusal(folder)


def test_graded_documents_by_id_are_judged(tmp_path: Path) -> None:
    value = {
        "queries": {"q": "a b"},
        "corpus": {"d": "c d", "e": "e f"},
        "relevant_docs": {"q": {"d": 2, "e": 0}},
    }
    (tmp_path / "p.json").write_text(json.dumps(value))
    assert [(pair.positive, pair.score) for pair in read(tmp_path / "p.json")] == [("c d", 1), ("e f", 0)]


def test_columns_by_row_are_joined_by_their_rows(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    path.write_text('{"question": {"0": "a b", "1": "c d"}, "answer": {"1": "g h", "0": "e f"}}')
    assert [(pair.anchor, pair.positive) for pair in read(path)] == [("a b", "e f"), ("c d", "g h")]
    path.write_text('{"question": {"0": "a b", "1": "c d"}, "answer": {"1": "g h", "2": "e f"}}')
    assert "('question', 'answer') don't have the same rows" in refusal(path)


def test_three_texts_may_be_a_triplet(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "p.jsonl", [{"texts": ["a b", "c d", "e f"]}] * 2)
    assert "row 1: 'texts' has 3 texts, of which the last may be negatives" in refusal(path)
    assert [pair.positive for pair in read(write_lines(path, [{"set": ["a b", "c d", "e f"]}]))] == [
        "c d",
        "e f",
    ]


def test_a_folder_that_datasets_saved_is_read(tmp_path: Path) -> None:
    import pyarrow

    for split in ("train", "test"):
        folder = tmp_path / split
        folder.mkdir()
        with pyarrow.ipc.new_stream(str(folder / "data.arrow"), pyarrow.table(BY_COLUMN).schema) as stream:
            stream.write_table(pyarrow.table(BY_COLUMN))
    (tmp_path / "dataset_dict.json").write_text('{"splits": ["train", "test"]}')
    file = read(tmp_path)
    assert [(pair.anchor, pair.positive) for pair in file] == PAIRS * 2
    assert [pair.columns["split"] for pair in file] == ["train"] * COUNT + ["test"] * COUNT


@pytest.mark.parametrize("has_state", [True, False])
def test_only_the_data_of_a_saved_folder_is_read(tmp_path: Path, has_state: bool) -> None:
    import pyarrow

    for name in ("data-00000-of-00001.arrow", "cache-1f3a.arrow"):
        with pyarrow.ipc.new_stream(str(tmp_path / name), pyarrow.table(BY_COLUMN).schema) as stream:
            stream.write_table(pyarrow.table(BY_COLUMN))
    (tmp_path / "dataset_info.json").write_text("{}")
    state = {"_data_files": [{"filename": "data-00000-of-00001.arrow"}]} if has_state else {}
    (tmp_path / "state.json").write_text(json.dumps(state))
    assert [(pair.anchor, pair.positive) for pair in read(tmp_path)] == PAIRS
    (tmp_path / "data-00000-of-00001.arrow").unlink()
    assert "arrow" in refusal(tmp_path)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ([["a b"]], "row 1: this row has 1 cell, but 'columns' names 2"),
        (["ab"], "row 1: this row is not a list, but 'columns' names 2"),
        ({"a": 1}, "'data' is "),
    ],
)
def test_a_table_of_columns_and_data_is_read_or_refused(tmp_path: Path, data: object, reason: str) -> None:
    path = tmp_path / "p.json"
    path.write_text(json.dumps({"Columns": ["anchor", "positive"], "Data": [["a b", "c d"]]}))
    assert [(pair.anchor, pair.positive) for pair in read(path)] == [("a b", "c d")]
    path.write_text(json.dumps({"columns": ["anchor", "positive"], "data": data}))
    assert reason in refusal(path)


def test_another_folder_says_what_can_be_read(tmp_path: Path) -> None:
    assert "is a folder, which can be read if it holds one of corpus.jsonl" in refusal(tmp_path)


def test_an_arrow_file_is_read(tmp_path: Path) -> None:
    import pyarrow.feather

    pyarrow.feather.write_feather(pyarrow.table(BY_COLUMN), str(tmp_path / "p.feather"))
    assert [(pair.anchor, pair.positive) for pair in read(tmp_path / "p.feather")] == PAIRS
    (tmp_path / "p.feather").write_bytes(b"x")
    assert "can't be read as Arrow" in refusal(tmp_path / "p.feather")


def test_a_name_that_an_object_has_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    path.write_text('{"question": "a b", "answer": "c d"}\n{"question": "e", "answer": "f", "answer": "g"}\n')
    assert "row 2: an object has 'answer' twice" in refusal(path)


def test_one_list_may_be_called_jsonl(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    rows = [{"question": one, "answer": other} for one, other in PAIRS]
    for indent in (None, 1):
        path.write_text(json.dumps(rows, indent=indent))
        assert [(pair.anchor, pair.positive) for pair in read(path)] == PAIRS
    path.write_text("\n".join(json.dumps(row, indent=1) for row in rows))
    assert "row 1: this is not valid JSON" in refusal(path)
    assert "each line must be one whole value" in refusal(path)


def test_texts_in_an_object_can_be_named(tmp_path: Path) -> None:
    rows = [{"fields": {"query": one, "document": other}, "id": i} for i, (one, other) in enumerate(PAIRS)]
    path = write_lines(tmp_path / "p.jsonl", rows)
    assert "Its columns are: fields.query, fields.document, id" in refusal(path)
    file = read(path, "anchor=fields.query,positive=fields.document")
    assert [(pair.anchor, pair.positive) for pair in file] == PAIRS
