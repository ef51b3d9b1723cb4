"""Scores and labels: usual words and scales are read, anything else is refused by column, row and value."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.builtin.pair_readers.reading import pair_table, read, refusal, write_lines


def scores(path: Path, columns: str = "") -> list[float | None]:
    return [pair.score for pair in read(path, columns)]


@pytest.mark.parametrize(
    ("similar", "dissimilar"),
    [
        ("yes", "no"), ("Yes", "NO"), ("Y", "N"), ("ja", "nein"), ("oui", "non"), ("True", "False"), ("t", "f"),
        ("duplicate", "not_duplicate"), ("duplicate", "unique"), ("dup", "non-dup"), ("match", "no match"),
        ("MATCH", "MISMATCH"), ("matched", "Not matched"), ("same", "different"), ("similar", "not similar"),
        ("similar", "dissimilar"), ("relevant", "irrelevant"), ("Relevant", "non-relevant"),
        ("entailment", "not_entailment"), ("ENTAILMENT", "CONTRADICTION"), ("paraphrase", "non-paraphrase"),
        ("correct", "incorrect"), ("positive", "negative"), ("equivalent", "not equivalent"), ("1", "0"),
        ("1.0", "0.0"), ("是", "否"), ("はい", "いいえ"), ("да", "нет"), ("related", "unrelated"),
        ("ja", "nee"), ("Ja", "Nej"), ("tak", "nie"), ("evet", "hayır"), ("richtig", "falsch"), ("верно", "неверно"),
        ("✅", "❌"), ("✔️", "✗"), ("👍", "👎"),
    ],
)  # fmt: skip
def test_usual_words_are_read(tmp_path: Path, similar: str, dissimilar: str) -> None:
    path = pair_table(tmp_path / "p.csv", label=[similar, dissimilar, f" {similar} "])
    assert scores(path) == [1.0, 0.0, 1.0]
    assert read(path).columns.label == "label"


def test_neither_is_left_out_and_counted(tmp_path: Path) -> None:
    path = pair_table(
        tmp_path / "p.csv", gold_label=["entailment", "neutral", "contradiction", "-", "neutral"]
    )
    file = read(path)
    assert [pair.score for pair in file] == [1.0, 0.0]
    assert (file.rows, file.notes) == (
        5, ("Rows that say neither similar nor dissimilar are left out: 2 neutral, 1 -.",),
    )  # fmt: skip


def test_an_unknown_set_of_values_is_refused_with_them(tmp_path: Path) -> None:
    path = pair_table(tmp_path / "p.csv", label=["red", "green", "green"])
    message = refusal(path)
    assert "row 2: the column 'label'" in message
    assert "green (2), red (1)" in message
    assert scores(path, "label=none") == [None] * 3
    assert read(path, "label=none").unread == ("label",)


@pytest.mark.parametrize("name", ["match", "relevant", "esci_label", "quality"])
def test_unknown_labels_under_usual_names_are_refused_too(tmp_path: Path, name: str) -> None:
    path = pair_table(tmp_path / "p.csv", **{name: ["zgodne", "niezgodne", "niezgodne", "zgodne"]})
    assert f"row 2: the column '{name}' has values that don't say" in refusal(path)
    assert read(path, "label=none").unread == (name,)
    texts = pair_table(path, **{name: ["one thing", "another", "a third", "a fourth"]})
    assert read(texts).unread == (name,)


def test_a_target_may_be_a_class_that_nothing_uses(tmp_path: Path) -> None:
    path = pair_table(tmp_path / "p.csv", target=["team-0", "team-1", "team-1", "team-0"])
    assert read(path).unread == ("target",)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (["yes", "no", "", "no", "yes"], "row 4: 'label' is empty"),
        (["1", "0", "O", "1", "0", "1"], "row 4: 'label' is 'O'"),
        (["yes", "no", "yes", "nope", "no", "no"], "row 5: 'label' is 'nope'"),
        (
            ["yes", "no", "0.7", "yes", "no"],
            "row 4: 'label' is '0.7', and other rows have words: yes (2), no (2)",
        ),
        (["0.7", "0.2", "-", "0.4"], "row 4: 'label' is '-', and other rows have numbers: 0.7 (1), 0.2 (1)"),
        (["0.7", "N/A", "N/A", "0.4"], "row 3: 'label' is 'N/A', which is not a number"),
        (["yes", "no", "partly", "partly"], "row 4: the column 'label' has values that don't say"),
        (["840", "1,250", "2,400"], "row 3: 'label' is '1,250', which may be 1250 or 1.25"),
    ],
)
def test_one_bad_cell_is_refused_with_its_row(tmp_path: Path, values: list[str], said: str) -> None:
    assert said in refusal(pair_table(tmp_path / "p.csv", label=values))


def test_a_missing_label_in_json_is_refused_with_its_row(tmp_path: Path) -> None:
    rows = [
        {"question": "a b", "answer": "c d", "label": 1},
        {"question": "e f", "answer": "g h", "label": None},
    ]
    assert "row 2: 'label' is empty" in refusal(write_lines(tmp_path / "p.jsonl", rows))
    del rows[0]["label"]
    rows[1]["label"] = 0
    assert "row 1: 'label' is empty" in refusal(write_lines(tmp_path / "p.jsonl", rows))


@pytest.mark.parametrize("values", [[0, 1, 2], [1, 2, 1], [-1, 0, 1], [1, 2, 3], [0, 7, 76], [4, 4, 4]])
def test_codes_in_a_label_are_not_guessed(tmp_path: Path, values: list[int]) -> None:
    path = pair_table(tmp_path / "p.csv", label=values)
    message = refusal(path)
    assert "'label'" in message
    assert ", ".join(map(str, sorted(set(values)))) in message
    assert scores(path, "score=label") == values


@pytest.mark.parametrize(
    "values", [[0, 5, 3, 1], [4.2, 0.0, 3.5], [1, -1, 1], [0.2, 0.9], [0, 1, 2, 3], [1, 1], [0, 0]]
)
def test_a_label_may_be_a_scale(tmp_path: Path, values: list[float]) -> None:
    assert scores(pair_table(tmp_path / "p.csv", label=values)) == values


@pytest.mark.parametrize(
    "name",
    [
        "score",
        "Similarity Score",
        "relatedness_score",
        "relevance",
        "rating",
        "gold_score",
        "Score (0-5)",
        "sts-score",
    ],
)
def test_scores_have_many_names(tmp_path: Path, name: str) -> None:
    file = read(pair_table(tmp_path / "p.csv", **{name: [0.5, 4, 5]}))
    assert file.columns.score == name
    assert [pair.score for pair in file] == [0.5, 4, 5]


@pytest.mark.parametrize(
    "name", ["is_duplicate", "isMatch", "is_paraphrase", "target", "Quality", "labels", "Relevant"]
)
def test_labels_have_many_names(tmp_path: Path, name: str) -> None:
    file = read(pair_table(tmp_path / "p.csv", **{name: [0, 1, 1]}))
    assert file.columns.label == name
    assert [pair.score for pair in file] == [0, 1, 1]


def test_a_score_under_an_unknown_name_is_unread_and_can_be_named(tmp_path: Path) -> None:
    path = pair_table(tmp_path / "p.csv", annotator_mean=[0.1, 0.9])
    assert read(path).unread == ("annotator_mean",)
    assert scores(path, "score=annotator_mean") == [0.1, 0.9]


def test_a_score_goes_before_a_label(tmp_path: Path) -> None:
    file = read(pair_table(tmp_path / "p.csv", label=["yes", "no"], score=[0.8, 0.1]))
    assert ([pair.score for pair in file], file.unread) == ([0.8, 0.1], ("label",))


def test_numbers_are_read_as_people_write_them(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("sentence1;sentence2;score\na a;b b;4,8\nc c;d d;0,5\n")
    assert scores(path) == [4.8, 0.5]
    assert scores(pair_table(path, score=["84%", " 7.5 %"])) == [0.84, 0.075]
    assert scores(pair_table(path, score=["5%", "1%", "3%"])) == [0.05, 0.01, 0.03]
    assert "row 3: the score '0.9' in 'score' is not in the same unit" in refusal(
        pair_table(path, score=["90%", "0.9"])
    )


def test_a_margin_is_not_a_similarity(tmp_path: Path) -> None:
    rows = [
        {"anchor": f"a b {i}", "positive": f"c d {i}", "negative": f"e f {i}", "score": 5.9 + i}
        for i in range(3)
    ]
    path = write_lines(tmp_path / "p.jsonl", rows)
    file = read(path)
    assert [pair.score for pair in file] == [None] * 3
    assert file.unread == ("score",)
    assert "margin" in file.notes[0]
    assert scores(path, "score=score") == [5.9, 6.9, 7.9]


def test_a_list_of_labels_goes_with_a_list_of_answers(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "p.jsonl", [{"query": "a b", "answer": ["c d", "e f"], "labels": [1, 0]}])
    assert [(pair.positive, pair.score) for pair in read(path)] == [("c d", 1), ("e f", 0)]
    path = write_lines(path, [{"query": "a b", "answer": ["c d", "", "e f"], "labels": [1, 1, 0]}])
    assert [(pair.positive, pair.score) for pair in read(path)] == [("c d", 1), ("e f", 0)]
    path = write_lines(tmp_path / "p.jsonl", [{"query": "a b", "answer": ["c d", "e f"], "labels": [1]}])
    assert "row 1: 'labels' must be a list with one value for each text in 'answer'" in refusal(path)


@pytest.mark.parametrize(
    "row",
    [
        {"query": "a b", "docs": [{"text": "c d", "label": 1}, {"text": "e f", "label": 0}]},
        {
            "query": "a b",
            "passages": [{"text": "c d", "is_relevant": True}, {"text": "e f", "is_relevant": False}],
        },
        {
            "query": "a b",
            "passages": {"passage_text": ["c d", "e f"], "is_selected": [1, 0], "url": ["u", "v"]},
        },
        {"query": "a b", "documents": [{"content": "c d", "score": 1.0}, {"content": "e f", "score": 0.0}]},
    ],
)
def test_texts_may_have_labels_of_their_own(tmp_path: Path, row: dict[str, object]) -> None:
    path = write_lines(tmp_path / "p.jsonl", [row])
    assert [(pair.positive, pair.score) for pair in read(path)] == [("c d", 1), ("e f", 0)]
    assert scores(path, "label=none") == [None, None]


def test_scores_of_positives_from_a_search_are_no_labels(tmp_path: Path) -> None:
    row = {"question": "a b", "positive_ctxs": [{"title": "t", "text": "c d", "score": 1000}]}
    assert scores(write_lines(tmp_path / "p.jsonl", [row])) == [None]


def test_a_comma_is_a_decimal_sign_where_it_can_be_nothing_else(tmp_path: Path) -> None:
    assert scores(pair_table(tmp_path / "p.csv", score=["4,800", "0,400", "2,600"])) == [4.8, 0.4, 2.6]


def test_scores_of_several_annotators_are_not_passed_over(tmp_path: Path) -> None:
    rows = [{"sentence1": f"a {i}", "sentence2": f"b {i}", "scores": [5, 4, 5]} for i in range(2)]
    assert "row 1: 'scores' must be a list with one value for each text in 'sentence2'" in refusal(
        write_lines(tmp_path / "p.jsonl", rows)
    )
    rows = [{"question": f"a {i}", "answer": f"b {i}", "label": [["yes"], ["no"]][i]} for i in range(2)]
    assert scores(write_lines(tmp_path / "p.jsonl", rows)) == [1, 0]


def test_lists_of_scores_go_with_lists_of_texts(tmp_path: Path) -> None:
    row = {"query": "a b", "passages": ["c d", "e f"], "relevance": [1, 0]}
    assert scores(write_lines(tmp_path / "p.jsonl", [row])) == [1, 0]
    row = {"query": "a b", "pos": ["c d", "e f"], "scores": [0.9, 0.4]}
    file = read(write_lines(tmp_path / "p.jsonl", [row]))
    assert ([pair.score for pair in file], file.unread) == ([None, None], ("scores",))


@pytest.mark.parametrize("key", ["is_accepted", "accepted", "fits"])
def test_texts_that_say_true_or_false_are_judged_by_it(tmp_path: Path, key: str) -> None:
    answers = [{"text": "c d", key: True}, {"text": "e f", key: False}]
    file = read(write_lines(tmp_path / "p.jsonl", [{"question": "a b", "answers": answers}]))
    assert (file.columns.label, [pair.score for pair in file]) == (f"answers.{key}", [1, 0])
