"""Chunkers: exact offsets into the text, nothing lost, nothing longer than the model reads."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simsearch import Chunk, Document, Heading, InputError
from simsearch.builtin.readers.markup import markdown_headings
from simsearch.plugins.registry import Registry
from simsearch.testing.examples import ODD_TEXTS, PieceCounter
from tests.support.hashed_words import Words

REGISTRY = Registry.load(only=())
CHUNKERS = ("structure", "sentences", "lines", "tokens", "whole")
SIZED = CHUNKERS[:-1]

TABLE = "| name | price |\n| --- | --- |\n" + "".join(f"| apple {n} | {n} € |\n" for n in range(40))
BLOCKS = st.one_of(
    st.sampled_from(ODD_TEXTS),
    st.sampled_from(
        ["# Title", "## Part", "### Deep down", "- item\n- item", TABLE, "```\ncode(1)\n\ncode(2)\n```"]
    ),
    st.text(max_size=60),
    st.lists(st.sampled_from(["A sentence of some words.", "What?", "Well, yes!", "word"]), max_size=40).map(
        " ".join
    ),
)
BREAKS = st.sampled_from(["\n", "\n\n", "\r\n", "\r\n\r\n", " ", "", "\n \t\n\n"])
TEXTS = st.lists(st.tuples(BLOCKS, BREAKS), max_size=12).map(
    lambda parts: "".join(f"{block}{gap}" for block, gap in parts)
)


def cut(text: str, spec: str, limit: int = 20, title: str = "", counter: type = Words) -> list[Chunk]:
    document = Document(text, title=title, headings=markdown_headings(text), verbatim=True)
    return list(REGISTRY.chunker(spec).value(document, counter(limit)))


def shown(text: str, chunks: list[Chunk]) -> list[str]:
    return [text[chunk.start : chunk.end] for chunk in chunks]


@settings(max_examples=150)
@given(
    text=TEXTS,
    title=st.sampled_from(["", "Title", "A title of very many words " * 3]),
    name=st.sampled_from(CHUNKERS),
    limit=st.integers(8, 60),
    size=st.integers(0, 70),
    overlap=st.integers(0, 4),
    counter=st.sampled_from([Words, PieceCounter]),
)
def test_chunks_are_exact_in_order_complete_and_within_the_limit(
    text: str, title: str, name: str, limit: int, size: int, overlap: int, counter: type
) -> None:
    size = max(size, 8) if size else 0
    spec = name if name == "whole" else f"{name}:size={size},overlap={overlap}"
    chunks = cut(text, spec, limit, title, counter)
    document = Document(text, title=title)
    kept = np.zeros(len(text), dtype=bool)
    for chunk in chunks:
        assert 0 <= chunk.start < chunk.end <= len(text)
        assert text[chunk.start : chunk.end].strip()
        kept[chunk.start : chunk.end] = True
    assert not "".join(c for c, k in zip(text, kept, strict=True) if not k).strip()
    counts = counter(limit).count([chunk.embedded(document) for chunk in chunks])
    assert max(counts, default=0) <= limit
    for before, after in pairwise(chunks):
        assert before.start < after.start
        assert before.end < after.end
    if name == "whole" or not overlap:
        assert all(before.end <= after.start for before, after in pairwise(chunks))


@pytest.mark.parametrize("name", SIZED)
def test_a_size_is_an_upper_bound(name: str) -> None:
    text = "Some words make a sentence. " * 80
    chunks = cut(text, f"{name}:size=12", limit=60)
    assert max(Words(60).count(shown(text, chunks))) <= 12
    assert len(chunks) >= 480 // 12


@pytest.mark.parametrize("name", SIZED)
def test_an_overlap_repeats_the_end_of_the_chunk_before(name: str) -> None:
    text = "\n".join(f"line {n} has words" for n in range(60))
    chunks = cut(text, f"{name}:size=20,overlap=8", limit=60)
    assert len(chunks) > 5
    for before, after in pairwise(chunks):
        assert after.start < before.end
        assert Words(60).count([text[after.start : before.end]])[0] <= 8


def test_an_overlap_of_more_than_half_a_chunk_is_refused() -> None:
    with pytest.raises(InputError, match="overlap=11 is more than half the chunk size of 20 tokens"):
        cut("text", "structure:size=20,overlap=11")


@pytest.mark.parametrize("spec", ["structure:size=-1", "tokens:overlap=-2"])
def test_a_negative_size_is_refused(spec: str) -> None:
    with pytest.raises(InputError, match="0 or more tokens"):
        cut("text", spec)


def test_sections_that_fit_are_joined_and_their_headings_stand_above_the_others() -> None:
    text = (
        "# Fruit\n\nAll about fruit.\n\n## Apples\n\n"
        + "Apples are red. " * 8
        + "\n\n## Pears\n\nPears.\n\n## Figs\n\nFigs."
    )
    chunks = cut(text, "structure", limit=24)
    assert shown(text, chunks)[0].startswith("# Fruit")
    assert shown(text, chunks)[-1] == "## Pears\n\nPears.\n\n## Figs\n\nFigs."
    assert chunks[-1].prefix == "Fruit"
    inner = [chunk for chunk in chunks if text[chunk.start : chunk.end].startswith("Apples are")]
    assert inner
    assert {chunk.prefix for chunk in inner} <= {"Fruit > Apples"}


def test_paragraphs_then_sentences_decide_where_a_section_is_cut() -> None:
    text = "One two three. Four five six.\n\nSeven eight nine. Ten eleven twelve thirteen fourteen."
    assert shown(text, cut(text, "structure", limit=8)) == [
        "One two three. Four five six.",
        "Seven eight nine.",
        "Ten eleven twelve thirteen fourteen.",
    ]


def test_rows_of_a_table_that_was_cut_have_its_header_above() -> None:
    chunks = cut(f"# Prices\n\n{TABLE}", "structure", limit=40)
    assert len(chunks) > 4
    for chunk, text in zip(chunks[1:], shown(f"# Prices\n\n{TABLE}", chunks)[1:], strict=True):
        assert chunk.prefix == "Prices\n| name | price |"
        assert text.startswith("| apple")
        assert text.endswith("|")


def test_a_heading_does_not_stay_alone() -> None:
    text = "# One\n\n## Two\n\n" + "Some words here. " * 12
    first = shown(text, cut(text, "structure", limit=16))[0]
    assert first.startswith("# One\n\n## Two\n\nSome words")


def test_a_prefix_never_takes_more_than_a_quarter() -> None:
    headings = tuple(Heading(n * 10, n + 1, "many words in a heading") for n in range(5))
    text = "".join(f"heading {n}\n" for n in range(5)) + "body words " * 60
    document = Document(text, title="a title of its own", headings=headings)
    for chunk in REGISTRY.chunker("structure").value(document, Words(40)):
        assert Words(40).count([chunk.prefix])[0] <= 10


def test_whole_leaves_what_fits_in_one_piece() -> None:
    assert shown(TABLE, cut(TABLE, "whole", limit=1000)) == [TABLE.strip()]


@pytest.mark.parametrize("name", CHUNKERS)
def test_text_without_any_boundary_is_cut_in_bounded_time(name: str) -> None:
    text = "x" * 300_000 + "。" * 1000
    chunks = cut(text, name, limit=50, counter=PieceCounter)
    assert "".join(shown(text, chunks)) == text


JAVASCRIPT = """// Adds.
function add(a, b) {
  const words = "of a function that is longer";

  return a + b;
}
// Takes away.
function subtract(a, b) {
  const words = "of a function that is longer";

  return a - b;
}

class Shape {
  area() {
    return "the area of a shape, in words";
  }

  /* The way around. */
  round() {
    return "the way around a shape, in words";
  }
}
"""


@pytest.mark.parametrize("limit", [35, 45, 60])
def test_code_without_a_parser_is_cut_before_its_definitions_and_their_comments(limit: int) -> None:
    document = Document(JAVASCRIPT, metadata={"language": "javascript"}, verbatim=True)
    chunks = list(REGISTRY.chunker("structure").value(document, Words(limit)))
    firsts = [text.split("\n")[0] for text in shown(JAVASCRIPT, chunks)]
    assert len(firsts) > 1
    assert set(firsts) <= {"// Adds.", "// Takes away.", "class Shape {", "/* The way around. */"}


def test_code_is_never_cut_within_a_line_that_fits() -> None:
    lines = [f"value_{n} = call(n, {n}).then. Next" for n in range(50)]
    document = Document("\n".join(lines), metadata={"language": "python"}, verbatim=True)
    chunks = REGISTRY.chunker("structure").value(document, Words(30))
    assert [line for text in shown(document.text, list(chunks)) for line in text.split("\n")] == lines


def test_a_part_of_a_definition_has_its_name_above() -> None:
    code = "class Fruit:\n    def eat(self):\n" + "        call(self, with_words)\n" * 20
    [document] = REGISTRY.reader("code").value(Path("a.py"), code.encode())
    chunks = list(REGISTRY.chunker("structure").value(document, Words(40)))
    assert {chunk.prefix for chunk in chunks[1:]} == {"class Fruit > def eat"}


def test_what_follows_a_definition_does_not_have_its_name_above() -> None:
    body = "    call(self, with_words)\n" * 20
    code = f"def eat():\n{body}\n\nif here:\n{body}"
    [document] = REGISTRY.reader("code").value(Path("a.py"), code.encode())
    chunks = list(REGISTRY.chunker("structure").value(document, Words(40)))
    below = [chunk.prefix for chunk in chunks if chunk.start >= code.index("if here")]
    assert len(below) > 2
    assert set(below) == {""}
