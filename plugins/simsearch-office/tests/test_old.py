"""Files from before 2007 and Outlook messages: every word is found, and nothing that was deleted."""

from __future__ import annotations

import io
import struct
import sys
import zipfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from simsearch_office.old import read_old
from simsearch_office.old.packed_rtf import unpack
from simsearch_office.old.records import count_without_result
from simsearch_office.sheets import read_sheets
from simsearch_office.slides import read_slides
from simsearch_office.word import read_word

from simsearch import Document, Heading, UnreadableFile
from simsearch.types import Reader

sys.path.insert(0, str(Path(__file__).parent))
import office_files
from compound_files import compound
from ooxml_files import Marks

FILES = Path(__file__).parent / "files"
LENGTHS = ("body", "notes", "headers", "macros", "comments", "endnotes", "boxes", "header boxes")


def read(content: bytes) -> list[Document]:
    return list(read_old(Path("a.doc"), content))


def doc(stories: dict[str, str], cuts: Sequence[int] = ()) -> bytes:
    """A Word file whose text is in pieces, in turn of one byte and two bytes a character."""
    text = "".join(stories.get(name, "") for name in LENGTHS)
    borders = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    main = bytearray(2048)
    struct.pack_into("<H", main, 0, 0xA5EC)
    struct.pack_into("<H", main, 0x0A, 0x0200)
    struct.pack_into("<8i", main, 0x4C, *(len(stories.get(name, "")) for name in LENGTHS))
    pieces = b""
    for number, (start, end) in enumerate(pairwise(borders)):
        narrow = number % 2 == 0
        offset = len(main) * 2 | 0x40000000 if narrow else len(main)
        pieces += struct.pack("<HIH", 0, offset, 0)
        main += text[start:end].encode("cp1252" if narrow else "utf-16-le")
    places = struct.pack(f"<{len(borders)}I", *borders) + pieces
    table = b"\x02" + struct.pack("<I", len(places)) + places
    struct.pack_into("<2I", main, 0x01A2, 0, len(table))
    return compound({"WordDocument": bytes(main), "1Table": table})


@settings(max_examples=40)
@given(st.lists(st.integers(0, 10_000), max_size=5), st.data())
def test_every_word_of_every_story_is_found(cuts: list[int], data: st.DataObject) -> None:
    marks = Marks()
    stories = {}
    for name in LENGTHS:
        if name == "macros":
            continue
        count = data.draw(st.integers(0, 3))
        words = [f"{marks.show()} \x13 REF {marks.delete()} \x14{marks.show()}\x15\r" for _ in range(count)]
        stories[name] = "".join(words)
    [document] = read(doc(stories, cuts))
    marks.check(document.text)


def test_a_word_file_has_headings_tables_notes_and_no_deleted_text() -> None:
    [document] = read((FILES / "made.doc").read_bytes())
    assert document.text == (
        "Leave\n\nEveryone has thirty days.\n\ncase | days\n--- | ---\nwedding | 2\n\nThe end.\n\n"
        "A footnote.\n\nThe letterhead\n\nA remark"
    )
    assert document.headings[0] == Heading(0, 2, "Leave")


PLACES = ("cell", "merged", "rich", "header", "footer", "name", "number")


@settings(max_examples=40)
@given(st.lists(st.lists(st.sampled_from((*PLACES, "formula")), max_size=8), min_size=1, max_size=3))
def test_every_word_of_an_old_excel_file_is_found_and_formulas_are_counted(sheets: list[list[str]]) -> None:
    marks, book, formulas = Marks(), xlwt.Workbook(), 0
    for number, places in enumerate(sheets):
        sheet = book.add_sheet(marks.show() if "name" in places else f"Sheet{number}")
        sheet.write(2 * len(places), 0, marks.show())
        sheet.header_str = f"&C{marks.show()}".encode() if "header" in places else b""
        sheet.footer_str = f"&L{marks.show()}".encode() if "footer" in places else b""
        for row, place in enumerate(places):
            if place == "cell":
                sheet.write(2 * row, row, marks.show())
            elif place == "merged":
                sheet.write_merge(2 * row, 2 * row + 1, 0, 1, marks.show())
            elif place == "rich":
                sheet.write_rich_text(
                    2 * row, 0, [marks.show(), (f" {marks.show()}", xlwt.easyfont("bold true"))]
                )
            elif place == "number":
                sheet.write(2 * row, 0, marks.show(), xlwt.easyxf(num_format_str='"no. "@'))
            elif place == "formula":
                formulas += 1
                sheet.write(2 * row, 0, xlwt.Formula('"a"&"b"'))
    content = io.BytesIO()
    book.save(content)
    documents = read(content.getvalue())
    marks.shown = [
        word for word in marks.shown if word not in {document.metadata.get("sheet") for document in documents}
    ]
    marks.check("\n".join(document.text for document in documents))
    said = [notice for notice in documents[0].notices if "stored result" in notice]
    plural = "" if formulas == 1 else "s"
    assert said == ([f"{formulas} formula{plural} without a stored result: not read"] if formulas else [])


def test_empty_results_of_a_calculated_excel_file_are_no_missing_ones() -> None:
    formula = struct.pack("<2H", 0x0006, 22) + bytes(6) + b"\x03" + bytes(5) + b"\xff\xff" + bytes(8)
    assert count_without_result(formula) == 1
    assert count_without_result(struct.pack("<2H", 0x01C1, 8) + bytes(8) + formula) == 0


def test_cells_of_an_excel_file_are_shown_as_excel_shows_them() -> None:
    [document] = read((FILES / "made.xls").read_bytes())
    assert (
        document.text
        == "kind | value\n--- | ---\ninterest | 7.5%\npostcode | 01067\n\ninterest: Ask the bank"
    )
    assert (document.id, document.title) == ("#sheet=Rates", "Rates")


@pytest.mark.parametrize("reader", [read_word, read_slides, read_sheets])
def test_encrypted_and_renamed_files_are_read_by_what_they_are(reader: Reader) -> None:
    with pytest.raises(UnreadableFile, match="needs a password"):
        list(reader(Path("a.docx"), compound({"EncryptedPackage": b"x"})))
    [document] = reader(Path("a.docx"), (FILES / "made.xls").read_bytes())
    assert document.title == "Rates"


def record(kind: int, content: bytes, instance: int = 0, *, container: bool = False) -> bytes:
    return struct.pack("<2HI", instance << 4 | (15 if container else 0), kind, len(content)) + content


def words(text: str, kind: int) -> bytes:
    return record(0x0F9F, struct.pack("<I", kind)) + record(0x0FA0, text.encode("utf-16-le"))


def test_slides_in_order_with_notes_and_without_earlier_versions() -> None:
    def slide(text: str, notes: int = 0, after: bytes = b"") -> bytes:
        about = record(0x03EF, bytes(16) + struct.pack("<II", notes, 0))
        return record(0x03EE, about + words(text, 4) + after, container=True)

    def comment(*strings: str) -> bytes:
        inner = (record(0x0FBA, string.encode("utf-16-le"), n) for n, string in enumerate(strings))
        return record(0x2EE0, b"".join(inner), container=True)

    old, first, second = (
        slide("First version"),
        slide("Box", 300),
        slide("Second box", after=comment("Ada", "Why?")),
    )
    notes = record(0x03F0, words("Slowly", 2), container=True)

    def entry(number: int, slide: int) -> bytes:
        return record(0x03F3, struct.pack("<5I", number, 0, 0, slide, 0))

    listed = record(
        0x0FF0, entry(2, 256) + words("Plans", 0) + entry(3, 257) + words("More", 1), 0, container=True
    )
    remarks = record(0x0FF0, entry(4, 300), 2, container=True)
    main = record(0x03E8, listed + remarks, container=True)
    stream, offsets = b"", []
    for part in (old, main, first, second, notes):
        offsets.append(len(stream))
        stream += part
    directory = len(stream)
    stream += record(0x1772, struct.pack("<5I", 1 | 4 << 20, *offsets[1:]))
    edit = len(stream)
    stream += record(0x0FF5, struct.pack("<7I", 0, 0, 0, directory, 1, 5, 0))
    user = record(0x0FF6, struct.pack("<3I", 20, 0xE391C05F, edit))
    one, two = read(compound({"PowerPoint Document": stream, "Current User": user}))
    assert (one.title, one.text) == ("Plans", "Plans\n\nBox\n\nSlowly")
    assert (two.id, two.text) == ("#slide=2", "More\n\nSecond box\n\n[Ada: Why?]")


def properties(streams: dict[str, bytes], head: bytes) -> dict[str, bytes]:
    """Streams of properties, and the one that lists them."""
    listed = head
    for name, content in streams.items():
        listed += struct.pack("<HHIII", int(name[-4:], 16), int(name[-8:-4], 16), 6, len(content), 0)
    return {"__properties_version1.0": listed, **streams}


def message(subject: str, body: dict[str, bytes], attachments: dict[str, bytes]) -> bytes:
    own = {"__substg1.0_0037001F": subject.encode("utf-16-le"), **body}
    streams = properties(own, bytes(32))
    for number, (name, content) in enumerate(attachments.items()):
        inner = {"__substg1.0_37010102": content, "__substg1.0_3707001F": name.encode("utf-16-le")}
        method = struct.pack("<HHIII", 0x0003, 0x3705, 6, 1, 0)
        folder = f"__attach_version1.0_#{number:08}"
        streams |= {f"{folder}/{key}": value for key, value in properties(inner, bytes(8) + method).items()}
    return compound(streams)


def test_a_message_has_its_text_its_attached_texts_and_a_notice_for_other_files() -> None:
    body = {"__substg1.0_1000001F": "Dear keeper".encode("utf-16-le")}
    [document] = read(message("The boat", body, {"list.txt": b"oars", "plan.bin": b"\0"}))
    assert (document.title, document.text) == ("The boat", "Dear keeper\n\n[list.txt]\n\noars\n\n[plan.bin]")
    assert document.notices == ("an attached file was not read: plan.bin",)


def test_a_message_without_plain_text_is_read_from_its_formatted_text() -> None:
    rtf = rb"{\rtf1\ansi Formatted words\par}"
    packed = struct.pack("<II4sI", len(rtf) + 12, len(rtf), b"MELA", 0) + rtf
    [document] = read(message("The boat", {"__substg1.0_10090102": packed}, {}))
    assert document.text == "Formatted words"


def test_packed_rtf_is_unpacked() -> None:
    # The example of [MS-OXRTFCP], section 3.1.1.
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    assert unpack(packed) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


@pytest.mark.parametrize(
    ("streams", "reason"),
    [
        ({"EncryptedPackage": b"x"}, "needs a password"),
        ({"VisioDocument": b"x"}, "a Visio drawing"),
        ({"Something": b"x"}, "a compound file of an unknown kind"),
        ({"WordDocument": b"\xdc\xa5" + bytes(2000)}, "a Word file from before 1997"),
        ({"WordDocument": b"\xec\xa5"}, "broken Word file"),
        ({"Workbook": b"x"}, "broken Excel file"),
        ({"PowerPoint Document": b"x"}, "broken PowerPoint file"),
    ],
)
def test_files_that_cannot_be_read_are_named_by_what_they_are(streams: dict[str, bytes], reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        read(compound(streams))


def test_pages_and_texts_under_the_name_of_an_old_format_are_read() -> None:
    [page] = read(b"<html><table><tr><td>one</td><td>two</td></tr></table></html>")
    assert (page.text.split(), page.notices) == (
        ["one", "two"],
        ("its content does not match its name: read as an HTML page",),
    )
    assert read(b"plain words")[0].notices == ("its content does not match its name: read as plain text",)
    with pytest.raises(UnreadableFile):
        read(b"\0\1\2")


@settings(max_examples=40)
@given(st.binary(max_size=300), st.integers(0, 10_000))
def test_changed_bytes_give_documents_or_a_reason(noise: bytes, place: int) -> None:
    for name in ("made.doc", "made.xls"):
        content = bytearray((FILES / name).read_bytes())
        start = 512 + place % (len(content) - 512)
        content[start : start + len(noise)] = noise
        try:
            assert all(isinstance(document, Document) for document in read(bytes(content)))
        except UnreadableFile as error:
            assert str(error)


def test_files_of_other_formats_are_read_by_what_they_are() -> None:
    made = {
        "an RTF file": b"{\\rtf1 Gr\\'fc\\'dfe}",
        "a Word file": office_files.docx(),
        "an Excel file": office_files.xlsx(),
        "a PowerPoint file": office_files.pptx(),
        "an HTML page": '<?xml version="1.0" encoding="UTF-8"?><html><p>Größe</p></html>'.encode(),
    }
    for what, content in made.items():
        documents = read(content)
        assert documents[0].text and "rtf" not in documents[0].text
        assert documents[0].notices == (f"its content does not match its name: read as {what}",)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as empty:
        empty.writestr("a.txt", "")
    with pytest.raises(UnreadableFile, match="no document in it"):
        read(archive.getvalue())
