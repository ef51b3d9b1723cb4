"""Decoding: what is declared is believed, what is not is guessed and said, and what is not text is refused."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch import UnreadableFile
from simsearch.decoding import GUESSED, decode_with_notices, is_binary

GERMAN = (
    "Die Bücher stehen im größten Saal. Geöffnet ist er täglich außer montags, für Gäste auch spätabends. "
)
RUSSIAN = "Книги стоят в большом зале. Он открыт каждый день, кроме понедельника, и для гостей вечером. "
JAPANESE = "本は大きな部屋にあります。月曜日を除いて毎日開いています。"
POLISH = (
    "Książki stoją w największej sali. Jest otwarta codziennie, oprócz poniedziałków, również wieczorem. "
)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "cp1252"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (POLISH, "cp1250"),
        (POLISH, "iso8859-2"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (JAPANESE, "iso2022_jp"),
        ("Grüße", "latin-1"),
        ("10 € netto", "cp1252"),
        (GERMAN, "utf-16-le"),
        (GERMAN, "utf-16-be"),
        (GERMAN, "utf-32-le"),
    ],
)
def test_an_undeclared_encoding_is_guessed_and_said(text: str, encoding: str) -> None:
    content = text.encode(encoding)
    decoded = decode_with_notices(content)
    assert decoded.text == text
    assert [notice.startswith(GUESSED) for notice in decoded.notices] == [True]
    assert not is_binary(content)


def test_a_declared_encoding_is_no_guess() -> None:
    page = f'<meta charset="iso-2022-jp">{JAPANESE}'
    assert decode_with_notices(page.encode("iso2022_jp")) == (page, ())
    assert decode_with_notices(GERMAN.encode("cp437"), declared="cp437") == (GERMAN, ())
    assert decode_with_notices(b"# coding: koi8-r\n" + RUSSIAN.encode("koi8-r")).notices == ()


def test_a_declared_encoding_is_read_as_what_programs_write_under_its_name() -> None:
    assert decode_with_notices("①番".encode("cp932"), declared="Shift_JIS") == ("①番", ())
    assert decode_with_notices("“quoted”".encode("cp1252"), declared="iso-8859-1") == ("“quoted”", ())
    assert decode_with_notices("朱镕基".encode("gbk"), declared="gb2312") == ("朱镕基", ())


CAFE = "Le café était fermé."


@pytest.mark.parametrize("encoding", ["utf-16", "UTF-16LE", "utf-32", "cp037"])
def test_a_declaration_that_its_own_encoding_would_not_read_is_wrong(encoding: str) -> None:
    page = f'<?xml version="1.0" encoding="{encoding}"?><a>{CAFE}</a>'
    assert decode_with_notices(page.encode("cp1252")) == (page, (f"{GUESSED}: Windows-1252",))
    assert decode_with_notices(f"{CAFE} encoding={encoding}".encode("cp1252")).text.startswith(CAFE)


def test_a_header_that_says_utf16_of_bytes_without_nul_is_wrong() -> None:
    content = f"{CAFE} ".encode("cp1252")
    for declared in ("utf-16", "UTF-16LE"):
        assert decode_with_notices(content, declared) == (f"{CAFE} ", (f"{GUESSED}: Windows-1252",))


def test_a_stray_byte_does_not_change_the_encoding_of_the_rest() -> None:
    decoded = decode_with_notices(GERMAN.encode() + b"\xfc" + GERMAN.encode())
    assert decoded.text == f"{GERMAN}ü{GERMAN}"
    assert decoded.notices == (f"{GUESSED}: UTF-8, except for 1 byte read as Windows-1252",)


def test_terminal_colours_do_not_change_the_encoding() -> None:
    assert decode_with_notices("\x1b[31mrot für\x1b(B\x1b[m".encode()).text == "\x1b[31mrot für\x1b(B\x1b[m"


@pytest.mark.parametrize("content", [b"a\0b", b"\x01\x02\x03 some \xe9\x04\x05", b"\xff\xfe\x00"])
def test_what_is_not_text_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFile):
        decode_with_notices(content)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\x1b"), max_size=200))
def test_utf8_comes_back_without_a_notice(text: str) -> None:
    assert decode_with_notices(text.encode()) == (text.encode().decode("utf-8-sig"), ())


@given(st.binary(max_size=300))
def test_any_bytes_are_decoded_or_refused(content: bytes) -> None:
    with contextlib.suppress(UnreadableFile):
        decode_with_notices(content)
