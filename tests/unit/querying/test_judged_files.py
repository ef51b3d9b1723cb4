"""Questions with known answers: every row is what it should be, or is named."""

import re
from pathlib import Path

import pytest

from simsearch.errors import InputError
from simsearch.querying.judged_files import read_judgements, read_queries


def test_a_line_that_is_not_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "queries.jsonl").write_text("\n{\n")
    with pytest.raises(InputError, match=r"queries\.jsonl, row 2: this is not valid JSON"):
        read_queries(tmp_path / "queries.jsonl")


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("queries.tsv", "no tab"),
        ("queries.jsonl", "[1]"),
        ("queries.jsonl", '{"text": "a question without an id"}'),
        ("queries.jsonl", '{"_id": null, "text": "another"}'),
        ("queries.jsonl", '{"_id": "1"}'),
    ],
)
def test_a_row_that_is_no_question_is_named_by_its_place_in_the_file(
    tmp_path: Path, name: str, wrong: str
) -> None:
    right = '{"_id": 7, "text": "heron"}' if name.endswith(".jsonl") else "7\theron"
    path = tmp_path / name
    path.write_text(f"\n{right}\n\n{wrong}\n")
    with pytest.raises(InputError, match=re.escape(f"{path}, row 4: expected ")):
        read_queries(path)
    path.write_text(f"\n{right}\n\n")
    assert read_queries(path) == {"7": "heron"}


@pytest.mark.parametrize("grade", ["²", "--1", "1.5", "much", "-"])
def test_a_grade_that_is_no_whole_number_is_named(tmp_path: Path, grade: str) -> None:
    path = tmp_path / "judged.tsv"
    path.write_text(f"query\tdocument\tgrade\n\n1\tdocs/a.txt\t{grade}\n")
    with pytest.raises(InputError, match=re.escape(f"row 3: the grade '{grade}' is not a whole number")):
        read_judgements(path)


def test_grades_stand_with_or_without_a_header_and_in_the_columns_of_trec(tmp_path: Path) -> None:
    path = tmp_path / "judged.tsv"
    path.write_text("query\tdocument\tgrade\n1\tdocs/a.txt\t2\n")
    assert read_judgements(path) == {"1": {"docs/a.txt": 2}}
    path.write_text("1 0 a 0\n1 0 b -1\n2 0 a 1\n")
    assert read_judgements(path) == {"1": {"a": 0, "b": -1}, "2": {"a": 1}}


def test_judgements_are_read_in_utf16(tmp_path: Path) -> None:
    path = tmp_path / "judged.tsv"
    path.write_text("1\tdocs/ä.txt\t2\n", encoding="utf-16")
    assert read_judgements(path) == {"1": {"docs/ä.txt": 2}}
