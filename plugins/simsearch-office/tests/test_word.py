"""Word files: everything that Word displays is found, and nothing that was deleted."""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from simsearch_office.word import read_word

from simsearch import Document, Heading

sys.path.insert(0, str(Path(__file__).parent))
from ooxml_files import Marks, chart, diagram, package

MAIN = "word/document.xml"
RUN = "<w:r><w:t>{}</w:t></w:r>"


class Builder:
    """Draws a document: blocks in blocks, and in paragraphs pieces in pieces."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw, self.marks = draw, Marks()
        self.parts: dict[str, str] = {}
        self.relations: dict[str, tuple[str, str]] = {}
        self.notes: dict[str, list[str]] = {"footnote": [], "endnote": [], "comment": []}

    def relate(self, kind: str, xml: str, folder: str = "word") -> str:
        id = f"rId{len(self.relations) + 1}"
        name = f"{folder}/{kind}{id}.xml"
        self.parts[name], self.relations[id] = xml, (kind, name)
        return id

    def blocks(self, depth: int) -> str:
        kinds = ["paragraph", "joined", "control", "custom", "table", "frame"][: 6 if depth else 2]
        return "".join(
            getattr(self, f"_{kind}")(depth - 1)
            for kind in self.draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=3))
        )

    def _paragraph(self, depth: int) -> str:
        return f"<w:p>{self.pieces(depth)}</w:p>"

    def _joined(self, depth: int) -> str:
        """A word whose paragraph mark in the middle was deleted."""
        word = self.marks.show()
        cut = "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>"
        return f"<w:p>{cut}{RUN.format(word[:3])}</w:p><w:p>{RUN.format(word[3:])}</w:p>"

    def _control(self, depth: int) -> str:
        return f"<w:sdt><w:sdtPr/><w:sdtContent>{self.blocks(depth)}</w:sdtContent></w:sdt>"

    def _custom(self, depth: int) -> str:
        return f"<w:customXml>{self.blocks(depth)}</w:customXml>"

    def _table(self, depth: int) -> str:
        rows = "".join(
            f"<w:tr><w:tc>{self.blocks(depth)}</w:tc><w:sdt><w:sdtContent><w:tc>{self.blocks(depth)}</w:tc>"
            "</w:sdtContent></w:sdt></w:tr>"
            for _ in range(2)
        )
        gone = (
            f"<w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p>{RUN.format(self.marks.delete())}</w:p></w:tc></w:tr>"
        )
        return f"<w:tbl><w:tblPr/>{rows}{gone}</w:tbl>"

    def _frame(self, depth: int) -> str:
        return f"<w:tbl><w:tr><w:tc>{self.blocks(depth)}</w:tc></w:tr></w:tbl>"

    def pieces(self, depth: int) -> str:
        kinds = PIECES if depth > 0 else PIECES[:8]
        drawn = self.draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=3))
        return " <w:r><w:t> </w:t></w:r>".join(self.piece(kind, depth - 1) for kind in drawn)

    def piece(self, kind: str, depth: int) -> str:
        if kind in SIMPLE:
            template = SIMPLE[kind]
            shown = [self.marks.show() for _ in range(template.count("SHOWN"))]
            gone = [self.marks.delete() for _ in range(template.count("GONE"))]
            return (
                template.replace("SHOWN", "{}").replace("GONE", "{}").format(*_order(template, shown, gone))
            )
        if kind in WRAPPERS:
            return WRAPPERS[kind].format(self.pieces(depth))
        if kind in BOXES:
            return BOXES[kind].format(self.blocks(max(depth, 0)))
        if kind == "chart":
            return f'<w:r><w:drawing><c:chart r:id="{self.relate("chart", chart(self.marks))}"/></w:drawing></w:r>'
        if kind == "diagram":
            id = self.relate("diagramData", diagram(self.marks))
            return f'<w:r><w:drawing><dgm:relIds r:dm="{id}"/></w:drawing></w:r>'
        id = len(self.notes[kind])
        self.notes[kind].append("")  # keeps the number while the note's own text is drawn
        self.notes[kind][id] = f'<w:{kind} w:id="{id}" w:author="Ada">{self.blocks(0)}</w:{kind}>'
        return f'<w:r><w:{kind}Reference w:id="{id}"/></w:r>'

    def build(self) -> bytes:
        body = f"<w:document><w:body>{self.blocks(2)}<w:sectPr/></w:body></w:document>"
        for kind in ("header", "footer"):
            self.relate(kind, f"<w:{kind}>{self.blocks(1)}</w:{kind}>")
        for kind, notes in self.notes.items():
            self.relate(f"{kind}s", f"<w:{kind}s>{''.join(notes)}</w:{kind}s>")
        return package(MAIN, {MAIN: body, **self.parts}, {MAIN: self.relations})


def _order(template: str, shown: list[str], gone: list[str]) -> list[str]:
    words = sorted([(template.find("SHOWN"), shown), (template.find("GONE"), gone)])
    return [word for place, group in words if place >= 0 for word in group]


SIMPLE = {
    "run": RUN.format("SHOWN"),
    "deleted": f"<w:del><w:r><w:delText>GONE</w:delText></w:r>{RUN.format('GONE')}</w:del>",
    "moved away": f"<w:moveFrom>{RUN.format('GONE')}</w:moveFrom>",
    "math": "<m:oMath><m:r><m:t>SHOWN</m:t></m:r></m:oMath>",
    "field": '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>GONE</w:instrText></w:r><w:r>'
    '<w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>SHOWN</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>',
    "list": '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="GONE"/>'
    '<w:listEntry w:val="SHOWN"/></w:ddList></w:ffData></w:fldChar></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>',
    "picture": '<w:r><w:drawing><wp:inline><wp:docPr id="1" name="A" descr="SHOWN"/></wp:inline></w:drawing></w:r>',
    "line art": '<w:r><w:pict><v:shape><v:textpath string="SHOWN"/></v:shape></w:pict></w:r>',
}
WRAPPERS = {
    "inserted": "<w:ins>{}</w:ins>",
    "moved here": "<w:moveTo>{}</w:moveTo>",
    "control": "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>",
    "smart tag": "<w:smartTag>{}</w:smartTag>",
    "simple field": '<w:fldSimple w:instr=" REF x ">{}</w:fldSimple>',
    "link": "<w:hyperlink>{}</w:hyperlink>",
    "direction": "<w:bdo>{}</w:bdo>",
    "ruby": "<w:r><w:ruby><w:rt><w:r><w:t>reading</w:t></w:r></w:rt><w:rubyBase>{}</w:rubyBase></w:ruby></w:r>",
}
BOXES = {
    "box": "<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx><w:txbxContent>{0}</w:txbxContent></wps:txbx>"
    "</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>{0}</w:txbxContent></v:textbox></w:pict>"
    "</mc:Fallback></mc:AlternateContent></w:r>",
    "old box": "<w:r><w:pict><v:rect><v:textbox><w:txbxContent>{}</w:txbxContent></v:textbox></v:rect></w:pict></w:r>",
}
PIECES = [*SIMPLE, *WRAPPERS, *BOXES, "chart", "diagram", "footnote", "endnote", "comment"]


@st.composite
def documents(draw: st.DrawFn) -> tuple[bytes, Marks]:
    builder = Builder(draw)
    return builder.build(), builder.marks


def read(content: bytes) -> Document:
    [document] = read_word(Path("a.docx"), content)
    return document


@settings(max_examples=60)
@given(documents())
def test_every_marked_word_is_found_once_and_deleted_ones_are_not(drawn: tuple[bytes, Marks]) -> None:
    content, marks = drawn
    document = read(content)
    marks.check(document.text)
    assert document.notices == ()


def word(
    body: str, parts: dict[str, str] | None = None, relations: dict[str, tuple[str, str]] | None = None
) -> bytes:
    main = f"<w:document><w:body>{body}</w:body></w:document>"
    return package(MAIN, {MAIN: main, **(parts or {})}, {MAIN: relations or {}})


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{RUN.format(text)}</w:p>"


def test_notes_follow_their_paragraph_and_page_headers_come_last() -> None:
    body = paragraph("Bees", '<w:outlineLvl w:val="0"/>')
    body += f'<w:p>{RUN.format("They dance.")}<w:r><w:commentReference w:id="7"/></w:r></w:p>' + paragraph(
        "End."
    )
    parts = {
        "word/c.xml": f'<w:comments><w:comment w:id="7" w:author="Ada">{paragraph("Who?")}</w:comment></w:comments>',
        "word/h.xml": f"<w:hdr>{paragraph('The hive')}</w:hdr>",
    }
    document = read(word(body, parts, {"a": ("comments", "word/c.xml"), "b": ("header", "word/h.xml")}))
    assert document.text == "Bees\n\nThey dance.\n\n[Ada: Who?]\n\nEnd.\n\nThe hive"
    assert document.headings == (Heading(0, 1, "Bees"), Heading(document.text.index("The hive"), 1, ""))


def test_headings_are_known_by_the_style_that_theirs_is_based_on() -> None:
    styles = (
        '<w:styles><w:style w:styleId="a"><w:name w:val="heading 2"/></w:style><w:style w:styleId="b">'
        '<w:name w:val="Chapter"/><w:basedOn w:val="a"/></w:style><w:style w:styleId="c"><w:name w:val="Loop"/>'
        '<w:basedOn w:val="c"/></w:style></w:styles>'
    )
    body = paragraph("Two", '<w:pStyle w:val="b"/>') + paragraph("None", '<w:pStyle w:val="c"/>')
    document = read(word(body, {"word/styles.xml": styles}, {"s": ("styles", "word/styles.xml")}))
    assert document.headings == (Heading(0, 2, "Two"),)


def test_a_field_that_never_ends_hides_nothing() -> None:
    begin = '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r></w:p>'
    assert read(word(begin + paragraph("Still here"))).text == "Still here"


def test_what_cannot_be_read_is_a_notice() -> None:
    body = paragraph("Text") + '<w:p><w:r><w:object><o:OLEObject r:id="a"/></w:object></w:r></w:p>'
    parts = {"word/h.xml": "<w:hdr><w:p", "word/embeddings/b.xlsx": "<x>"}
    relations = {"a": ("package", "word/embeddings/b.xlsx"), "h": ("header", "word/h.xml")}
    assert read(word(body, parts, relations)).notices == (
        "an embedded file was not read: b.xlsx",
        "word/h.xml is damaged; some of it may be missing",
    )
    assert read(word("<w:p/>")).notices == ("no text in it",)


def test_imported_pages_and_symbols_are_read() -> None:
    body = (
        paragraph("Before")
        + '<w:altChunk r:id="a"/><w:p><w:r><w:sym w:font="Symbol" w:char="F061"/></w:r></w:p>'
    )
    parts = {"word/page.html": "<html><style>p {}</style><p>Imported</p><p>page</p></html>"}
    assert (
        read(word(body, parts, {"a": ("aFChunk", "word/page.html")})).text
        == "Before\n\nImported\n\npage\n\nα"
    )


def test_an_imported_page_is_decoded_and_an_empty_one_costs_nothing() -> None:
    body = paragraph("Before") + "".join(f'<w:altChunk r:id="{id}"/>' for id in "abc")
    parts = {
        "word/a.html": "<p>Gr\xf6\xdfe</p>".encode(),
        "word/b.html": b" ",
        "word/c.html": b"<p>f\xfcr</p>",
    }
    relations = {id: ("aFChunk", f"word/{id}.html") for id in "abc"}
    content = io.BytesIO(word(body, {}, relations))
    with zipfile.ZipFile(content, "a") as archive:
        for name, page in parts.items():
            archive.writestr(name, page)
    document = read(content.getvalue())
    assert document.text == "Before\n\nGröße\n\nfür"
    assert document.notices == ("word/c.html: encoding guessed: Windows-1252",)
