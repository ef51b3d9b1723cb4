"""Every derived file missing, cut short, emptied or changed: queries answer all the same, check says what is
wrong, and it is repaired from the database without embedding."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from simsearch.errors import NoIndex, StorageError
from simsearch.storage import open_store
from simsearch.testing.stores.examples import ANIMALS, View, fill, identity, put, view, view_of
from simsearch.types import Event, Notice


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / ".simsearch"
    fill(open_store(folder))
    with open_store(folder).write(identity()) as writer:
        put(writer, "docs/late.md", "a late fox. and a late hen")
        writer.remove(["docs/owl.md"])
        writer.commit()
        writer.finish()
    return folder


def replace(path: Path, content: bytes) -> None:
    """Not in its place: this process may have the old one mapped."""
    path.unlink()
    path.write_bytes(content)


def cut(path: Path) -> None:
    replace(path, path.read_bytes()[: path.stat().st_size // 2])


def change(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    replace(path, bytes(content))


def empty(path: Path) -> None:
    replace(path, b"")


def damaged(folder: Path, pattern: str, damage: Callable[[Path], None]) -> View:
    """Damage every file of a pattern; what the store held before."""
    before = view(open_store(folder))
    for path in folder.glob(pattern):
        damage(path)
    return before


DAMAGES: list[Callable[[Path], None]] = [Path.unlink, cut, empty, change]
SEGMENTS = "segments/*.faiss"
WORDS = (
    "words/*/meta.json",
    "words/*/*.store",
    "words/*/*.idx",
    "words/*/*.fast",
    "words/*/*.term",
    "words/*/*.pos",
)
DERIVED = pytest.mark.parametrize("pattern", [SEGMENTS, *WORDS])


@DERIVED
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_found_and_rebuilt(
    folder: Path, pattern: str, damage: Callable[[Path], None]
) -> None:
    assert open_store(folder).check() == []
    before = damaged(folder, pattern, damage)
    problems = open_store(folder).check()
    assert problems
    assert all("--repair" in problem.fix for problem in problems)
    repaired = open_store(folder).check(repair=True)
    assert [problem.fix for problem in repaired] == ["rebuilt"] * len(problems)
    assert open_store(folder).check() == []
    assert view(open_store(folder)) == before


@DERIVED
@pytest.mark.parametrize("damage", [Path.unlink, cut, empty])
def test_queries_answer_beside_a_file_that_is_missing_or_short(
    folder: Path, pattern: str, damage: Callable[[Path], None]
) -> None:
    before = damaged(folder, pattern, damage)
    heard: list[Event] = []
    assert view(open_store(folder, heard.append)) == before
    assert all(isinstance(event, Notice) and event.warning for event in heard)
    assert heard


@DERIVED
@pytest.mark.parametrize("place", [0, 0.4])
@pytest.mark.parametrize("number", [b"\xff\x7f", b"\xff\x7b"], ids=["none", "huge"])
def test_garbage_inside_a_file_stops_neither_questions_nor_the_next_run(
    folder: Path, pattern: str, place: float, number: bytes
) -> None:
    def spoil(path: Path) -> None:
        content = bytearray(path.read_bytes())
        start = 2 * int(place * len(content) / 2)
        length = min(200, len(content) - start)
        content[start : start + length] = (number * length)[:length]
        replace(path, bytes(content))

    before = damaged(folder, pattern, spoil)
    assert view(open_store(folder)).chunks == before.chunks
    with open_store(folder).write(identity()) as writer:
        put(writer, "docs/new.md", "new")
        writer.remove(["docs/late.md"])
        writer.finish()
    open_store(folder).check(repair=True)
    assert open_store(folder).check() == []


@DERIVED
@pytest.mark.parametrize("damage", [Path.unlink, cut, empty])
def test_the_next_run_makes_it_anew_with_a_warning(
    folder: Path, pattern: str, damage: Callable[[Path], None]
) -> None:
    before = damaged(folder, pattern, damage)
    heard: list[Event] = []
    with open_store(folder, heard.append).write(identity()) as writer:
        put(writer, "docs/new.md", "new")
        writer.remove(["docs/new.md"])
        writer.finish()
    assert [event.warning for event in heard if isinstance(event, Notice)] == [True]
    assert open_store(folder).check() == []
    assert view(open_store(folder)) == before


def test_all_derived_files_gone(folder: Path) -> None:
    before = view(open_store(folder))
    shutil.rmtree(folder / "segments")
    shutil.rmtree(folder / "words")
    assert view(open_store(folder)) == before
    assert open_store(folder).check(repair=True)
    assert open_store(folder).check() == []
    assert view(open_store(folder)) == before


def test_a_repair_that_is_broken_off_leaves_the_damage_for_the_next_run_to_mend(folder: Path) -> None:
    before = view(open_store(folder))
    shutil.rmtree(folder / "segments")
    (folder / "segments").write_text("where no file can be written")
    with pytest.raises(StorageError):
        open_store(folder).check(repair=True)
    (folder / "segments").unlink()
    assert view(open_store(folder)) == before
    with open_store(folder).write(identity()) as writer:
        writer.finish()
    assert open_store(folder).check() == []
    assert view(open_store(folder)) == before


def test_leftovers_of_a_killed_run_are_no_problem_and_go_with_the_next(folder: Path) -> None:
    (folder / "segments" / "0123.faiss").write_bytes(b"half")
    (folder / "segments" / "0123.making").write_bytes(b"half")
    (folder / "words" / "0123").mkdir()
    (folder / "words" / "0123" / "meta.json").write_bytes(b"{}")
    assert open_store(folder).check() == []
    with open_store(folder).write(identity()) as writer:
        writer.finish()
    assert not list(folder.glob("*/0123*"))


@pytest.mark.parametrize("damage", [cut, empty, change])
def test_a_damaged_database_is_an_error_that_says_what_to_do(
    folder: Path, damage: Callable[[Path], None]
) -> None:
    path = folder / "index.db"
    if damage is change:
        content = bytearray(path.read_bytes())
        content[:100] = b"not a database".ljust(100)
        path.write_bytes(content)
    else:
        damage(path)
    with pytest.raises((StorageError, NoIndex)) as refused:
        view(open_store(folder))
    assert str(path if damage is not empty else folder) in str(refused.value)
    assert "simsearch index" in str(refused.value)


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE generations SET chunks = chunks + 1", "the index records"),
        ("UPDATE models SET vectors = 0", "the index records"),
        ("UPDATE segments SET dead = dead + 1", "dead rows"),
        ("DELETE FROM segments WHERE first = 1", "in no FAISS file"),
        ("DELETE FROM segments", "in no FAISS file"),
    ],
)
def test_a_wrong_record_is_found_and_mended(folder: Path, statement: str, what: str) -> None:
    execute(folder, statement)
    problems = open_store(folder).check()
    assert problems
    assert all(what in problem.what for problem in problems)
    open_store(folder).check(repair=True)
    assert open_store(folder).check() == []


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE vectors SET vector = zeroblob(32) WHERE id = 1", "unit length"),
        ("UPDATE vectors SET vector = x'00' WHERE id = 1", "unit length"),
        ("DELETE FROM documents WHERE id = 1", "refers to a row of documents that is gone"),
        ("DELETE FROM vectors WHERE id = 1", "refers to a row of vectors that is gone"),
    ],
)
def test_damage_to_the_truth_is_found_and_never_mended(folder: Path, statement: str, what: str) -> None:
    execute(folder, statement)
    problems = open_store(folder).check()
    assert any(what in problem.what for problem in problems)
    truth = [problem for problem in open_store(folder).check(repair=True) if what in problem.what]
    assert truth
    assert all("backup" in problem.fix for problem in truth)
    assert any(what in problem.what for problem in open_store(folder).check())


def test_a_segment_of_other_vectors_is_found(folder: Path) -> None:
    """A whole and valid FAISS file, but not of this index."""
    other = folder.parent / "other"
    fill(open_store(other), {path: text.replace("fox", "cat") for path, text in ANIMALS.items()})
    mine, theirs = next(folder.glob(SEGMENTS)), next(other.glob(SEGMENTS))
    shutil.copy(theirs, mine)
    assert open_store(folder).check()
    open_store(folder).check(repair=True)
    assert open_store(folder).check() == []


def test_a_reader_that_is_open_outlives_what_happens_to_the_files(folder: Path) -> None:
    with closing(open_store(folder).read()) as reader:
        before = view_of(reader)
        for path in folder.glob(SEGMENTS):
            path.unlink()
        assert view_of(reader) == before


def execute(folder: Path, statement: str) -> None:
    import sqlite3

    with closing(sqlite3.connect(folder / "index.db")) as connection:
        connection.execute(statement)
        connection.commit()
