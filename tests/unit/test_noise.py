"""Noise: encoded data and minified code are not text; everything else is, and keeps its place."""

from __future__ import annotations

import base64
import binascii
import re
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.noise import Cut, is_encoded_data
from tests.unit.builtin.test_readers import read_file

MINIFIED = (
    "!function(e,t){for(var r=0;r<n.length;r++)t(n[r]);return{a:1,b:[2,3]}}(this,function(e){c.log(e)});" * 20
)
PROSE = "The boathouse closes at noon, and the ferry leaves later.\n"


def encoded(seed: int, size: int) -> str:
    return base64.b64encode(Random(seed).randbytes(size)).decode()


def uuencoded(seed: int) -> str:
    data = Random(seed).randbytes(300)
    return "\n" + b"".join(binascii.b2a_uu(data[i : i + 45]) for i in range(0, 300, 45)).decode()


def wrapped(text: str, width: int) -> str:
    return "\n".join(text[i : i + width] for i in range(0, len(text), width))


def dumped(seed: int, size: int) -> str:
    """As xxd writes it."""
    data = Random(seed).randbytes(16 * size)
    return "\n" + "".join(
        f"{place:08x}: {data[place : place + 16].hex(' ', 2)}  {'.' * 16}\n"
        for place in range(0, len(data), 16)
    )


def drawn(seed: int) -> str:
    random = Random(seed)
    steps = (f"c{random.uniform(-9, 9):.2f},{random.uniform(-9, 9):.2f}" for _ in range(60))
    return f'<path d="M12 3.4{" ".join(steps)}z"/>'


NOISE = st.one_of(
    st.builds(encoded, st.integers(0, 99), st.integers(300, 3000)),
    st.builds(lambda seed: wrapped(encoded(seed, 900), 76), st.integers(0, 99)),
    st.builds(lambda seed: Random(seed).randbytes(300).hex(), st.integers(0, 99)),
    st.builds(uuencoded, st.integers(0, 99)),
    st.builds(dumped, st.integers(0, 99), st.integers(4, 9)),
    st.builds(drawn, st.integers(0, 99)),
    st.just(MINIFIED),
)


@given(st.lists(st.tuples(st.integers(1, 4), NOISE), max_size=4), st.booleans())
def test_noise_goes_and_text_keeps_its_lines_and_places(parts: list[tuple[int, str]], windows: bool) -> None:
    text = "".join(f"{PROSE * count}{noise}\n" for count, noise in parts) + PROSE
    text = text.replace("\n", "\r\n") if windows else text
    cut = Cut(text)
    assert cut.text.count("\n") == text.count("\n")
    assert cut.text.count("boathouse") == text.count("boathouse")
    assert not any(noise[:50] in cut.text for _, noise in parts)
    place = text.find("boathouse")
    while place >= 0:
        assert cut.text.startswith("boathouse", cut.place(place))
        place = text.find("boathouse", place + 1)


@given(st.lists(st.tuples(st.integers(1, 4), NOISE), max_size=4), st.integers(0, 500), st.integers(1, 500))
def test_pieces_of_the_whole_text_have_its_words_and_no_noise(
    parts: list[tuple[int, str]], start: int, length: int
) -> None:
    text = "".join(f"{PROSE * count}[{noise}]\n" for count, noise in parts) + PROSE
    cut = Cut(text)
    pieces = [text[first:last] for first, last in cut.originals(start, start + length)]
    assert re.findall(r"\w", "".join(pieces)) == re.findall(r"\w", cut.text[start : start + length])
    assert not any(noise[:50] in piece for piece in pieces for _, noise in parts)


@pytest.mark.parametrize(
    "text",
    [
        PROSE * 100,
        PROSE.replace("\n", " ") * 100,
        "图书馆星期一关闭，但星期二和星期三下午开放。" * 50,
        "sha256 f498bf220277cc2b51dd4de91a12a1a0081d9cc097bf20c69baf039bfd025d10",
        "INSERT INTO x VALUES " + ",".join(f"({i},'some text here {i}',NULL)" for i in range(200)),
        "x" * 5000,
        "".join(f"{year}  1234 5678 9012 3456 7890 1234 5678 9012 3456\n" for year in range(2000, 2020)),
        "a_rather_long_name_of_a_function_with_many_words_in_it(x)\n" * 50,
    ],
)
def test_text_is_no_noise(text: str) -> None:
    assert Cut(text).text == text


def test_values_are_told_by_their_letters() -> None:
    assert is_encoded_data(encoded(1, 90))
    assert is_encoded_data(f"sha512-{encoded(1, 64)}")
    assert not is_encoded_data(
        "https://example.org/a/rather/long/path/to/a/page/about/boats/and/the/people/who/row"
    )
    assert not is_encoded_data("short")


def test_what_is_left_out_is_said_and_headings_stay_in_place(tmp_path: Path) -> None:
    text = f"# Trip\n\n![](data:image/png;base64,{encoded(2, 900)})\n\n## Home\n\nText.\n"
    [document] = read_file(tmp_path, "note.md", text)
    assert document.text == text
    assert [document.text[h.start :].split("\n")[0] for h in document.headings] == ["# Trip", "## Home"]
    assert document.notices == ("left out 1222 characters of encoded data or minified code",)
    [page] = read_file(tmp_path, "page.html", f"<p>Trip {encoded(2, 900)}</p>")
    assert page.text.strip() == "Trip"
    [script] = read_file(tmp_path, "site.min.js", MINIFIED)
    assert script.notices[0].startswith("no text: left out")
