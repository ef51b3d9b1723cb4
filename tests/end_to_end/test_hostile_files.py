"""Files that are broken or meant to harm: each is indexed or skipped with a reason, and all others are indexed."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.file_samples import book, damaged, samples
from tests.support.hashed_words import open_workspace

DEEP = 10_000
MEGABYTES = 1_000
INDEX = """
import json, sys
from pathlib import Path
from tests.support.hashed_words import open_workspace

report = open_workspace(Path(sys.argv[1])).index(Path(sys.argv[1], "docs"))
peak = 0
if sys.platform == "linux":  # ru_maxrss would be that of the process that started this one, where that is larger
    status = Path("/proc/self/status").read_text()
    peak = int(status.split("VmHWM:")[1].split()[0]) // 1000
elif sys.platform != "win32":
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1_000_000
print(json.dumps({**report.to_json(), "megabytes": peak}))
"""


def bomb() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(4):
            archive.writestr(str(number), bytes(100_000_000))
    return content.getvalue()


def lying_bomb() -> bytes:
    """A page whose size is written as small as it isn't."""
    content = book({"a.xhtml": "x" * 1_000_000})
    return content.replace((1_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little"))


def hostile() -> dict[str, bytes]:
    nested_json = "[" * DEEP + "]" * DEEP
    return {
        "deep.html": b"<div>" * DEEP + b"x",
        "deep table.html": b"<table><tr><td>" * DEEP + b"x",
        "deep quotes.md": b"> " * DEEP + b"x",
        "deep list.md": b"".join(b" " * n + b"- x\n" for n in range(1000)),
        "deep brackets.md": b"[" * DEEP + b"](" * DEEP,
        "deep emphasis.md": b"*_" * DEEP + b"x" + b"_*" * DEEP,
        "deep front matter.md": b"---\na: " + b"[" * DEEP + b"\n---\nx",
        "deep.jsonl": f'{{"text": "x", "a": {nested_json}}}\n'.encode(),
        "deep.ipynb": f'{{"cells": {nested_json}}}'.encode(),
        "deep.py": b"(" * DEEP + b")" * DEEP,
        "deep minus.py": b"-" * DEEP + b"1",
        "deep mail.eml": b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2000)
        ),
        "page within pages.html": b"<html><body>" * DEEP + b"x",
        "long line.html": b"<p>" + b"word " * 1_000_000,
        "long word.txt": b"x" * 5_000_000,
        "many headings.md": b"# a\n" * 50_000,
        "many columns.csv": b"a," * 50_000 + b"b\n" + b"1," * 50_000 + b"2\n",
        "nul.txt": b"text\0text",
        "nul.md": b"# \0\n" * 100,
        "nul.html": b"<p>a\0b</p>",
        "mixed.txt": "größe ".encode() + "größe".encode("latin-1"),
        "utf-16 of odd length.txt": "größe".encode("utf-16")[:-1],
        "surrogate.jsonl": b'{"_id": "\\ud800", "title": "\\ud800", "text": "\\ud800"}\n',
        "infinity.jsonl": b'{"text": "x", "a": NaN, "b": 1e999}\n',
        "deep.json": nested_json.encode(),
        "comments.json": b"/*" * DEEP,
        "deep.xml": b"<a>" * DEEP + b"x",
        "entities.xml": b"<a>" + b"&nbsp;" * DEEP + b"</a>",
        "deep braces.tex": b"\\section{" * DEEP,
        "deep math.tex": b"\\[" * DEEP + b"$" * DEEP,
        "blanks.org": b"* " + b" " * DEEP + b"x",
        "blanks.adoc": b"= a" + b" " * DEEP + b"x",
        "tags.html": b"<html xmlns=xhtml>" + b'<a "' * DEEP,
        "nested menus.html": b"<div class=menu>" * 2000 + b"x",
        "folded.ics": b"BEGIN:VCALENDAR\nSUMMARY:" + b"x\n " * DEEP,
        "base64.txt": b"QUJDREVGR0hJSktMTU5PUA9" * 200_000,
        "one line.js": b"a(b,c);" * 500_000,
        "quotes.csv": b'"a,' * DEEP,
        "bomb.epub": bomb(),
        "lying.epub": lying_bomb(),
        "broken.epub": b"PK\x03\x04" + bytes(1000),
        "broken.parquet": b"PAR1" + bytes(1000) + b"PAR1",
        "aliases.md": b"---\na: &a [x]\n" + b"".join(b"b%d: [*a, *a]\n" % n for n in range(100)) + b"---\nx",
    }


def test_hostile_files_cost_bounded_time_and_memory_and_stop_nobody(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    for name, content in hostile().items():
        (docs / name).write_bytes(content)
    with (docs / "a line of 200 MB.txt").open("wb") as file:
        file.writelines(b"word " * 200_000 for _ in range(200))
    for name in ("a good file.md", "zuletzt.md"):
        (docs / name).write_text("# Good\n\nThis one is fine.")
    if sys.platform != "win32":
        os.mkfifo(docs / "pipe.txt")
        (docs / "loop").symlink_to(docs)
    ran = subprocess.run(
        [sys.executable, "-c", INDEX, str(tmp_path)], capture_output=True, text=True, check=False, timeout=300
    )
    assert ran.returncode == 0, ran.stderr
    report = json.loads(ran.stdout)
    reasons = {Path(item["path"]).name: item["reason"] for item in report["skipped"]}
    expected = {
        "deep.html": "HTML nested deeper than 2048 elements",
        "deep.jsonl": "row 1: this is not valid JSON, or nested too deeply",
        "deep.ipynb": "not a notebook: its JSON is broken or nested too deeply",
        "a line of 200 MB.txt": "larger than 50 MB (index.largest_file)",
        "nul.txt": "binary",
        "nul.html": "binary",
        "bomb.epub": "unpacks to more than 300 MB",
        "broken.parquet": "broken Parquet file",
        "pipe.txt": "not a regular file",
    }
    assert {name: reasons.get(name) for name in expected} == expected
    assert "failed" not in str(reasons)
    assert report["added"] + len(reasons) >= len(hostile()) + 3
    assert "a good file.md" not in reasons
    assert "zuletzt.md" not in reasons
    assert report["megabytes"] < MEGABYTES


@pytest.mark.parametrize("seed", [1, 2])
def test_a_thousand_damaged_files_are_indexed_or_skipped_with_a_reason(tmp_path: Path, seed: int) -> None:
    made = samples()
    docs = tmp_path / "docs"
    docs.mkdir()
    for ending, content in made.items():
        for number, broken in enumerate(damaged(content, list(made.values()), 40, seed)):
            (docs / f"{number}{ending}").write_bytes(broken)
        (docs / f"whole{ending}").write_bytes(content)
    total = len(made) * 41
    assert total >= 500
    workspace = open_workspace(tmp_path)
    report = workspace.index(docs)
    assert report.added + len(report.skipped) == total
    odd = {item.reason for item in report.skipped if "failed" in item.reason or "crashed" in item.reason}
    assert odd == set()
    assert [item.path for item in report.skipped if "whole" in item.path] == []
    with closing(workspace.store.read()) as reader:
        for path in reader.files():
            for document in reader.documents(path):
                document.text.encode()
                assert all(0 <= heading.start <= len(document.text) for heading in document.headings)
        for chunk in reader.every_chunk():
            assert chunk.text.strip()
