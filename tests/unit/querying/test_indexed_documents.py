"""The text of indexed documents: from the index alone, whatever a name looks like."""

import unicodedata
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from simsearch import InputError, Workspace
from simsearch.querying.indexed_documents import names_in_index, part_of, read_texts, split_lines
from simsearch.storage.protocols import Snapshot
from tests.support.hashed_words import indexed, open_workspace

LINES = "one\ntwo\nthree\nfour\n"
ROWS = '{"_id": "7", "text": "the goat"}\n{"_id": "8", "text": "the hen"}\n'


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return indexed(
        tmp_path / "work", {"docs/lines.txt": LINES, "docs/tea.md": "# Tea\n\nBoil.\n", "rows.jsonl": ROWS}
    )


@pytest.mark.parametrize(
    ("lines", "text", "shown"),
    [
        (None, LINES, (1, 4)),
        ((2, 3), "two\nthree\n", (2, 3)),
        ((4, None), "four\n", (4, 4)),
        ((3, 99), "three\nfour\n", (3, 4)),
        ((1, 1), "one\n", (1, 1)),
    ],
)
def test_lines_are_those_of_the_file(
    workspace: Workspace, lines: tuple[int, int | None] | None, text: str, shown: tuple[int, int]
) -> None:
    (got,) = workspace.get("docs/lines.txt", lines)
    assert (got.text, got.lines, got.line_count, got.verbatim) == (text, shown, 4, True)
    assert LINES[got.start : got.end] == text


@pytest.mark.parametrize("lines", [(5, None), (0, 2), (3, 2)])
def test_lines_that_are_not_there_are_an_error(workspace: Workspace, lines: tuple[int, int | None]) -> None:
    with pytest.raises(InputError, match="line"):
        workspace.get("docs/lines.txt", lines)


def test_hits_and_lines_agree(workspace: Workspace) -> None:
    for hit in workspace.query("three", chunks=True):
        if hit.lines:
            (got,) = workspace.get(hit.path, hit.lines)
            assert hit.text in got.text


def test_the_text_is_that_of_the_index_even_if_the_file_changes_or_goes(workspace: Workspace) -> None:
    (workspace.folder / "docs" / "lines.txt").write_text("secret")
    (workspace.folder / "docs" / "tea.md").unlink()
    assert workspace.get("docs/lines.txt")[0].text == LINES
    assert "Boil." in workspace.get("docs/tea.md")[0].text


def test_rows_are_found_by_id_and_by_path_and_id(workspace: Workspace) -> None:
    assert [text.part for text in workspace.get("rows.jsonl")] == ["7", "8"]
    for name in ("7", "rows.jsonl#7"):
        (got,) = workspace.get(name)
        assert (got.path, got.part, got.text) == ("rows.jsonl", "7", "the goat")
    with pytest.raises(InputError, match=r"2 parts.*rows.jsonl#7, rows.jsonl#8"):
        workspace.get("rows.jsonl", (1, 1))


def test_an_id_that_two_files_have_is_not_guessed(tmp_path: Path) -> None:
    workspace = indexed(tmp_path, {"one.jsonl": ROWS, "two.jsonl": ROWS})
    with pytest.raises(InputError, match=r"one.jsonl#7, two.jsonl#7"):
        workspace.get("7")
    assert workspace.get("two.jsonl#7")[0].path == "two.jsonl"


def test_every_hit_leads_to_its_document(tmp_path: Path) -> None:
    """Whatever root the files were found under, which decides how ids look."""
    for name in (".", "deep/docs", "deep"):
        workspace = open_workspace(tmp_path / name.replace("/", "-").replace(".", "dot"))
        docs = workspace.folder / "deep" / "docs"
        docs.mkdir(parents=True)
        (docs / "a.txt").write_text("the goat eats\n")
        (docs / "rows.jsonl").write_text(ROWS)
        workspace.index(workspace.folder / name)
        hits = workspace.query("the goat", k=5)
        assert len(hits) == 3
        for hit in hits:
            part = part_of(hit.path, hit.id)
            for address in (hit.id, f"{hit.path}#{part}" if hit.path.endswith("jsonl") else hit.path):
                (got,) = workspace.get(address)
                assert (got.path, got.text[hit.start : hit.end]) == (hit.path, hit.text)


@pytest.mark.parametrize("name", ["docs/taa.md", "docs/TEA.md"])
def test_an_unknown_name_names_the_nearest(workspace: Workspace, name: str) -> None:
    with pytest.raises(InputError, match=r"did you mean 'docs/tea.md'\?"):
        workspace.get(name)


@pytest.fixture
def snapshot(workspace: Workspace) -> Iterator[Snapshot]:
    with closing(workspace.store.read()) as snapshot:
        yield snapshot


def test_nothing_outside_the_index_is_read(workspace: Workspace, tmp_path: Path, snapshot: Snapshot) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    (workspace.folder / "docs" / "new.txt").write_text("secret")
    (workspace.folder / "docs" / "link.txt").symlink_to(tmp_path / "secret.txt")
    (workspace.folder / "way").symlink_to(tmp_path)
    for name in (
        str(tmp_path / "secret.txt"),
        "../secret.txt",
        "docs/../../secret.txt",
        "docs/new.txt",
        "docs/link.txt",
        "way/secret.txt",
        "file:///etc/passwd",
        "/etc/passwd",
        "/proc/self/environ",
        "docs",
        ".",
        "..",
        "/",
        "",
        "*",
        "docs/*",
        "#",
        "docs/lines.txt#1",
        "docs/lines.txt\0",
        "\udcff",
        "x" * 100_000,
    ):
        with pytest.raises(InputError, match="has no document"):
            read_texts(snapshot, names_in_index(name, workspace.folder))


@example(name="docs/./lines.txt")
@example(name="docs/lines.txt#")
@given(name=st.text(st.sampled_from("./#:*docs linetx\0\udcff\u0301é"), max_size=20))
def test_any_name_gives_an_indexed_text_or_one_error(hostile: Workspace, name: str) -> None:
    with closing(hostile.store.read()) as snapshot:
        try:
            (got,) = read_texts(snapshot, names_in_index(name, hostile.folder))
        except InputError as error:
            assert "\n" not in str(error)
        else:
            assert got.text == LINES


@example(name="docs/lines.txt\0")
@example(name="\ud800")
@given(name=st.text(st.sampled_from("./#:*docs linetx\0\ud800\udcff\u0301é"), max_size=20))
def test_any_name_that_a_program_gives_is_found_or_one_error(hostile: Workspace, name: str) -> None:
    try:
        (got,) = hostile.get(name)
    except InputError as error:
        assert "\n" not in str(error)
    else:
        assert got.text == LINES


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return indexed(tmp_path_factory.mktemp("hostile"), {"docs/lines.txt": LINES})


def test_a_document_has_absolute_and_untidy_names(workspace: Workspace, snapshot: Snapshot) -> None:
    for name in (
        str(workspace.folder / "docs/lines.txt"),
        "./docs/lines.txt",
        "docs//lines.txt",
        "docs/x/../lines.txt",
    ):
        (got,) = read_texts(snapshot, names_in_index(name, workspace.folder))
        assert got.path == "docs/lines.txt"


def test_a_link_to_itself_is_no_document(workspace: Workspace) -> None:
    loop = workspace.folder / "loop"
    loop.symlink_to(loop)
    with pytest.raises(InputError, match="has no document"):
        workspace.get(loop / "lines.txt")


def test_accents_may_be_composed_or_not(tmp_path: Path) -> None:
    composed = "docs/café.txt"
    apart = unicodedata.normalize("NFD", composed)
    assert indexed(tmp_path / "one", {composed: "tea"}).get(apart)[0].path == composed
    assert indexed(tmp_path / "two", {apart: "tea"}).get(composed)[0].path == apart
    both = indexed(tmp_path / "three", {composed: "one", apart: "two"})
    assert [both.get(name)[0].text for name in (composed, apart)] == ["one", "two"]


@pytest.mark.parametrize(
    ("address", "name", "lines"),
    [
        ("a.md", "a.md", None),
        ("a.md:3", "a.md", (3, 3)),
        ("a.md:3-9", "a.md", (3, 9)),
        ("a.md:3-", "a.md", (3, None)),
        ("a.pdf#page=3:2", "a.pdf#page=3", (2, 2)),
        ("C:\\a.md", "C:\\a.md", None),
        ("a:b", "a:b", None),
        (":3", ":3", None),
        ("a.md:-3", "a.md:-3", None),
    ],
)
def test_an_address_is_a_name_with_lines(address: str, name: str, lines: object) -> None:
    assert split_lines(address) == (name, lines)


def test_an_empty_document_has_no_lines(tmp_path: Path) -> None:
    (got,) = indexed(tmp_path, {"docs/empty.txt": ""}).get("docs/empty.txt")
    assert (got.text, got.lines, got.line_count) == ("", None, 0)
