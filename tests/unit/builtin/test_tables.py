"""Tables as documents: every cell with words is found, whatever the separator, the header and what is above it."""

from __future__ import annotations

import base64
import csv
import io
import json
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simsearch.builtin.readers.rows import is_text
from tests.unit.builtin.test_readers import read

NAMES = ["id", "title", "body", "resolution", "note", "city"]
PREAMBLES = [
    "",
    "Account 1234567\nExported on 2024-05-01\n\n",
    "sep={sep}\n",
    "sep={sep}\nStatement of May{sep}{sep}\n\n",
]


@settings(deadline=None)
@given(
    st.integers(0, 2**32),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(PREAMBLES),
    st.booleans(),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
)
def test_every_marked_word_of_a_table_is_found(
    seed: int, separator: str, preamble: str, with_header: bool, encoding: str
) -> None:
    random = Random(seed)
    words: list[str] = []

    def cell(name: str, number: int) -> str:
        if name == "id":
            return str(number)
        if random.random() < 0.2:
            return ""
        word = "märk" + "".join(random.choices("abcdefgh", k=9))
        words.append(word)
        return random.choice([word, f"some {word} here", f'a "{word}", quoted', f"two\nlines {word}"])

    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator=random.choice(["\n", "\r\n"]))
    if with_header:
        writer.writerow(NAMES)
    for number in range(1, 6):
        writer.writerow([cell(name, number) for name in NAMES])
    content = (preamble.format(sep=separator) + out.getvalue()).encode(encoding)
    documents = read("tsv" if separator == "\t" and random.random() < 0.5 else "csv", content)
    text = "\n".join(f"{document.title}\n{document.text}" for document in documents)
    assert [word for word in words if word not in text] == []
    if "Account" in preamble:
        assert "Account 1234567" in documents[0].text
    if with_header:
        assert len([document for document in documents if document.id != "#above"]) == 5


@given(
    st.dictionaries(
        st.sampled_from(NAMES),
        st.sampled_from(["", None, "words here", ["a word"], {"in": "a word"}]),
        min_size=1,
    )
)
def test_every_word_of_a_row_of_json_is_found(row: dict[str, object]) -> None:
    [document] = read("jsonl", json.dumps(row))
    said = f"{document.id} {document.title} {document.text}"
    assert said.count("word") >= sum("word" in json.dumps(value) for value in row.values())


def test_every_value_of_a_repeated_name_is_found() -> None:
    [document] = read("jsonl", '{"text": "walrus", "text": "otter", "more": {"a": "seal", "a": ["lynx"]}}')
    assert all(word in document.text for word in ("walrus", "otter", "seal", "lynx"))
    [document] = read("json", '{"note": "walrus", "note": "otter", "more": {"a": "seal", "a": ["lynx"]}}')
    assert document.text == "note: walrus, otter\n\nmore.a: seal\nmore.a: lynx"


def test_text_columns_are_below_the_main_one_and_other_cells_are_not() -> None:
    table = (
        "id,body,status,label,link,when,price,remark\n"
        "1,Paper jams,open,card_arrival,https://a.b/c,2024-05-06,84.20,In tray two\n"
    )
    [document] = read("csv", table)
    assert document.text == "Paper jams\n\nstatus: open\nremark: In tray two"
    assert document.metadata["label"] == "card_arrival"
    assert read("csv", table, text="body")[0].text == "Paper jams"
    assert not is_text("2024-05-06T07:08") and not is_text("12.5 %") and is_text("open")


def test_encoded_data_in_a_cell_is_left_out_and_told() -> None:
    picture = base64.b64encode(Random(1).randbytes(900)).decode()
    table = f"id,body,picture\n1,Paper jams,{picture}\n2,Ink leaks,\n"
    jam, leak = read("csv", table)
    assert jam.text == "Paper jams" and jam.notices == ("left out: the encoded data in the column 'picture'",)
    assert leak.notices == ()


def test_rows_longer_than_the_header_keep_their_cells() -> None:
    documents = read("csv", "Account 1\n\nroom,size\nkitchen,12\nattic,30,dusty\n")
    assert [document.text for document in documents] == [
        "Account 1",
        "room: kitchen\nsize: 12",
        "room: attic\nsize: 30\ncolumn 3: dusty",
    ]


def test_a_lone_quotation_mark_swallows_no_rows() -> None:
    table = 'id,text\n1,"Open quotation about hedgehogs\n2,Row about dormice\n3,Row "about" moles\n4,closing" one\n'
    documents = read("csv", table)
    assert [document.id for document in documents] == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    "table",
    [
        "text\nA first sentence, with a comma\nA second\nA third, yes\n",
        "a,b\n1,2\n",
        'name,text\nx,"one, two, three"\ny,"four, five, six"\n',
        "text\nsome words\n",
    ],
)
def test_a_table_without_a_preamble_has_none(table: str) -> None:
    assert all(document.id != "#above" for document in read("csv", table))


def test_a_first_row_alone_is_no_header() -> None:
    [document] = read("csv", "the estuary,the pilot\n")
    assert document.text == "column 1: the estuary\ncolumn 2: the pilot"
    assert list(read("csv", "id,title,text\n")) == []


def test_an_undeclared_encoding_of_a_table_is_guessed_once() -> None:
    documents = read("csv", "id,text\n1,Grüße aus Köln\n2,Schöne Tage\n".encode("cp1252"))
    assert [document.text for document in documents] == ["Grüße aus Köln", "Schöne Tage"]
    assert [len(document.notices) for document in documents] == [1, 0]
