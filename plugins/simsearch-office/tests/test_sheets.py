"""Excel files: every word of a sheet is found, and numbers are shown as in their cells."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from simsearch_office.ooxml.elements import parse
from simsearch_office.sheets import read_sheets
from simsearch_office.sheets.cells import Cell, Formats
from simsearch_office.sheets.number_formats import shown_number, shown_text

from simsearch import Document


def read(content: bytes) -> list[Document]:
    return list(read_sheets(Path("a.xlsx"), content))


class Builder:
    """Draws a workbook with a marked word in each kind of place."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw, self.shown = draw, list[str]()
        self.content = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.content, {"in_memory": True})

    def show(self) -> str:
        self.shown.append(f"shown{len(self.shown)}x")
        return self.shown[-1]

    def build(self) -> bytes:
        for _ in range(self.draw(st.integers(1, 2))):
            sheet = self.book.add_worksheet(self.show())
            sheet.write_string(0, 0, self.show())
            for number, place in enumerate(self.draw(st.lists(st.sampled_from(PLACES), unique=True)), 1):
                self.fill(sheet, number * 3 + self.draw(st.integers(0, 2)), place)
        self.book.close()
        return self.content.getvalue()

    def fill(self, sheet: Any, row: int, place: str) -> None:
        column = self.draw(st.integers(0, 30))
        if place == "text":
            sheet.write_string(row, column, self.show())
        elif place == "rich":
            word = self.show()
            sheet.write_rich_string(
                row, column, word[:3], self.book.add_format({"bold": True}), word[3:], " "
            )
        elif place == "result":
            sheet.write_formula(row, column, "=A1&B1", None, self.show())
        elif place == "formula":
            sheet.write_formula(row, column, f'=CONCATENATE("{self.show()}", A1)')
        elif place == "format":
            sheet.write_number(row, column, 7, self.book.add_format({"num_format": f'"{self.show()}" 0'}))
        elif place == "comment":
            sheet.write_comment(row, column, self.show(), {"author": "Ada"})
        elif place == "box":
            sheet.insert_textbox(row, column, self.show())
        elif place == "hint":
            options = {"validate": "list", "source": [self.show()], "input_message": self.show()}
            sheet.data_validation(row, column, row, column, options)
        elif place == "edges":
            sheet.set_header(f'&L&"Arial,Bold"&12 {self.show()} &P')
            sheet.set_footer(f"&C{self.show()}&R&D")
        elif place == "picture":
            sheet.insert_image(
                row, column, "a.png", {"image_data": io.BytesIO(PIXEL), "description": self.show()}
            )
        else:
            chart = self.book.add_chart({"type": "bar"})
            chart.add_series({"name": self.show(), "values": f"={sheet.name}!$A$1:$A$2"})
            chart.set_title({"name": self.show()})
            sheet.insert_chart(row, column, chart)


PLACES = [
    "text",
    "rich",
    "result",
    "formula",
    "format",
    "comment",
    "box",
    "hint",
    "edges",
    "picture",
    "chart",
]
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc00000"
    "0301010018dd8db00000000049454e44ae426082"
)


@st.composite
def workbooks(draw: st.DrawFn) -> tuple[bytes, list[str]]:
    builder = Builder(draw)
    return builder.build(), builder.shown


@settings(max_examples=40)
@given(workbooks())
def test_every_marked_word_is_found(drawn: tuple[bytes, list[str]]) -> None:
    content, shown = drawn
    found = " ".join(f"{document.title} {document.text}" for document in read(content))
    assert [word for word in shown if word not in found] == []


def book(rows: list[list[Any]], formats: dict[tuple[int, int], str] | None = None) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as made:
        sheet = made.add_worksheet("Sheet")
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                code = (formats or {}).get((r, c))
                sheet.write(r, c, value, made.add_format({"num_format": code}) if code else None)
    return content.getvalue()


def test_titles_above_the_header_are_not_part_of_the_table() -> None:
    rows = [
        ["Prices of the year"],
        ["as of", "May"],
        [],
        ["fruit", "sort", "price"],
        ["apple", "red", 2],
        ["pear", "", 3],
    ]
    [document] = read(book(rows))
    assert document.text == (
        "Prices of the year\n\nas of | May\n\nfruit | sort | price\n--- | --- | ---\napple | red | 2\npear |  | 3"
    )


def test_a_second_table_on_a_sheet_has_its_own_header() -> None:
    rows = [["fruit", "price"], ["apple", 2], [], ["Staff"], ["name", "age"], ["Ada", 36], ["Bob", 40]]
    [document] = read(book(rows))
    assert document.text == (
        "fruit | price\n--- | ---\napple | 2\n\nStaff\n\nname | age\n--- | ---\nAda | 36\nBob | 40"
    )


def test_formulas_that_were_never_calculated_are_read_and_counted() -> None:
    [document] = read(book([["=SUM(1,2)", "=B1"], ["x", "y"]]))
    assert "=SUM(1,2)" in document.text
    assert document.notices == ("2 formulas without a stored result: the formula was read instead",)


def test_an_empty_text_is_the_result_of_a_calculated_formula() -> None:
    cell = parse(b'<c t="str"><f>IF(A2="","",A2)</f><v></v></c>')
    assert Formats([], [], False, calculated=True).cell(cell, 0).text == ""
    assert Formats([], [], False, calculated=False).cell(cell, 0).uncalculated
    unknown = parse(b"<c><f>A2&amp;A3</f><v></v></c>")
    assert Formats([], [], False, calculated=True).cell(unknown, 0) == Cell(0, "=A2&A3", False, True)


def test_a_workbook_without_text_is_a_document_that_says_so() -> None:
    [document] = read(book([]))
    assert (document.text, document.notices) == ("", ("no text in it",))


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (0.075, "0.0%", "7.5%"),
        (0.075, "0.0 %", "7.5 %"),
        (1067, "00000", "01067"),
        (1234.5, "General", "1234.5"),
        (0.1 + 0.2, "General", "0.3"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (-5, "#,##0.00;(#,##0.00)", "(5.00)"),
        (-5.5, "0.0", "-5.5"),
        (123456789, "000-00-0000", "123-45-6789"),
        (5551234567, "(000) 000-0000", "(555) 123-4567"),
        (1234567, '0.0,,"M"', "1.2M"),
        (12.5, "[$€-407] #,##0.00", "€ 12.50"),
        (2.5, '_-* #,##0.00\\ "€"_-', "2.50 €"),
        (0.000123, "0.00E+00", "1.23E-04"),
        (1.25, "# ?/?", "1 1/4"),
        (0, '0;-0;"none"', "none"),
        (150, '[>100]"many";0', "many"),
        (3, 'General" kg"', "3 kg"),
        (45418, "yyyy-mm-dd", "2024-05-06"),
        (45418.297326388885, "dd.mm.yyyy hh:mm:ss", "06.05.2024 07:08:09"),
        (45418.75, "m/d/yy h:mm AM/PM", "5/6/24 6:00 PM"),
        (45418, "dddd, d mmmm yyyy", "Monday, 6 May 2024"),
        (1.5, "[h]:mm", "36:00"),
        (45418.000011, "hh:mm:ss.00", "00:00:00.95"),
    ],
)
def test_numbers_are_shown_as_in_their_cells(value: float, code: str, shown: str) -> None:
    assert shown_number(value, code) == shown


def test_dates_of_workbooks_that_count_from_1904_are_right() -> None:
    assert shown_number(0, "yyyy-mm-dd", since_1904=True) == "1904-01-01"


def test_texts_are_shown_by_their_section() -> None:
    assert (shown_text("7", '"No. "@'), shown_text("7", '0;0;0;"T"@'), shown_text("7", "0.0")) == (
        "No. 7",
        "T7",
        "7",
    )


@given(st.floats(-1e15, 1e15), st.text('0#?.,%;/E+-@ymdhsG[]"\\$€_* x', max_size=12))
def test_any_format_shows_any_number(value: float, code: str) -> None:
    assert isinstance(shown_number(value, code), str)


@given(st.dates(date(1900, 3, 1), date(9999, 12, 31)))
def test_dates_are_shown_by_their_format(day: date) -> None:
    assert (
        shown_number((day - date(1899, 12, 30)).days, "dd/mm/yyyy")
        == day.strftime("%d/%m/") + f"{day.year:04}"
    )
