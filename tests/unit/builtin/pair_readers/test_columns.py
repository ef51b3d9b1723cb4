"""Which column is taken for what, and what is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.builtin.pair_readers.reading import COUNT, read, refusal, write_lines, write_table

TEXTS = [f"Some text about thing {i}" for i in range(COUNT)]
OTHERS = [f"Another text on matter {i}" for i in range(COUNT)]


def table(path: Path, **columns: list[str]) -> Path:
    return write_table(path, list(columns), zip(*columns.values(), strict=True))


@pytest.mark.parametrize(
    ("anchor", "positive"),
    [
        ("query", "answer"), ("question", "context"), ("question1", "question2"), ("Question 1", "Question 2"),
        ("premise", "hypothesis"), ("sentence_A", "sentence_B"), ("query", "response"), ("prompt", "completion"),
        ("input", "output"), ("instruction", "response"), ("text_a", "text_b"), ("text_left", "text_right"),
        ("QUESTION", "ANSWER"), ("Frage", "Antwort"), ("question", "accepted_answer"), ("search_query", "product"),
        ("query", "pos"), ("prompt", "chosen"), ("source", "target"), ("title", "abstract"), ("anchor", "positive"),
        ("user_input", "reference"), ("question_text", "answer_text"), ("问题", "答案"), ("pregunta", "respuesta"),
        ("q", "a"), ("Question", "Réponse"), ("Fråga", "Svar"), ("Pytanie", "Odpowiedź"), ("السؤال", "الجواب"),
        ("claim", "evidence"),
    ],
)  # fmt: skip
def test_usual_names_are_the_two_sides(tmp_path: Path, anchor: str, positive: str) -> None:
    columns = {"nr": [f"x{i}" for i in range(COUNT)], positive: OTHERS, anchor: TEXTS}
    file = read(table(tmp_path / "p.csv", **columns))
    assert (file.columns.anchor, file.columns.positive, file.unread) == (anchor, positive, ("nr",))
    assert [(pair.anchor, pair.positive) for pair in file] == list(zip(TEXTS, OTHERS, strict=True))


@pytest.mark.parametrize("category", ["category", "intent", "topic", "class"])
def test_two_texts_and_a_category_are_pairs(tmp_path: Path, category: str) -> None:
    columns = {"question": TEXTS, category: ["a", "b"] * 3, "response": OTHERS}
    file = read(table(tmp_path / "p.csv", **columns))
    assert (file.columns.positive, file.unread, file.classes) == ("response", (category,), 0)


def test_texts_that_could_be_either_are_asked_for(tmp_path: Path) -> None:
    path = table(tmp_path / "p.csv", text=TEXTS, remark=OTHERS, label=["a", "b"] * 3)
    message = refusal(path)
    assert "'text', 'remark'" in message
    assert "--columns anchor=text,positive=remark" in message
    assert read(path, "anchor=text,label=label").classes == 2
    assert read(path, "anchor=text,positive=remark,label=none").rows == COUNT


def test_labels_that_are_texts_are_not_classes(tmp_path: Path) -> None:
    assert "holds no classes" in refusal(table(tmp_path / "p.csv", text=TEXTS, label=OTHERS))


def test_texts_of_one_class_teach_nothing(tmp_path: Path) -> None:
    assert "all texts have the same label, 'a'" in refusal(
        table(tmp_path / "p.csv", text=TEXTS, label=["a"] * COUNT)
    )


def test_ids_are_not_taken_for_texts_where_texts_are_there(tmp_path: Path) -> None:
    ids = {"question": [f"q{i}" for i in range(COUNT)], "answer": [f"a-{i}" for i in range(COUNT)]}
    path = table(tmp_path / "p.csv", **ids, question_text=TEXTS, answer_text=OTHERS)
    assert read(path).columns.anchor == "question_text"
    addresses = [f"https://a.example/{i}" for i in range(COUNT)]
    path = table(
        tmp_path / "p.csv", question=TEXTS, source=addresses, target=ids["answer"], answer_text=OTHERS
    )
    assert (read(path).columns.positive, read(path).unread) == ("answer_text", ("source", "target"))
    path = table(tmp_path / "p.tsv.csv", **{"query-id": ids["question"], "corpus-id": ids["answer"]})
    assert "only identifiers and numbers" in refusal(path)


def test_columns_of_the_same_name_are_refused(tmp_path: Path) -> None:
    path = write_table(tmp_path / "p.csv", ["question", "question", "answer"], [["a b", "T-1", "c d"]])
    assert "two columns called 'question'" in refusal(path)
    path = table(tmp_path / "p.csv", question=TEXTS, answer=OTHERS, Answer=OTHERS)
    assert "'answer' and 'Answer'" in refusal(path)
    assert read(path, "anchor=question,positive=Answer").unread == ("answer",)


def test_a_file_without_a_header_takes_numbers(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("".join(f"{a}?,{b}.\n" for a, b in zip(TEXTS, OTHERS, strict=True)))
    assert "row 1: this looks like data" in refusal(path)
    file = read(path, "anchor=1,positive=2")
    assert (file.rows, file.columns.anchor, file.columns.positive) == (COUNT, "1", "2")


def test_columns_of_a_header_can_be_numbered_too(tmp_path: Path) -> None:
    path = table(tmp_path / "p.csv", alpha=TEXTS, beta=OTHERS)
    assert "Its columns are: alpha, beta" in refusal(path)
    file = read(path, "anchor=2,positive=1")
    assert (file.rows, file.columns.anchor, file.columns.positive) == (COUNT, "beta", "alpha")
    assert "there is no column '3'. Its columns are: alpha, beta" in refusal(path, "anchor=3,positive=1")


def test_a_first_row_that_numbers_make_a_header_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("mot,word\nun,one\ndeux,two\n", encoding="utf-8")
    assert read(path, "anchor=1,positive=2").notes == (
        "Row 1 is not read as a pair: it is taken for the names of the columns.",
    )
    assert read(path, "anchor=mot,positive=word").notes == ()


def test_the_columns_of_json_are_those_of_all_rows(tmp_path: Path) -> None:
    rows = [
        {"anchor": "a b", "positive": "c d"},
        {"anchor": "e f", "positive": "g h", "negative": "i j", "date": "x"},
    ]
    file = read(write_lines(tmp_path / "p.jsonl", rows))
    assert (file.columns.negatives, file.unread) == (("negative",), ("date",))


def test_a_label_beside_named_sides_is_that_of_the_pair(tmp_path: Path) -> None:
    path = table(tmp_path / "p.csv", one=TEXTS, two=OTHERS, same=["1", "0"] * 3)
    file = read(path, "anchor=one,positive=two,label=same")
    assert (file.columns.label, [pair.score for pair in file]) == ("same", [1, 0] * 3)


def test_an_instruction_for_all_questions_is_not_what_is_asked(tmp_path: Path) -> None:
    said = ["Answer the question"] * COUNT
    file = read(table(tmp_path / "p.csv", instruction=said, input=TEXTS, output=OTHERS))
    assert (file.columns.anchor, file.unread) == ("input", ("instruction",))
    assert read(table(tmp_path / "p.csv", instruction=said, output=OTHERS)).columns.anchor == "instruction"


def test_a_column_of_yes_and_no_is_no_text(tmp_path: Path) -> None:
    columns = {"text1": TEXTS, "text2": OTHERS, "negative": ["yes", "no"] * 3}
    file = read(table(tmp_path / "p.csv", **columns))
    assert (file.columns.negatives, file.unread) == ((), ("negative",))
    path = table(tmp_path / "p.csv", text=TEXTS, answer=["accept", "reject", "ignore"] * 2)
    assert "are no columns 'anchor' and 'positive'" in refusal(path)


def test_one_column_is_not_two_things(tmp_path: Path) -> None:
    path = table(tmp_path / "p.csv", question=TEXTS, answer=OTHERS)
    assert "names 'answer' for two things" in refusal(path, "anchor=answer,positive=answer")
    assert "names 'answer' for two things" in refusal(path, "anchor=question,positive=answer,score=answer")


def test_a_message_lists_the_first_of_many_columns(tmp_path: Path) -> None:
    path = table(tmp_path / "p.csv", **{f"x{i}": TEXTS for i in range(50)})
    assert "x0, x1, " in refusal(path)
    assert "x19 and 30 more. Name them" in refusal(path)


def test_names_that_come_again_are_refused_with_their_row(tmp_path: Path) -> None:
    path = table(tmp_path / "p.csv", question=[*TEXTS, "question"], answer=[*OTHERS, "answer"])
    assert f"row {COUNT + 2}: the names of the columns come again" in refusal(path)


def test_numbers_are_no_names_of_columns(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text(
        "".join(f'"{i % 4 + 1}","{text}","{text}s"\n' for i, text in enumerate(TEXTS)), encoding="utf-8"
    )
    assert "row 1: this looks like data" in refusal(path)


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ('[{"question": "a b"}]', "JSON"), ('{"question": "a b"}', "JSON"), ("<!DOCTYPE html>\n<p>a,b", "a web page"),
        ("PK\x03\x04\0", "a ZIP archive or an Excel file"), ("version https://git-lfs.github.com/spec/v1", "Git LFS"),
    ],
)  # fmt: skip
def test_a_file_of_another_kind_is_named(tmp_path: Path, start: str, said: str) -> None:
    (tmp_path / "p.csv").write_text(start, encoding="utf-8")
    assert said in refusal(tmp_path / "p.csv")
