"""Reading in another process: what a parser may do to itself, and what it can't do to us."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from simsearch import Document, Heading, UnreadableFile
from simsearch.isolation import in_worker
from simsearch.types import Mark

FILE = Path("folder/example.bin")


def read(path: Path, content: bytes, word: str = "") -> Iterator[Document]:
    """A parser that does what the file says."""
    order = content.decode("latin-1")
    if order == "loop":
        while True:
            pass
    elif order == "memory":
        yield Document(" " * 3_000_000_000)
    elif order == "crash":
        os.abort()
    elif order == "exit":
        sys.exit(3)
    elif order == "print":
        print("to stdout")
        os.write(1, b"and below it")
        yield Document("printed")
    elif order == "raise":
        raise KeyError("x")
    elif order == "refuse":
        raise UnreadableFile("encrypted")
    elif order == "deep":
        yield from read(path, content)
    elif order == "large":
        for _ in range(30):
            yield Document("x" * 5_000_000)
    elif order == "notices":
        yield Document(
            "text", marks=(Mark(0, 4, "link", "a.md"),), notices=("1 of 2 pages has no text: page 2",)
        )
    elif order == "process":
        yield Document(str(os.getpid()))
    else:
        yield Document(f"{path} {word}{order}", "#1", "Title", (Heading(0, 1, "h\udc00"),), {"page": 1})


def test_documents_come_back_whole_and_paths_by_name() -> None:
    reader = in_worker(read, {"word": "größe "})
    assert reader(FILE, b"\xe9") == [
        Document("example.bin größe é", "#1", "Title", (Heading(0, 1, "h\udc00"),), {"page": 1})
    ]
    assert reader(FILE, b"print") == [Document("printed")]


def test_marks_and_notices_come_back() -> None:
    [document] = in_worker(read)(FILE, b"notices")
    assert document.marks == (Mark(0, 4, "link", "a.md"),)
    assert document.notices == ("1 of 2 pages has no text: page 2",)


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        ("crash", "crashed its parser"),
        ("exit", "crashed its parser"),
        ("raise", "broken: KeyError"),
        ("refuse", "encrypted"),
        ("deep", "nested too deeply"),
        ("large", "holds more than 100 MB of text"),
        pytest.param(
            "memory",
            "needs more than 1000 MB to read",
            marks=pytest.mark.skipif(sys.platform != "linux", reason="no other system keeps to this limit"),
        ),
    ],
)
def test_what_a_parser_does_to_itself_is_a_reason_and_the_next_file_is_read(order: str, reason: str) -> None:
    reader = in_worker(read, megabytes=1000)
    with pytest.raises(UnreadableFile, match=reason):
        reader(FILE, order.encode())
    assert [document.title for document in reader(FILE, b"again")] == ["Title"]


def test_a_parser_that_does_not_end_is_ended() -> None:
    reader = in_worker(read, seconds=1.5)
    with pytest.raises(UnreadableFile, match=r"takes longer than 1\.5 s"):
        reader(FILE, b"loop")


def test_one_process_reads_many_files() -> None:
    reader = in_worker(read)
    assert len({document.text for _ in range(3) for document in reader(FILE, b"process")}) == 1


def test_a_function_that_the_other_process_cannot_find_is_refused_at_once() -> None:
    def local(path: Path, content: bytes) -> Iterator[Document]:
        yield Document("")

    with pytest.raises(ValueError, match="is not at the top level of a module"):
        in_worker(local)
