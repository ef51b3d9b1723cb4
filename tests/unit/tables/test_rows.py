"""Tables to rows: what was written is read, or the file is refused with its row."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from simsearch.errors import TableError
from simsearch.tables.dialects import SEPARATORS
from simsearch.tables.rows import looks_like_data, read_json_lines, read_table

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
TABLES = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=6)
)


def rows(content: str | bytes, **how: str) -> list[dict[str, str]]:
    data = content.encode() if isinstance(content, str) else content
    return [row for _, row in read_table(data, **how).rows()]  # type: ignore[arg-type]


def refusal(content: str | bytes) -> TableError:
    with pytest.raises(TableError) as caught:
        rows(content)
    return caught.value


@given(
    TABLES,
    st.sampled_from(SEPARATORS),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
@example([["a\nb\tc", "x"]], "\t", "\n", csv.QUOTE_MINIMAL, "utf-8")
@example([['say "yes"', "x"], ["", "\ufeff"]], ";", "\r", csv.QUOTE_MINIMAL, "utf-16")
def test_what_a_spreadsheet_writes_is_read_or_refused(
    table: list[list[str]], separator: str, end: str, quoting: int, encoding: str
) -> None:
    assume(all(any(cell.strip() for cell in cells) for cells in table))  # blank rows are not rows
    other_ends = {*"\r\n"} - {*end}  # csv.writer doesn't quote those
    assume(quoting == csv.QUOTE_ALL or not other_ends & {*"".join(map("".join, table))})
    names = [f"name{place}" for place in range(len(table[0]))]
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=separator, lineterminator=end, quoting=quoting).writerows([names, *table])  # type: ignore[arg-type]
    try:
        read = rows(file.getvalue().encode(encoding))
    except TableError as error:
        assert "quotation mark" in str(error)
    else:
        assert [list(row.values()) for row in read] == table


@given(TABLES, st.sampled_from(["\t", "|"]))
@example([['"', '"']], "\t")
def test_a_table_without_quoting_loses_no_row(table: list[list[str]], separator: str) -> None:
    plain = [["".join(c for c in cell if c not in "\r\n" + separator) for cell in cells] for cells in table]
    assume(all(any(cell.strip() for cell in cells) for cells in plain))
    text = "\n".join(separator.join(cells) for cells in [[f"name{i}" for i in range(len(table[0]))], *plain])
    try:
        read = rows(text)
    except TableError as error:
        assert "quotation mark" in str(error)
    else:
        assert len(read) == len(plain)


def test_the_separator_is_the_one_that_splits_all_rows_alike() -> None:
    assert (
        rows("name;price, net;remark\nlamp;12,50;brass\ntable;9,00;oak, oiled\n")[1]["remark"] == "oak, oiled"
    )
    assert rows("a|b\n1|x, y; z\n") == [{"a": "1", "b": "x, y; z"}]
    assert rows("a\tb\n1\tx, y\n") == [{"a": "1", "b": "x, y"}]
    assert rows('a,b\n"x; y",1\n') == [{"a": "x; y", "b": "1"}]


def test_lines_above_the_header_are_passed_over() -> None:
    assert rows("sep=|\r\na|b\r\n1|x\r\n") == [{"a": "1", "b": "x"}]
    table = read_table(b"\n# made on Monday\n\na,b\n1,x\n")
    assert (table.header, list(table.rows())) == (4, [(5, {"a": "1", "b": "x"})])
    assert rows("#,b\n1,x\n") == [{"#": "1", "b": "x"}]


def test_empty_cells_after_the_last_column_are_not_cells() -> None:
    assert rows("a;b;\n1;x;\n2;y;;\n") == [{"a": "1", "b": "x"}, {"a": "2", "b": "y"}]
    assert refusal("a,b\n1,x,y\n").row == 2


def test_rows_are_numbered_by_the_line_they_begin_on() -> None:
    assert [number for number, _ in read_table(b'a,b\n1,"x\n\ny"\n\n2,z\n').rows()] == [2, 6]


def test_a_lone_quotation_mark_takes_no_rows_with_it() -> None:
    assert len(rows('id\ttext\n1\tone\n2\t"two\n3\tthree "x"\n4\tfour\n')) == 4
    error = refusal('id\ttext\n1\tone\n2\t"two\n3\tthree\n4\tfour"\n5\tfive\n')
    assert error.row == 3
    assert error.option.startswith("quotes=none")
    assert "closes in row 5" in error.reason
    assert len(rows('id\ttext\n1\t"two\n2\tthree"\n', quotes="none")) == 2
    assert len(rows('id\ttext\n1\t"two\n2\tthree"\n', quotes="doubled")) == 1
    assert refusal('a,b\n"x" y,1\n"u",2\n').row == 2


def test_quotation_marks_after_backslashes_are_read() -> None:
    assert rows('a,b\n"say \\"yes\\", then go",1\n') == [{"a": 'say "yes", then go', "b": "1"}]


def test_another_encoding_is_named_with_the_row_and_the_option() -> None:
    error = refusal("a;b\nx;y\nStraße;z\n".encode("cp1252"))
    assert (error.row, error.option) == (3, "encoding=cp1252")
    assert rows("a;b\nStraße;z\n".encode("cp1252"), encoding="cp1252") == [{"a": "Straße", "b": "z"}]
    assert refusal("a,b\nx,y\n".encode("utf-16-le")).option == "encoding=utf-16-le"
    error = refusal("質問,答え\n".encode("cp932") + "ランプは何ですか,それは灯です\n".encode("cp932") * 20)
    assert (error.row, error.option) == (1, "encoding=cp932")
    error = refusal(b"a,b\nx,y\n" * 9 + b"x,\0y\n")
    assert (error.row, error.reason) == (19, "there is a NUL byte, which no text has")
    with pytest.raises(TableError, match="'nope' is not a known encoding"):
        rows("a,b\n", encoding="nope")
    with pytest.raises(TableError, match="row 2: this is not ascii text"):
        rows("a,b\nä,y\n", encoding="ascii")


@pytest.mark.parametrize(
    "content",
    [
        "14-10-2025,Market,-81.90\n",
        "How do I go there?,Take the bus.\nWhere is it?,Over there.\n",
        "https://a.example/x,y\n",
        "1,word\n",
        "怎么重置密码？,打开设置\n在哪里预订？,在日历\n",
        "cat,animal\ndog,animal\n",
    ],
)
def test_a_first_row_of_values_looks_like_data(content: str) -> None:
    table = read_table(content.encode())
    assert looks_like_data(table.names, table.cells())


def test_names_do_not_look_like_data() -> None:
    content = '"id","Price, net","2024","Is it open?",\n"a","b","c","yes","d"\n'
    table = read_table(content.encode())
    assert not looks_like_data(table.names, table.cells())
    empty = read_table(b"")
    assert not looks_like_data(empty.names, empty.cells())


def test_a_line_that_is_not_json_is_named() -> None:
    with pytest.raises(TableError, match="row 3: this is not valid JSON"):
        list(read_json_lines(b'{"a": 1}\n\n{"a"\n'))
    with pytest.raises(TableError, match="row 1: this is not valid JSON"):
        list(read_json_lines(b"[" * 100_000))


@given(st.lists(st.dictionaries(CELLS, CELLS | st.none() | st.booleans()), min_size=1))
def test_json_lines_are_read_as_written(items: list[dict[str, object]]) -> None:
    content = "\n".join(json.dumps(item, ensure_ascii=False) for item in items).encode()
    assert [item for _, item in read_json_lines(content)] == items
