"""Pairs from Excel files are read as those of other tables."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter
from simsearch_office import make_pair_reader

from simsearch import InputError


def workbook(path: Path, **sheets: Sequence[Sequence[object]]) -> Path:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, cells in enumerate(rows):
            sheet.write_row(number, 0, cells)
    book.close()
    path.write_bytes(content.getvalue())
    return path


ROWS = [("question", "answer", "label"), ("a b", "c d", "yes"), ("e f", "g h", "no")]


def test_the_rows_of_the_first_sheet_are_pairs(tmp_path: Path) -> None:
    path = workbook(tmp_path / "p.xlsx", empty=[], faq=ROWS, notes=[("x", "y")])
    file = make_pair_reader()(path)
    assert [(pair.anchor, pair.positive, pair.score, pair.row) for pair in file] == [
        ("a b", "c d", 1, 2),
        ("e f", "g h", 0, 3),
    ]
    assert "Only the first sheet with rows is read, not 'notes'" in file.notes[0]


def test_a_sheet_and_its_columns_can_be_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "p.xlsx", notes=[("x", "y")], faq=ROWS)
    file = make_pair_reader(sheet="faq", anchor="answer", positive="question", label="none")(path)
    assert [(pair.anchor, pair.score) for pair in file] == [("c d", None), ("g h", None)]
    with pytest.raises(
        InputError, match=r"has no sheet 'other' with rows\. The sheets with rows are: notes, faq"
    ):
        make_pair_reader(sheet="other")(path)


def test_bad_files_are_refused_with_their_name(tmp_path: Path) -> None:
    path = workbook(tmp_path / "p.xlsx", faq=[*ROWS, ("i j", "k l")])
    with pytest.raises(InputError, match=r"p\.xlsx, row 4: 'label' is empty"):
        make_pair_reader()(path)
    path.write_bytes(b"no workbook")
    with pytest.raises(InputError, match=r"p\.xlsx can't be read"):
        make_pair_reader()(path)


def test_a_formula_that_was_not_calculated_is_no_text_of_a_pair(tmp_path: Path) -> None:
    path = workbook(tmp_path / "p.xlsx", faq=[*ROWS, ('=A2&" b"', "i j", "yes")])
    with pytest.raises(InputError, match=r"p\.xlsx, row 4: a formula has no stored result; open the file"):
        make_pair_reader()(path)


def test_no_column_is_passed_over(tmp_path: Path) -> None:
    path = workbook(tmp_path / "p.xlsx", faq=[("question", "answer"), ("a b", "c d", "e f"), ("g h", "i j")])
    assert make_pair_reader()(path).unread == ("column 3",)
    path = workbook(tmp_path / "p.xlsx", faq=[("Our questions",), *ROWS])
    with pytest.raises(InputError, match=r"Its columns are: Our questions, column 2, column 3"):
        make_pair_reader()(path)
    path = workbook(tmp_path / "p.xlsx", faq=[("question", "answer", "answer"), ("a b", "c d", "e f")])
    with pytest.raises(InputError, match=r"two columns called 'answer'"):
        make_pair_reader()(path)


def test_a_sheet_without_a_header_takes_numbers(tmp_path: Path) -> None:
    rows = [("How do I start?", "Press the button."), ("How do I stop?", "Press it again.")]
    path = workbook(tmp_path / "p.xlsx", faq=rows)
    with pytest.raises(InputError, match=r"row 1: this looks like data"):
        make_pair_reader()(path)
    assert [(pair.anchor, pair.row) for pair in make_pair_reader(anchor="1", positive="2")(path)] == [
        ("How do I start?", 1),
        ("How do I stop?", 2),
    ]
