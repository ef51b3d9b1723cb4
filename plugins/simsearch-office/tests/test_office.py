"""Office files: text, headings and tables, the page of each hit, and reasons for what can't be read."""

import io
import sys
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simsearch import Document, UnreadableFile
from simsearch.indexing.changes import Candidate
from simsearch.indexing.reading import Readers
from simsearch.plugins.offers import Built
from simsearch.plugins.registry import Registry
from simsearch.storage.protocols import FileRecord
from simsearch.testing import ReaderContract
from simsearch.types import Reader

sys.path.insert(0, str(Path(__file__).parent))
import office_files

REGISTRY = Registry.load(only=["simsearch-office"])
MADE = {
    ".pdf": office_files.pdf(["First page", "", "Third page"]),
    ".docx": office_files.docx(),
    ".pptx": office_files.pptx(),
    ".xlsx": office_files.xlsx(),
}
READERS = Readers(REGISTRY)


class TestPdfContract(ReaderContract):
    spec = "pdf"


class TestWordContract(ReaderContract):
    spec = "word"


class TestSlidesContract(ReaderContract):
    spec = "slides"


class TestSheetsContract(ReaderContract):
    spec = "sheets"


class TestOpenDocumentContract(ReaderContract):
    spec = "opendocument"


class TestRtfContract(ReaderContract):
    spec = "rtf"


class TestOldOfficeContract(ReaderContract):
    spec = "old-office"


def read(folder: Path, name: str, content: bytes) -> list[Document]:
    file = folder / name
    file.write_bytes(content)
    return READERS.read(Candidate(file, FileRecord(name, name, "", 0, 0)))[1]


def reason(folder: Path, name: str, content: bytes) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read(folder, name, content)
    return str(caught.value)


def test_pages_of_a_pdf_are_documents_that_know_their_number(tmp_path: Path) -> None:
    first, third = read(tmp_path, "report.pdf", MADE[".pdf"])
    assert (first.id, first.title, first.text) == ("#page=1", "Report", "First page")
    assert first.metadata == {"author": "Ada", "date": "2024-05-06T07:08:09+00:00", "page": 1, "pages": 3}
    assert (third.id, third.text, third.metadata["page"]) == ("#page=3", "Third page", 3)


@pytest.mark.parametrize("ending", MADE)
def test_a_file_is_known_by_its_content_whatever_its_name(tmp_path: Path, ending: str) -> None:
    named = read(tmp_path, f"a{ending}", MADE[ending])
    assert read(tmp_path, "download", MADE[ending]) == named
    assert read(tmp_path, "notes.md", MADE[ending]) == named


def test_a_pdf_that_only_forbids_changes_is_read_and_one_with_a_password_is_not(tmp_path: Path) -> None:
    assert read(tmp_path, "open.pdf", office_files.encrypted_pdf("Open page", ""))[0].text == "Open page"
    assert reason(tmp_path, "shut.pdf", office_files.encrypted_pdf("Secret", "word")) == "needs a password"


def test_a_pdf_without_text_says_so(tmp_path: Path) -> None:
    assert reason(tmp_path, "scan.pdf", office_files.pdf(["", ""])) == "no text in it"


def test_a_word_file_has_its_headings_in_place_and_its_tables_as_text(tmp_path: Path) -> None:
    [document] = read(tmp_path, "handbook.docx", MADE[".docx"])
    assert document.text == (
        "Leave\n\nEveryone has thirty days.\n\nSpecial leave\n\n"
        "case | days\n--- | ---\nwedding | 2\nsee below\n\nBelow it."
    )
    assert [(h.level, h.text) for h in document.headings] == [(1, "Leave"), (2, "Special leave")]
    assert all(document.text[h.start :].startswith(h.text) for h in document.headings)
    assert (document.id, document.title, document.metadata["author"]) == ("", "The handbook", "Ada")


def test_slides_are_documents_with_their_notes(tmp_path: Path) -> None:
    first, third = read(tmp_path, "deck.pptx", MADE[".pptx"])
    assert (first.id, first.title, first.text) == ("#slide=1", "Plans", "Plans\n\nMore of everything")
    assert (third.id, third.metadata["slide"]) == ("#slide=3", 3)
    assert third.text == "Numbers\n\nyear | sales\n--- | ---\n2024 | 12\n\nSay this slowly."


def test_sheets_are_tables(tmp_path: Path) -> None:
    prices, notes = read(tmp_path, "list.xlsx", MADE[".xlsx"])
    assert prices.text == (
        "fruit | price | since\n--- | --- | ---\napple | 1.5 | 2024-05-06\npear |  | now and then"
    )
    assert (prices.id, prices.title) == ("#sheet=Prices", "Price list: Prices")
    assert prices.metadata["sheet"] == "Prices"
    assert (notes.id, notes.text.strip(" |")) == ("#sheet=Notes", "alone")


@pytest.mark.parametrize("ending", MADE)
def test_a_broken_file_says_so(tmp_path: Path, ending: str) -> None:
    content = MADE[ending]
    for broken in (b"", b"%PDF-1.4\n", content[:60], content[: len(content) // 2]):
        assert reason(tmp_path, f"a{ending}", broken).startswith(("broken ", "no text in it"))


@pytest.fixture(scope="module")
def bomb() -> bytes:
    """600 MB in less than one."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(6):
            archive.writestr(f"word/{number}.xml", b" " * 100_000_000)
    return content.getvalue()


@pytest.mark.parametrize("ending", [".docx", ".pptx", ".xlsx"])
def test_zip_bombs_and_old_files_say_so(tmp_path: Path, bomb: bytes, ending: str) -> None:
    assert reason(tmp_path, f"bomb{ending}", bomb) == "unpacks to more than 500 MB"
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
    assert "from before 2007" in reason(tmp_path, f"old{ending}", old)


def test_entities_that_grow_without_bound_are_not_followed(tmp_path: Path) -> None:
    entities = '<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {name} "{"&" + before + ";"}{("&" + before + ";") * 9}">'
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    for ending, part in ((".docx", "word/document.xml"), (".xlsx", "xl/sharedStrings.xml")):
        content = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(MADE[ending])) as good, zipfile.ZipFile(content, "w") as bad:
            for name in good.namelist():
                text = good.read(name)
                if name == part:
                    text = f"<?xml version='1.0'?><!DOCTYPE x [{entities}]><x>&i;</x>".encode()
                bad.writestr(name, text)
        try:
            assert sum(len(d.text) for d in read(tmp_path, f"a{ending}", content.getvalue())) < 10_000
        except UnreadableFile as error:
            assert "broken" in str(error)


def reader(name: str, arguments: str) -> Built[Reader]:
    return REGISTRY.reader(f"{name}:{arguments}")


def test_limits_are_arguments(tmp_path: Path) -> None:
    pages = office_files.pdf([f"Page {n}" for n in range(3000)])
    with pytest.raises(UnreadableFile, match=r"takes longer than 0\.01 s"):
        list(reader("pdf", "seconds=0.01").value(Path("a.pdf"), pages))


@pytest.mark.parametrize("ending", MADE)
@settings(max_examples=25)
@given(changes=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=30))
def test_bytes_changed_anywhere_give_documents_or_a_reason(
    tmp_path_factory: pytest.TempPathFactory, ending: str, changes: list[tuple[int, int]]
) -> None:
    folder = tmp_path_factory.mktemp("changed")
    content = bytearray(MADE[ending])
    for place, value in changes:
        content[place % len(content)] = value
    try:
        assert all(isinstance(document, Document) for document in read(folder, f"a{ending}", bytes(content)))
    except UnreadableFile as error:
        assert str(error)


def test_a_pdf_whose_page_unpacks_without_end_does_no_harm(tmp_path: Path) -> None:
    packed = zlib.compress(bytes(200_000_000), 1)
    page = office_files.pdf(["x"]).decode("latin-1")
    start = page.index("<< /Length", page.index("/MediaBox"))
    end = page.index("endstream", start)
    stream = f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n{packed.decode('latin-1')}\n"
    assert (
        reason(tmp_path, "a.pdf", (page[:start] + stream + page[end:]).encode("latin-1")) == "no text in it"
    )


def test_broken_files_are_named_and_all_others_are_indexed(tmp_path: Path, bomb: bytes) -> None:
    docs = tmp_path
    for ending, content in MADE.items():
        (docs / f"good{ending}").write_bytes(content)
        (docs / f"half{ending}").write_bytes(content[: len(content) // 2])
    (docs / "bomb.docx").write_bytes(bomb)
    (docs / "good.md").write_text("# Good")
    reasons: dict[str, str] = {}
    pages: dict[str, int] = {}
    for file in sorted(docs.iterdir()):
        try:
            pages[file.name] = len(READERS.read(Candidate(file, FileRecord(file.name, "docs", "", 0, 0)))[1])
        except UnreadableFile as error:
            reasons[file.name] = str(error)
    assert pages == {"good.docx": 1, "good.md": 1, "good.pdf": 2, "good.pptx": 2, "good.xlsx": 2}
    assert sorted(reasons) == ["bomb.docx", "half.docx", "half.pdf", "half.pptx", "half.xlsx"]
