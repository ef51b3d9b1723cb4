"""How files were read, and what their columns and texts show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from simsearch.errors import InputError
from simsearch.plugins.discovery import Found, Origin
from simsearch.plugins.registry import Registry
from simsearch.settings import TuneSettings
from simsearch.tuning.doctor.checks import none_similar
from simsearch.tuning.doctor.findings import Finding
from simsearch.tuning.doctor.texts import (
    enclosed_in_quotes,
    marked_up,
    not_texts,
    placeholders,
    printed_values,
    wrongly_decoded,
)
from simsearch.tuning.doctor.unknown_tokens import unknown_tokens
from simsearch.tuning.doctor.unread_columns import unread_columns
from simsearch.tuning.pairs.ledger import TestLedger
from simsearch.tuning.pairs.reading import read_files
from simsearch.tuning.pairs.readings import Reading
from simsearch.tuning.preparing import Prepared, prepare
from simsearch.types import Pair, PairColumns
from tests.plugins.frozen import answers_0_1

REGISTRY = Registry.load()
COUNT = 40


def prepared(folder: Path, columns: dict[str, Sequence[object]], **settings: str) -> Prepared:
    path = folder / "pairs.csv"
    names = ["question", "answer", *columns]
    words = [f"w{chr(97 + i % 26) * 5}{i}" for i in range(COUNT)]
    texts = [
        (f"What is {word} number {i**3}?", f"It is the {word[::-1]} of {i**5}.")
        for i, word in enumerate(words)
    ]
    rows = [",".join([*texts[i], *(str(cells[i]) for cells in columns.values())]) for i in range(COUNT)]
    path.write_text("\n".join([",".join(names), *rows]) + "\n")
    return prepare([path], None, TuneSettings(**settings), REGISTRY, TestLedger(folder))


def test_a_file_is_reported_with_its_columns_and_counts(tmp_path: Path) -> None:
    columns = {"stars": range(COUNT), "rating": [1 + i % 5 for i in range(COUNT)]}
    (reading,) = prepared(tmp_path, columns).readings
    assert reading.columns == PairColumns("question", "answer", "rating")
    assert (reading.rows, reading.pairs, reading.similar, reading.dissimilar) == (COUNT, COUNT, 24, 16)
    assert reading.unread == ("stars",)
    assert [example.score for example in reading.examples] == [1, 3]
    said = "\n".join(reading.sentences())
    assert "anchor from 'question', positive from 'answer', score from 'rating'" in said
    assert "Not read: stars." in said
    assert "Similar: 24; dissimilar: 16." in said


def test_a_column_that_the_splitter_uses_is_not_unread(tmp_path: Path) -> None:
    columns = {
        "group": [f"g{i}" for i in range(COUNT)],
        "split": ["train", "train", "dev", "test"] * (COUNT // 4),
    }
    assert prepared(tmp_path, columns).readings[0].unread == ("split",)
    assert prepared(tmp_path, columns, split="column:name=split").readings[0].unread == ("group",)


def test_a_pair_reader_of_an_earlier_version_only_gives_pairs(tmp_path: Path) -> None:
    registry = Registry()
    registry.add(Found(Origin("frozen", "simsearch-frozen", "0.1", "answers_0_1"), lambda: answers_0_1))
    (tmp_path / "p.frozen").write_text("x")
    (file,) = read_files([tmp_path / "p.frozen"], registry)
    assert (file.pairs.rows, file.pairs.columns.anchor, len(file.pairs.pairs)) == (1, None, 1)


def findings_on(values: Sequence[object], name: str = "x") -> str:
    pairs = [
        Pair("a b", "c d", columns={name: value}, source="p.csv", row=i) for i, value in enumerate(values)
    ]
    reading = Reading("p.csv", len(pairs), len(pairs), PairColumns(), (name,), len(pairs), 0, 0, 0)
    return "\n".join(f"{'!' if f.serious else ''}{f}" for f in unread_columns(pairs, [reading]))


@pytest.mark.parametrize(
    "values", [["0", "1"] * 9, ["yes", "no"] * 9, [0.25, 0.5] * 9, ["1", "5", "3"] * 9, ["0,5", "0,25"] * 9]
)
def test_an_unread_column_that_looks_like_scores_is_serious(values: Sequence[object]) -> None:
    assert findings_on(values).startswith("!The column 'x' is not used, and its values look like scores")


def test_other_unread_columns_of_numbers_or_few_values_are_named() -> None:
    assert findings_on(range(1000, 1020)).startswith("Columns of numbers or of few values are not used: x")
    assert findings_on(["red", "green"] * 9).startswith("Columns of numbers or of few values are not used: x")
    assert findings_on(["train", "test"] * 9).startswith(
        "The column 'x' names train and test sets, and is not used"
    )
    assert findings_on([f"text number {i}" for i in range(20)]) == ""


def texts(*positives: str) -> list[Pair]:
    return [Pair(f"a question {i}", text, source="p.csv", row=i) for i, text in enumerate(positives, 1)]


def test_sides_that_are_not_texts_are_found() -> None:
    (finding,) = not_texts(texts("q1", "q2", "T-30"))
    assert "The positives look like identifiers (ids), not like texts: 'q1', 'q2', 'T-30'" in str(finding)
    assert finding.decisive
    assert "numbers" in str(*not_texts(texts("1", "2.5", "30")))
    assert "addresses (URLs)" in str(*not_texts(texts("https://a.example/b", "www.b.example")))
    assert not list(not_texts(texts("42", "an answer", "grep -r", "数字")))


def test_what_stands_for_a_missing_text_is_found() -> None:
    (finding,) = placeholders(texts("nan", "an answer", "NULL", "\\N"))
    assert "3 rows have a placeholder for a missing text: NULL, \\N, nan" in str(finding)
    assert not list(placeholders(texts("banana", "no", "Nullable columns")))


def test_wrongly_decoded_letters_are_found() -> None:
    for text in ("Wie Ã¤ndere ich das?", "itâ€™s", "Ð¿Ñ€Ð¸", "a \ufffd b"):
        assert list(wrongly_decoded(texts(text)))
    assert not list(
        wrongly_decoded(texts("Wie ändere ich das?", "«CAFÉ» – “NÃO”", "привет", "打印机", "naïve à la"))
    )


def test_printed_values_are_found() -> None:
    for text in (
        "['one', 'two']",
        "{'text': ['one'], 'start': [5]}",
        "array(['one'], dtype=object)",
        "b'one'",
    ):
        assert list(printed_values(texts(text)))
    assert not list(printed_values(texts("[sic] yes", "[1, 2]")))


@dataclass(frozen=True)
class Latin:
    """Counts letters, and knows those of ASCII."""

    limit: int = 100

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(text.replace(" ", "")) for text in texts]

    def count_unknown(self, texts: Sequence[str]) -> list[int]:
        return [sum(not letter.isascii() for letter in text) for text in texts]

    def spans(self, text: str) -> list[tuple[int, int]]:
        raise NotImplementedError


def test_tokens_that_the_model_does_not_know_are_counted_by_script() -> None:
    pairs = [
        Pair("怎么重置登录密码", "open the settings", source="p.csv", row=7),
        Pair("🐼🦊", "a panda and a fox"),
    ]
    (finding,) = unknown_tokens(pairs, Latin())
    assert "100% of the tokens in Chinese texts, 100% of the tokens in letterless texts (p.csv:7" in str(
        finding
    )
    assert finding.serious
    assert not list(unknown_tokens([Pair("how", "so")], Latin()))


def test_html_and_quotation_marks_around_texts_are_found() -> None:
    assert list(marked_up(texts("<p>Open the settings</p>", "a & b < c")))
    assert list(marked_up(texts("salt &amp; pepper")))
    assert not list(marked_up(texts("a & b < c", "R&D; x", "x < y > z")))
    assert list(enclosed_in_quotes(texts("'one two'", ' "three four"', "five")))
    assert not list(enclosed_in_quotes(texts("'one two'", "three", "five")))


def unread_beside_labels(tmp_path: Path, values: Sequence[str]) -> list[Finding]:
    columns = {"label": [1, 0] * 20, "more": values}
    found = prepared(tmp_path, columns)
    return list(unread_columns(found.pairs, found.readings))


def test_an_unread_column_that_repeats_the_labels_is_not_serious(tmp_path: Path) -> None:
    (finding,) = unread_beside_labels(tmp_path, ["match", "no match"] * 20)
    assert not finding.serious


def test_an_unread_column_that_contradicts_the_labels_is_serious(tmp_path: Path) -> None:
    (finding,) = unread_beside_labels(tmp_path, ["match", "match", "no match", "no match"] * 10)
    assert finding.serious
    assert not finding.decisive
    assert "read from 'label' alone" in finding.consequence


def test_too_few_pairs_say_what_was_left_out(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"of 10, .* are left out: 30 neutral\. It needs") as caught:
        prepared(tmp_path, {"label": ["yes", *["neutral"] * 3] * 10})
    assert "Too few pairs to split" in str(caught.value)
    path = tmp_path / "same.csv"
    path.write_text("question,answer\na b,a b\nc d,c d\n")
    with pytest.raises(InputError, match=r"of 0, .* 2 pairs have the same text on both sides\."):
        prepare([path], None, TuneSettings(), REGISTRY, TestLedger(tmp_path))
    path.write_text("question,answer,label\na b,c d,neutral\n")
    with pytest.raises(InputError, match=r"has no pairs; .* left out: 1 neutral"):
        prepare([path], None, TuneSettings(), REGISTRY, TestLedger(tmp_path))


def test_labels_in_lists_and_objects_are_not_passed_over() -> None:
    assert "look like scores or labels of the pairs: yes" in findings_on(
        [[{"label": word}] for word in ("yes", "no")] * 10
    )
    assert "look like scores or labels of the pairs: 3, 0" in findings_on([[3, 0]] * 20)


def test_pairs_of_which_none_is_similar_are_found() -> None:
    pairs = [Pair("a b", "c d", score=0.1), Pair("e f", "g h", score=0.3)]
    (finding,) = none_similar(pairs)
    assert finding.decisive
    assert not list(none_similar([*pairs, Pair("i j", "k l", score=0.5)]))
