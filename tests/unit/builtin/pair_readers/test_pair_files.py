"""Pairs from files: what is read, and the message for each bad row."""

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.errors import InputError
from simsearch.plugins.registry import Registry
from simsearch.tuning.pairs.reading import read_pairs

REGISTRY = Registry.load()
TEXTS = st.text(min_size=1).filter(str.strip)


def read(path: Path, columns: str = "") -> list[tuple[str, str, float | None]]:
    return [(pair.anchor, pair.positive, pair.score) for pair in read_pairs([path], REGISTRY, columns)]


def refusal(path: Path, content: bytes | str, columns: str = "") -> str:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(InputError) as caught:
        read(path, columns)
    return str(caught.value)


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1))
def test_jsonl_gives_back_every_text(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("pairs") / "pairs.jsonl"
    path.write_text(
        "".join(json.dumps({"anchor": a, "positive": p}) + "\n" for a, p in rows), encoding="utf-8"
    )
    assert read(path, "anchor=anchor,positive=positive") == [(a, p, None) for a, p in rows]


@pytest.mark.parametrize(
    ("ending", "delimiter"), [(".csv", ","), (".tsv", "\t"), (".csv", ";"), (".csv", "\t")]
)
def test_tables_quote_as_spreadsheets_do(tmp_path: Path, ending: str, delimiter: str) -> None:
    path = tmp_path / f"pairs{ending}"
    rows = [("a, b; c", 'say "yes"'), ("two\nlines", "x\ty")]
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file, delimiter=delimiter).writerows([("question", "answer"), *rows])
    assert read(path) == [(a, p, None) for a, p in rows]


def test_a_label_of_0_or_1_beside_two_texts_is_a_score(tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text("question,answer,label\na,b,1\nc,d,0\n")
    assert read(path) == [("a", "b", 1.0), ("c", "d", 0.0)]
    path.write_text("question,answer,label,score\na,b,1,0.3\n")
    assert read(path) == [("a", "b", 0.3)]


def test_percentages_are_scores(tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text("question,answer,score\na,b,84%\nc,d, 7.5 %\n")
    assert read(path) == [("a", "b", 0.84), ("c", "d", 0.075)]


def test_json_takes_lists_of_two(tmp_path: Path) -> None:
    path = tmp_path / "pairs.json"
    path.write_text('[["one", "two"], ["three", "four"]]')
    assert read(path) == [("one", "two", None), ("three", "four", None)]


def test_parquet_is_read(tmp_path: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    path = tmp_path / "pairs.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"query": ["a"], "passage": ["b"], "score": [0.5]}), path)
    assert read(path) == [("a", "b", 0.5)]


def test_a_parquet_column_of_dates_is_called_so(tmp_path: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    path = tmp_path / "pairs.parquet"
    dates = pyarrow.array([0], pyarrow.date32())
    pyarrow.parquet.write_table(pyarrow.table({"query": dates, "passage": ["b"]}), path)
    with pytest.raises(InputError, match="row 1: 'query' is a date; a pair needs two texts"):
        read(path)


def test_an_empty_parquet_table_is_refused_with_its_columns(tmp_path: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    empty = pyarrow.table({"query": pyarrow.array([], "string"), "passage": pyarrow.array([], "string")})
    pyarrow.parquet.write_table(empty, tmp_path / "pairs.parquet")
    with pytest.raises(InputError, match="has the columns query, passage, but no rows follow"):
        read(tmp_path / "pairs.parquet")


def test_other_columns_and_negatives_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text(
        '{"anchor": "a", "positive": "b", "negative_1": "c", "negative_2": "d", "date": "2026-01-01"}\n'
    )
    (pair,) = read_pairs([path], REGISTRY)
    assert pair.negatives == ("c", "d")
    assert pair.columns == {"date": "2026-01-01"}
    assert (pair.source, pair.row) == (str(path), 1)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("p.jsonl", "", "no pairs"),
        ("p.csv", "anchor,positive\n", "has the columns anchor, positive, but no rows follow"),
        ("p.tsv", "question\tanswer\n\n", "has the columns question, answer, but no rows follow"),
        ("p.jsonl", '{"anchor": "a", "positive": "b"}\n{"anchor": "c"}\n', "row 2: 'positive' is empty"),
        ("p.csv", "anchor,positive\na,b\nc,\n", "row 3: 'positive' is empty"),
        ("p.jsonl", '["only one"]\n', "row 1: a pair is a list of two texts"),
        ("p.csv", b"anchor,positive\na,b\n\xff\xfe,c\n", "row 3: this is not UTF-8"),
        ("p.csv", "foo,bar\na,b\n", "Its columns are: foo, bar"),
        (
            "p.jsonl",
            '{"anchor": "a \\ud83d", "positive": "b"}\n',
            "row 1: 'anchor' contains an invalid character",
        ),
        ("p.jsonl", '{"text": "a", "label": "\\ud83d"}\n', "row 1: 'label' contains an invalid character"),
        ("p.jsonl", '{"anchor": "a", "positive": 7}\n', "row 1: 'positive' is a number"),
        (
            "p.jsonl",
            '{"anchor": "a", "positive": "b", "score": NaN}\n{"anchor": "c", "positive": "d", "score": 1}',
            "row 1: the score in 'score' is nan",
        ),
        (
            "p.csv",
            "anchor,positive,score\na,b,high\n",
            "row 2: the column 'score' has values that don't say whether two texts are similar: high (1)",
        ),
        ("p.jsonl", '{"anchor": "a"', "row 1: this is not valid JSON"),
        ("p.json", '{"a": 1}', "holds an object"),
        ("p.docx", "x", "no pair reader handles this file type"),
        ("p.parquet", "x", "can't be read as parquet"),
        ("p.csv", "anchor,positive\na,b,c\n", "row 2: 3 cells under 2 column names"),
    ],
)
def test_a_bad_file_is_refused_by_file_and_row(
    tmp_path: Path, name: str, content: bytes | str, said: str
) -> None:
    message = refusal(tmp_path / name, content)
    assert said in message
    assert name in message


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.csv does not exist"):
        read(tmp_path / "gone.csv")


def test_swapped_columns_are_refused_until_named(tmp_path: Path) -> None:
    content = "question,answer\n" + "".join(f"Fact {i}.,What is fact {i}?\n" for i in range(9))
    path = tmp_path / "pairs.csv"
    assert "look swapped" in refusal(path, content)
    assert read(path, "anchor=answer,positive=question")[0][0] == "What is fact 0?"
