"""PowerPoint files: every word on a slide, in its notes and its comments is found."""

from __future__ import annotations

import sys
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from simsearch_office.slides import read_slides

from simsearch import Document

sys.path.insert(0, str(Path(__file__).parent))
from ooxml_files import Marks, chart, diagram, package

DECK = "ppt/presentation.xml"
SLIDE = "ppt/slides/slide{}.xml"


def body(text: str) -> str:
    return f"<p:txBody><a:p><a:r><a:t>{text[:3]}</a:t></a:r><a:r><a:t>{text[3:]}</a:t></a:r></a:p></p:txBody>"


def shape(text: str, placeholder: str | None = None, about: str = "") -> str:
    kind = f'<p:ph type="{placeholder}"/>' if placeholder is not None else ""
    properties = f'<p:nvSpPr><p:cNvPr id="1" name="A" {about}/><p:nvPr>{kind}</p:nvPr></p:nvSpPr>'
    return f"<p:sp>{properties}{body(text)}</p:sp>"


def frame(graphic: str) -> str:
    return f"<p:graphicFrame><a:graphic><a:graphicData>{graphic}</a:graphicData></a:graphic></p:graphicFrame>"


class Builder:
    """Draws the shapes of one slide."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw, self.marks = draw, Marks()
        self.parts: dict[str, str] = {}
        self.relations: dict[str, tuple[str, str]] = {}

    def relate(self, kind: str, xml: str) -> str:
        id = f"rId{len(self.relations) + 1}"
        name = f"ppt/{kind}/{id}.xml"
        self.parts[name], self.relations[id] = xml, (kind, name)
        return id

    def shapes(self, depth: int) -> str:
        kinds = ["text", "table", "chart", "diagram", "picture", "choice", "group"][: 7 if depth else 6]
        drawn = self.draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=4))
        return "".join(self.one(kind, depth - 1) for kind in drawn)

    def one(self, kind: str, depth: int) -> str:
        show = self.marks.show
        if kind == "text":
            return shape(show(), self.draw(st.sampled_from([None, "", "body", "ftr", "dt"])))
        if kind == "table":
            rows = [f"<a:tr><a:tc>{body(show())}</a:tc><a:tc>{body(show())}</a:tc></a:tr>" for _ in range(2)]
            return frame(f"<a:tbl>{''.join(rows)}</a:tbl>")
        if kind == "chart":
            return frame(f'<c:chart r:id="{self.relate("chart", chart(self.marks))}"/>')
        if kind == "diagram":
            return frame(f'<dgm:relIds r:dm="{self.relate("diagramData", diagram(self.marks))}"/>')
        if kind == "picture":
            return f'<p:pic><p:nvPicPr><p:cNvPr id="1" name="A" descr="{show()}"/></p:nvPicPr></p:pic>'
        if kind == "choice":
            word = shape(show())
            branches = f"<mc:Choice>{word}</mc:Choice><mc:Fallback>{word}</mc:Fallback>"
            return f"<mc:AlternateContent>{branches}</mc:AlternateContent>"
        return f"<p:grpSp><p:nvGrpSpPr/>{self.shapes(depth)}</p:grpSp>"

    def build(self) -> bytes:
        show = self.marks.show
        shapes = self.shapes(2) + shape(show(), "title")
        self.relate("notesSlide", f"<p:notes>{shape(show(), 'body')}{shape('7', 'sldNum')}</p:notes>")
        comment = f"<p:cm authorId='0'><p:text>{show()}</p:text></p:cm>"
        replies = f"<p:replyLst><p:reply>{body(show())}</p:reply></p:replyLst>"
        modern = f"<p:cm>{body(show())}{replies}</p:cm>"
        self.relate("comments", f"<p:cmLst>{comment}{modern}</p:cmLst>")
        layout = shape(show()) + shape(self.marks.delete(), "body")
        self.relate("slideLayout", f"<p:sldLayout>{layout}</p:sldLayout>")
        return deck([slide(shapes)], self.parts, self.relations)


def deck(slides: list[str], parts: dict[str, str], relations: dict[str, tuple[str, str]]) -> bytes:
    """Relations are those of the first slide."""
    numbers = range(1, len(slides) + 1)
    entries = "".join(f'<p:sldId id="{255 + n}" r:id="s{n}"/>' for n in numbers)
    main = f"<p:presentation><p:sldIdLst>{entries}</p:sldIdLst></p:presentation>"
    own = {SLIDE.format(n): slide for n, slide in zip(numbers, slides, strict=True)}
    links = {f"s{n}": ("slide", SLIDE.format(n)) for n in numbers}
    return package(DECK, {DECK: main, **own, **parts}, {DECK: links, SLIDE.format(1): relations})


@st.composite
def decks(draw: st.DrawFn) -> tuple[bytes, Marks]:
    builder = Builder(draw)
    return builder.build(), builder.marks


def read(content: bytes) -> list[Document]:
    return list(read_slides(Path("a.pptx"), content))


@settings(max_examples=40)
@given(decks())
def test_every_marked_word_is_found_once(drawn: tuple[bytes, Marks]) -> None:
    content, marks = drawn
    [document] = read(content)
    marks.check(document.text)
    assert document.text.startswith(document.title) and document.title in marks.shown


def slide(content: str, attributes: str = "") -> str:
    return f"<p:sld {attributes}><p:cSld><p:spTree>{content}</p:spTree></p:cSld></p:sld>".replace(
        "sld >", "sld>"
    )


PICTURE = '<p:pic><p:nvPicPr><p:cNvPr id="1" name="Picture 1"/></p:nvPicPr></p:pic>'


def test_slides_that_are_pictures_are_a_notice_and_empty_ones_are_not() -> None:
    first, fourth = read(deck([slide(shape("One")), slide(PICTURE), slide(""), slide(shape("Four"))], {}, {}))
    assert first.notices == ("1 of 4 slides is an image: slide 2",)
    assert (fourth.id, fourth.notices) == ("#slide=4", ())


def test_a_deck_without_text_is_a_document_that_says_so() -> None:
    [document] = read(deck([slide(""), slide("")], {}, {}))
    assert (document.text, document.notices) == ("", ("no text in it",))
