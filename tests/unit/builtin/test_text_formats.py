"""Formats with escapes and commands: every word is found as people read it, headings and lines are in place."""

from __future__ import annotations

import base64
import contextlib
import json
from collections.abc import Callable
from random import Random
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from simsearch import Document
from simsearch.noise import Cut
from tests.unit.builtin.test_readers import headings, read

WORDS = st.lists(st.text("abcdefgäöüßéñçåøłšž", min_size=5, max_size=12), min_size=1, max_size=8, unique=True)


def in_place(document: Document) -> bool:
    """Whether each heading stands where its words are."""
    return all(" ".join(document.text[h.start :].split()).startswith(h.text) for h in document.headings)


# JSON ------------------------------------------------------------------------------------------------

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


def strings(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in strings(item)]
    if isinstance(value, list):
        return [text for item in value for text in strings(item)]
    return [value] if isinstance(value, str) else []


@given(JSON, st.booleans())
def test_every_string_of_json_is_found(value: object, ascii_only: bool) -> None:
    [document] = read("json", json.dumps(value, ensure_ascii=ascii_only))
    joined = " ".join(document.text.split())
    assert all(" ".join(text.split()) in joined for text in strings(value))


def test_json_of_several_values_comments_and_lists() -> None:
    assert read("json", '{"a": "x"}\n{"a": "y"}')[0].text == "a: x\n\na: y"
    assert (
        read("json", '{// said\n"a": ["x", "y"], /* so */ "url": "http://b",}')[0].text
        == "a: x, y\nurl: http://b\n\nsaid\nso"
    )
    assert read("json", '{"name": "T", "n": {"m": [1, 2]}}')[0].text == "name: T\n\nn.m: 1, 2"
    [numbers] = read("json", json.dumps({"points": [[x, x] for x in range(50)], "text": "kept"}))
    assert (numbers.text, numbers.notices) == (
        "text: kept",
        ("left out: 100 numbers, codes or pieces of encoded data",),
    )


def test_only_the_sentences_of_a_dump_are_read() -> None:
    note = "A bench by the river"
    rows = [{"id": f"node_{n}", "type": "way", "note": "" if n % 1000 else note} for n in range(20_000)]
    [document] = read("json", json.dumps(rows, separators=(",", ":")))
    assert document.text.count("note: A bench by the river") == 20
    assert "node_" not in document.text
    assert document.notices == ("left out: 40000 numbers, codes or pieces of encoded data",)
    assert "node_7" in read("json", json.dumps(rows, indent=1))[0].text


def test_broken_json_is_indexed_as_it_is_written() -> None:
    [document] = read("json", '{"a": "x", oops')
    assert document.text == '{"a": "x", oops'
    assert document.verbatim and "not valid JSON" in document.notices[0]
    [deep] = read("json", "[" * 100_000)
    assert deep.notices == ("JSON that is nested too deeply; indexed as it is written",)
    [long] = read("json", f'{{"a": {"1" * 5000}}}')
    assert long.notices == ("JSON with an integer of more than 4300 digits; indexed as it is written",)


# XML -------------------------------------------------------------------------------------------------

XML_PLACES: list[Callable[[str], str]] = [
    lambda word: f"<p>{word}</p>",
    lambda word: f"<p>some {word} <b>within</b> text</p>",
    lambda word: f"<p>some <b>{word}</b> within</p>",
    lambda word: f"<item name={quoteattr(word)}/>",
    lambda word: f"<p>see <a title={quoteattr(word)}>this</a></p>",
    lambda word: f"<x><![CDATA[<p>{word}</p>]]></x>",
    lambda word: f"<x>{escape(f'<p>{word}</p>')}</x>",
    lambda word: f"<x>{''.join(f'&#{ord(c)};' for c in word)}</x>",
    lambda word: f"<x>{''.join(f'&#x{ord(c):x};' for c in word)}</x>",
    lambda word: f"<section><title>{word}</title><para>x</para></section>",
    lambda word: f"<a:b xmlns:a='http://a'>{word}</a:b>",
    lambda word: f"<row><cell>{word}</cell><cell>12</cell></row>",
]


def is_utf8(content: bytes) -> bool:
    with contextlib.suppress(UnicodeDecodeError):
        return bool(content.decode())
    return False


@settings(deadline=None)
@given(WORDS, st.integers(0, 2**32), st.sampled_from(["utf-8", "utf-16", "iso-8859-2"]))
def test_every_marked_word_of_xml_is_found(words: list[str], seed: int, encoding: str) -> None:
    random = Random(seed)
    words = [f"mark{word}".encode(encoding, "ignore").decode(encoding) for word in words]
    body = "".join(random.choice(XML_PLACES)(word) for word in words)
    page = f'<?xml version="1.0" encoding="{encoding}"?><doc>{body}</doc>'.encode(encoding)
    # What is UTF-8 too is read as such, for many files declare another encoding wrongly.
    assume(encoding != "iso-8859-2" or page.isascii() or not is_utf8(page))
    [document] = read("xml", page)
    assert [word for word in words if word not in document.text] == []
    assert in_place(document)


def test_runs_of_a_paragraph_and_undeclared_prefixes_split_no_word() -> None:
    first = "<w:p><w:pPr/><w:r><w:t>The est</w:t></w:r><w:r><w:t>uary</w:t></w:r></w:p>"
    [document] = read("xml", f"<w:body>{first}<w:p><w:r><w:t>pilot</w:t></w:r></w:p></w:body>")
    assert (document.text, document.notices) == ("The estuary\npilot", ())


def test_large_xml_is_read_and_a_limit_is_named() -> None:
    for inner in ("<a>" * 300 + "x" + "</a>" * 300, "<b>x<b>" * 500 + "</b>" * 1000, "x " * 5_100_000):
        [document] = read("xml", f"<a>{inner}</a>")
        assert "x" in document.text and document.notices == ()
    [document] = read("xml", "<a>" * 3000 + "x" + "</a>" * 3000)
    assert document.text == "x"
    assert document.notices[0].startswith("XML that exceeds a limit of its parser")


def test_codes_and_numbers_of_an_element_are_read_with_its_words() -> None:
    item = '<item id="7" name="Bolt M8" code="A-113" price="4.20" xml:base="1" href="/a/1"/>'
    assert read("xml", f"<a>{item}</a>")[0].text == "Bolt M8 code: A-113 price: 4.20"
    assert read("xml", '<a><point lat="47.1" lon="8.5"/><p>x</p></a>')[0].text == "x"


def test_encoded_data_of_an_element_is_left_out() -> None:
    data = base64.encodebytes(Random(1).randbytes(900)).decode()
    [document] = read("xml", f"<a><b>The estuary</b><c>{data}</c></a>")
    assert Cut(document.text).text.split() == ["The", "estuary", "c:"]


def test_entities_are_resolved_and_broken_xml_is_read_without_tags() -> None:
    own = '<!DOCTYPE a [<!ENTITY firm "Käserei &amp; Co">]><a>&firm; of the all&eacute;e &amp; more</a>'
    assert read("xml", own)[0].text == "Käserei & Co of the allée & more"
    [broken] = read("xml", "<a><b>K&#228;serei</a> & more")
    assert broken.text.split() == ["Käserei", "&", "more"]
    assert broken.notices == ("XML is not well-formed; read without its tags",)
    bomb = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    assert read("xml", f'<!DOCTYPE a [<!ENTITY l0 "lol">{bomb}]><a>&l11;</a>')[0].text.count("lol") < 100_000


# LaTeX and BibTeX ------------------------------------------------------------------------------------

LATEX = [
    (r"word\footnote{A note}.", "word A note."), (r"\href{http://a.b/c}{the page}", "the page"),
    (r"un\emph{believ}able", "unbelievable"),
    (r"na{\"\i}ve", "naïve"), (r"K{\"u}stennebel", "Küstennebel"), (r"caf\'e", "café"), (r"\v{S}koda", "Škoda"),
    (r"gar\c{c}on", "garçon"), (r"Stra\ss e", "Straße"), (r"Stra{\ss}e", "Straße"), (r"wing\-beat", "wingbeat"),
    (r"\emph{stressed}", "stressed"), (r"A\&B", "A&B"), (r"50\,\%", "50 %"), (r"\textbf{\'Etude}", "Étude"),
    (r"\AA ngstr\"om", "Ångström"), (r"\L{}\'od\'z", "Łódź"), (r"snake\_case", "snake_case"), ("a~tie", "a tie"),
    (r"see \cite{fog,rain}later", "see later"), (r"see \citep[cf.][p. 5]{fog}.", "see cf. p. 5."),
    (r"\begin{theorem}[Fermat]\label{f} No", "Fermat No"), (r"\begin{figure}[htbp]A", "A"),
    (r"\begin{lstlisting}[language=C, caption={The loop}] A", "The loop A"),
    (r"\item first", "- first"), ("1990--2000", "1990–2000"),
    (r"\url{http://a.b/~c/d--e\_f}", "http://a.b/~c/d--e_f"), (r"\verb|~a--\b$| x", r"~a--\b$ x"),
    (r"a\\[2mm] b", "a [2mm] b"), (r"a\\$x_1$", "a $x_1$"), (r"\lstinline[language=C]!a--b!", "a--b"),
    ("``said''", '"said"'), (r"\~{n}andu", "ñandu"), (r"\'{\i}ndice", "índice"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "text"), LATEX)
def test_latex_is_read_as_it_is_printed(source: str, text: str) -> None:
    assert read("latex", f"{source}\n")[0].text.rstrip() == text


@given(
    st.lists(st.sampled_from(LATEX), min_size=1, max_size=10),
    st.lists(st.sampled_from(["\n", "\n\n", " "]), min_size=10),
)
def test_latex_keeps_its_lines_and_headings(parts: list[tuple[str, str]], gaps: list[str]) -> None:
    body = "".join(f"{source}{gap}" for (source, _), gap in zip(parts, gaps, strict=False))
    head = f"\\documentclass{{article}}\n\\title{{On {parts[0][0]}}}\n\\section*{{A {parts[0][0]} part}}\n"
    source = f"{head}{body}\n\\end{{document}}\n"
    [document] = read("latex", source)
    assert document.text.count("\n") == source.count("\n")
    assert [text for _, text in parts if text not in document.text] == []
    assert document.title == f"On {parts[0][1]}"
    assert headings(document) == [(3, f"A {parts[0][1]} part")]
    assert in_place(document)


def test_a_dollar_sign_hides_no_section() -> None:
    source = (
        "\\section{One}\n\\begin{lstlisting}[language=bash, caption={The loop}]\necho $HOME ~/x -- \\emph{a}\n"
        "\\end{lstlisting}\n\\section{Two}\n% costs $5\n\\section{Three}\nIt costs $x$, $y\n+ z$ or 5$.\n\n"
        "\\section{Four}\nIt is $1.\n\\begin{verbatim}\n[\\section{no}] $\n\\end{verbatim}\n\\section{Five}\n$x$\n"
    )
    [document] = read("latex", source)
    assert [heading.text for heading in document.headings] == ["One", "Two", "Three", "Four", "Five"]
    assert "The loop\necho $HOME ~/x -- \\emph{a}\n" in document.text
    assert "\n[\\section{no}] $\n" in document.text
    assert document.text.count("\n") == source.count("\n")
    assert in_place(document)


def test_a_bibliography_has_its_titles_as_headings() -> None:
    source = (
        '@string{j = "Journal"}\n@article{key1,\n  title = {The {B}ees of K{\\"o}ln},\n  author={M\\"uller, J.},\n}\n'
        '\n@book{key2,\n title = "On fog",\n}\n'
    )
    [document] = read("bibtex", source)
    assert headings(document) == [(1, "The Bees of Köln"), (1, "On fog")]
    assert "Müller, J." in document.text
    assert document.text.split("\n")[1].startswith("@article")
    assert document.text[document.headings[1].start :].startswith("@book")


# Org and AsciiDoc ------------------------------------------------------------------------------------


def test_org_has_headings_and_fields() -> None:
    source = (
        "#+TITLE: Diary\n#+filetags: :a:b:\n\n* TODO [#A] Feed :bees:\nx\n** [[b.org][Swarms]]\n"
        "#+begin_src c\n* no\n#+end_src\n"
    )
    [document] = read("org", source)
    assert (document.title, document.metadata["tags"], document.text) == ("Diary", ["a", "b"], source)
    assert headings(document) == [(1, "Feed"), (2, "Swarms")]


def test_asciidoc_has_headings_and_fields() -> None:
    source = (
        "= Guide\nAda Love <ada@example.org>\n:keywords: bees, wax\n\nText.\n\n== Hives\n\n"
        "----\n== no heading\n----\n\nFrames\n~~~~~~\n\n"
        "====\n=== In an example\n====\n\n|===\n|a |b\n|===\n\n=== Wax ===\n"
    )
    [document] = read("asciidoc", source)
    assert (document.title, document.text) == ("Guide", source)
    assert document.metadata["keywords"] == ["bees", "wax"]
    assert document.metadata["author"].startswith("Ada Love")
    assert headings(document) == [
        (1, "Guide"), (2, "Hives"), (3, "Frames"), (3, "In an example"), (3, "Wax"),
    ]  # fmt: skip


# Subtitles, properties, terminals --------------------------------------------------------------------

SUBTITLES = {
    "srt": "1\n00:00:01,000 --> 00:00:02,000\n<i>Hello</i> there,\n{\\an8}Müller.\n\n"
    "2\n00:00:03,000 --> 00:00:04,000\n42\n",
    "vtt": "WEBVTT\n\nSTYLE\n::cue { color: red }\n\nintro\n00:01.000 --> 00:02.000 align:start\n"
    "<v Ada>Hello</v> there,\nM&uuml;ller.\n\n00:03.000 --> 00:04.000\n42\n",
    "ass": "[Script Info]\nTitle: Film\n[V4+ Styles]\nStyle: a,Arial\n[Events]\n"
    "Dialogue: 0,0:00:01.00,0:00:02.00,a,Ada,0,0,0,,{\\i1}Hello{\\i0} there,\\NMüller. 42\n",
    "sbv": "0:00:01.000,0:00:02.000\nHello there,\nMüller.\n\n0:00:03.000,0:00:04.000\n42\n",
    "sub": "{1}{25}Hello there,|Müller.\n{30}{40}42\n",
    "lrc": "[ti:Song]\n[00:01.00]Hello there,\n[00:02.00]Müller. 42\n",
}


@pytest.mark.parametrize(("ending", "source"), SUBTITLES.items())
def test_subtitles_are_what_is_said_on_their_own_lines(ending: str, source: str) -> None:
    [document] = read(f"subtitles.{ending}", source)
    said = " ".join(document.text.split())
    assert "Hello there, Müller. 42" in said
    assert not any(text in said for text in ("-->", "00:0", "{", "<", "Arial", "color"))
    assert document.text.count("\n") == source.count("\n")


def test_a_song_has_its_title_wherever_it_stands() -> None:
    assert read("subtitles.lrc", "[ar:Artist]\n[ti:The Title]\n[00:01.00]Hello")[0].title == "The Title"


def test_properties_have_their_letters_and_lines() -> None:
    source = "a=Gr\\u00fc\\u00dfe aus\\\n   Wien\\n und\nb\\:c=\\ud83d\\ude00 C\\:\\\\x\n"
    [document] = read("properties", source)
    assert document.text == "a=Grüße ausWien  und\n\nb:c=😀 C:\\x\n"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('a: "Z\\xFCrich ist sch\\xF6n\\\n  \\ und alt"\n', 'a: "Zürich ist schön\n   und alt"\n'),
        (
            'a = "one\\ntwo \\ud83d\\ude00 \\U0001F600 \\"b\\" C:\\\\x \\x00"',
            'a = "one two 😀 😀 "b" C:\\x  "',
        ),
        ('a = """Z\\u00fcrich\n"said" \\u00e9"""', 'a = """Zürich\n"said" é"""'),
        ("a: 'C:\\new' # 24\" b\\nc", "a: 'C:\\new' # 24\" b\\nc"),
    ],
)
def test_escapes_of_quoted_values_are_resolved(source: str, text: str) -> None:
    [document] = read("quoted-values", source)
    assert (document.text, document.verbatim) == (text, True)


@pytest.mark.parametrize(
    ("ending", "source", "changed"),
    [
        ("yaml", 'run: |\n  grep "\\.py$" "\\d+" f\n\n  x: "\\d"\nafter: "\\xfc"\n', ("\\xfc", "ü")),
        ("yaml", 'steps:\n  - run: >-  # "\\d"\n      a "\\d"\n    env: "\\xfc"\n', ("\\xfc", "ü")),
        ("yaml", '- !!str |2\n a "\\d"\n- "\\xfc"\n', ("\\xfc", "ü")),
        ("yaml", 'a: \'it\'\'s "\\d"\'\nb: "\\xfc" # "\\d"\n', ("\\xfc", "ü")),
        ("toml", "a = '''\nsay \"\\d\" '\n'''\nb = \"\\u00fc\"\n", ("\\u00fc", "ü")),
        ("toml", 'a = [ \'"\\d"\', "\\u00fc" ] # "\\d"\n', ("\\u00fc", "ü")),
    ],
)
def test_a_backslash_is_one_outside_of_double_quotes(
    ending: str, source: str, changed: tuple[str, str]
) -> None:
    assert read(f"quoted-values.{ending}", source)[0].text == source.replace(*changed)


@given(st.text("\"'\\xuU0dfn a\n:-|>#="), st.sampled_from(["yaml", "toml"]))
def test_quoted_values_keep_their_lines(source: str, ending: str) -> None:
    assert read(f"quoted-values.{ending}", source)[0].text.count("\n") == source.count("\n")


def test_terminal_codes_are_no_text() -> None:
    source = (
        "\x1b[2m07:00\x1b[0m \x1b[31mERR\x1b[1mOR\x1b[0m \x1b]8;;http://x\x07link\x1b]8;;\x07\nN\bNA\bAME\n"
    )
    assert read("text", source)[0].text == "07:00 ERROR link\nNAME\n"
