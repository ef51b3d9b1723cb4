"""OpenDocument files: every word is found, and nothing that was deleted."""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simsearch_office.opendocument import read_opendocument

from simsearch import Document, Heading, UnreadableFile

sys.path.insert(0, str(Path(__file__).parent))
from ooxml_files import Marks

NAMESPACES = (
    " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in {
            "office": "office",
            "text": "text",
            "table": "table",
            "draw": "drawing",
            "svg": "svg-compatible",
            "presentation": "presentation",
            "style": "style",
            "form": "form",
            "manifest": "manifest",
        }.items()
    )
    + ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:math="http://www.w3.org/1998/Math/MathML"'
)


def flat(kind: str, body: str, styles: str = "") -> bytes:
    return (
        f"<office:document {NAMESPACES}><office:master-styles>{styles}</office:master-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document>"
    ).encode()


def read(content: bytes) -> list[Document]:
    return list(read_opendocument(Path("a.odt"), content))


PIECES = {
    "text": "SHOWN",
    "span": "<text:span>SHOWN</text:span>",
    "link": "<text:a>SHOWN</text:a>",
    "field": "<text:user-field-get>SHOWN</text:user-field-get>",
    "note": "<text:note><text:note-citation>1</text:note-citation><text:note-body>BLOCKS</text:note-body></text:note>",
    "comment": "<office:annotation><dc:creator>Ada</dc:creator><text:p>SHOWN</text:p></office:annotation>",
    "box": "<draw:frame><draw:text-box>BLOCKS</draw:text-box></draw:frame>",
    "shape": "<draw:custom-shape><text:p>SHOWN</text:p></draw:custom-shape>",
    "picture": "<draw:frame><draw:image/><svg:desc>SHOWN</svg:desc></draw:frame>",
    "picture's title": "<draw:frame><draw:image/><svg:title>SHOWN</svg:title></draw:frame>",
    "document's title": "<text:title>SHOWN</text:title>",
    "formula": "<draw:object><math:math><math:mi>SHOWN</math:mi></math:math></draw:object>",
    "ruby": "<text:ruby><text:ruby-base>SHOWN</text:ruby-base><text:ruby-text>SHOWN</text:ruby-text></text:ruby>",
}
BLOCKS = {
    "paragraph": "<text:p>PIECES</text:p>",
    "heading": '<text:h text:outline-level="2">PIECES</text:h>',
    "list": "<text:list><text:list-item>BLOCKS</text:list-item></text:list>",
    "section": "<text:section>BLOCKS</text:section>",
    "text in no paragraph": "<text:section>SHOWN<text:p>PIECES</text:p> SHOWN </text:section>",
    "deleted": "<text:tracked-changes><text:changed-region><text:deletion><text:p>GONE</text:p></text:deletion>"
    "</text:changed-region></text:tracked-changes>",
    "table": "<table:table><table:title>SHOWN</table:title><table:table-header-rows><table:table-row>"
    "<table:table-cell>BLOCKS</table:table-cell>"
    "<table:table-cell>BLOCKS</table:table-cell></table:table-row></table:table-header-rows></table:table>",
    "form": '<office:forms><form:form><form:text form:current-value="SHOWN"/></form:form></office:forms>',
}


class Builder:
    def __init__(self, draw: st.DrawFn) -> None:
        self.draw, self.marks = draw, Marks()

    def blocks(self, depth: int) -> str:
        kinds = list(BLOCKS) if depth > 0 else ["paragraph", "heading", "deleted", "form"]
        return "".join(self.fill(BLOCKS[kind], depth - 1) for kind in self._some(kinds))

    def pieces(self, depth: int) -> str:
        kinds = [kind for kind, xml in PIECES.items() if depth > 0 or "BLOCKS" not in xml]
        return "<text:s/>".join(self.fill(PIECES[kind], depth - 1) for kind in self._some(kinds))

    def fill(self, xml: str, depth: int) -> str:
        while "BLOCKS" in xml:
            xml = xml.replace("BLOCKS", self.blocks(depth), 1)
        while "PIECES" in xml:
            xml = xml.replace("PIECES", self.pieces(depth), 1)
        while "SHOWN" in xml:
            xml = xml.replace("SHOWN", self.marks.show(), 1)
        return xml.replace("GONE", self.marks.delete()) if "GONE" in xml else xml

    def _some(self, kinds: list[str]) -> list[str]:
        return self.draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=3))


@st.composite
def texts(draw: st.DrawFn) -> tuple[bytes, Marks]:
    builder = Builder(draw)
    body = builder.blocks(3)
    words = f"{builder.marks.show()} {builder.marks.show()}"
    page = f"<style:master-page><style:header><text:p>{words}</text:p></style:header></style:master-page>"
    return flat("text", body, page), builder.marks


@settings(max_examples=80)
@given(texts())
def test_every_marked_word_of_a_text_is_found_once(drawn: tuple[bytes, Marks]) -> None:
    content, marks = drawn
    [document] = read(content)
    marks.check(document.text)


@given(st.lists(st.sampled_from(list(PIECES)), min_size=1, max_size=4), st.data())
@settings(max_examples=30)
def test_every_marked_word_of_a_cell_is_found(kinds: list[str], data: st.DataObject) -> None:
    builder = Builder(data.draw)
    pieces = "".join(builder.fill(PIECES[kind], 0) for kind in kinds)
    comment = f"<office:annotation><text:p>{builder.marks.show()}</text:p></office:annotation>"
    cell = (
        f'<table:table-cell office:value-type="string">{comment}<text:p>{pieces}</text:p></table:table-cell>'
    )
    row = f"<table:table-row><table:table-cell/>{cell}</table:table-row>"
    shapes = f"<table:shapes><draw:frame><text:p>{builder.marks.show()}</text:p></draw:frame></table:shapes>"
    table = f'<table:table table:name="{builder.marks.show()}">{shapes}{row}</table:table>'
    message = f'table:title="{builder.marks.show()}"><text:p>{builder.marks.show()}</text:p>'
    choice = (
        f"of:cell-content-is-in-list(&quot;{builder.marks.show()}&quot;;&quot;{builder.marks.show()}&quot;)"
    )
    validation = f'<table:content-validation table:condition="{choice}">'
    help = f"{validation}<table:help-message {message}</table:help-message></table:content-validation>"
    [document] = read(flat("spreadsheet", help + table))
    assert [word for word in builder.marks.shown if word not in f"{document.title} {document.text}"] == []


def test_headings_and_deleted_text() -> None:
    body = '<text:h text:outline-level="1">Leave</text:h><text:p>Thirty<text:s text:c="2"/>days</text:p>'
    [document] = read(flat("text", BLOCKS["deleted"] + body))
    assert (document.text, document.title) == ("Leave\n\nThirty  days", "Leave")
    assert document.headings == (Heading(0, 1, "Leave"),)


def test_page_headers_are_read_but_for_the_number_of_the_page() -> None:
    number = "<text:p>Page <text:page-number>1</text:page-number></text:p>"
    page = (
        f"<style:master-page><style:header><text:p>Acme</text:p>{number}</style:header></style:master-page>"
    )
    [document] = read(flat("text", "<text:p>Text</text:p>", page))
    assert document.text == "Text\n\nAcme"


def test_repeated_cells_fill_no_memory_and_values_without_text_are_read() -> None:
    row = (
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row><table:table-row><table:table-cell '
        'office:value-type="float" office:value="7"/><table:table-cell table:number-columns-repeated="9">'
        "<text:p>x</text:p></table:table-cell></table:table-row>"
    )
    [document] = read(flat("spreadsheet", f'<table:table table:name="A">{row}</table:table>'))
    assert document.text == "7" + " | x" * 9


def test_an_empty_text_is_the_result_of_a_formula() -> None:
    formula = 'table:formula="of:=IF([.A2]=1;2;3)"'
    cells = f'<table:table-cell {formula} office:value-type="string" office:string-value=""/>'
    rows = (
        f"<table:table-row>{cells}<table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>"
    )
    [document] = read(flat("spreadsheet", f'<table:table table:name="A">{rows}</table:table>'))
    assert (document.text, document.notices) == ("x", ())
    rows = f"<table:table-row><table:table-cell {formula}/></table:table-row>"
    [document] = read(flat("spreadsheet", f'<table:table table:name="A">{rows}</table:table>'))
    assert document.notices == ("1 formula without a stored result: the formula was read instead",)


def test_pages_of_a_presentation_have_titles_and_notes() -> None:
    page = (
        '<draw:page><draw:frame presentation:class="title"><text:p>Plans</text:p></draw:frame><draw:frame>'
        "<text:p>More</text:p></draw:frame><presentation:notes><text:p>Slowly</text:p></presentation:notes></draw:page>"
    )
    [document] = read(flat("presentation", page))
    assert (document.id, document.title, document.text) == ("#slide=1", "Plans", "Plans\n\nMore\n\nSlowly")


def archive(**parts: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for name, xml in parts.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml"), xml)
    return content.getvalue()


def test_a_file_that_is_a_formula_is_its_symbols() -> None:
    formula = f"<math:math {NAMESPACES}><math:mi>energy</math:mi><math:mo>=</math:mo><math:mi>m</math:mi></math:math>"
    assert read(archive(content_xml=formula))[0].text == "energy = m"


def test_a_password_and_broken_files_are_reasons() -> None:
    entry = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    manifest = f"<manifest:manifest {NAMESPACES}>{entry}</manifest:manifest>"
    with pytest.raises(UnreadableFile, match="needs a password"):
        read(archive(**{"META-INF__manifest_xml": manifest, "content_xml": "?"}))
    for broken in (b"", b"<office", archive(content_xml="nothing"), archive(x="")):
        with pytest.raises(UnreadableFile):
            read(broken)
