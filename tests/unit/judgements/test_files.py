"""Files of judgements: what is written is read back, and what is not a judgement is refused by row."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simsearch.errors import InputError
from simsearch.judgements.files import read_judgement_file, write_judgement_file
from simsearch.types import Judgement

LINE = (
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)
    .map(str.strip)
    .filter(bool)
)
JUDGEMENTS = st.builds(
    Judgement,
    question=LINE,
    path=LINE,
    id=LINE,
    right=st.booleans(),
    passage=st.text(st.sampled_from('ab",;\n\t'), max_size=9).map(str.strip),
    by=LINE,
    when=LINE,
    rank=st.none() | st.integers(1, 99),
)


@pytest.mark.parametrize("name", ["judged.jsonl", "judged.csv"])
@settings(max_examples=60, deadline=None)
@given(judgements=st.lists(JUDGEMENTS, min_size=1, max_size=5))
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, name: str, judgements: list[Judgement]
) -> None:
    path = tmp_path_factory.mktemp("judged") / name
    write_judgement_file(path, judgements)
    assert [judgement for _, judgement in read_judgement_file(path)] == judgements


def test_usual_columns_and_grades_are_understood(tmp_path: Path) -> None:
    path = tmp_path / "judged.tsv"
    path.write_text("Query\tDoc\tGrade\nhow\ta.md\t2\nhow\tb.md\t0\nwhere\tc.md\t\n")
    assert [(j.question, j.id, j.right) for _, j in read_judgement_file(path)] == [
        ("how", "a.md", True),
        ("how", "b.md", False),
        ("where", "c.md", True),
    ]


def test_qrels_need_their_questions(tmp_path: Path) -> None:
    qrels, queries = tmp_path / "qrels.tsv", tmp_path / "queries.jsonl"
    qrels.write_text("q1 0 a.md 1\nq2 0 b.md 0\n")
    queries.write_text('{"_id": "q1", "text": "how"}\n{"_id": "q2", "text": "where"}\n')
    assert [j for _, j in read_judgement_file(qrels, queries)] == [
        Judgement("how", "a.md", "a.md", True),
        Judgement("where", "b.md", "b.md", False),
    ]
    qrels.write_text("q1 0 a.md 1\nq3 0 b.md 0\n")
    with pytest.raises(InputError, match="'q3'"):
        read_judgement_file(qrels, queries)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("j.jsonl", '{"question": "how", "id": "a"}\n[1]\n', "row 2"),
        ("j.jsonl", '{"question": "how"}\n', "row 1"),
        ("j.jsonl", "not json\n", "row 1"),
        ("j.csv", "question,id,right\nhow,a,maybe\n", "row 2.*'maybe'"),
        ("j.csv", "question,id,rank\nhow,a,0\n", "row 2.*rank"),
        ("j.txt", "how a", "is not a file of judgements"),
        ("missing.csv", None, "can't be read"),
    ],
)
def test_what_is_not_a_judgement_is_refused(tmp_path: Path, name: str, text: str | None, said: str) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=said):
        read_judgement_file(tmp_path / name)


@settings(max_examples=100, deadline=None)
@given(content=st.binary(max_size=200), ending=st.sampled_from([".jsonl", ".csv", ".tsv"]))
def test_any_bytes_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, ending: str
) -> None:
    path = tmp_path_factory.mktemp("judged") / f"odd{ending}"
    path.write_bytes(content)
    try:
        read_judgement_file(path)
    except InputError as error:
        assert "\n" not in str(error)
