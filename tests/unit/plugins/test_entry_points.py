"""Entry points are those that importlib.metadata finds, wherever packages lie."""

from __future__ import annotations

import importlib.metadata
import os
from pathlib import Path
from zipfile import ZipFile

import pytest

from simsearch.plugins.entry_points import EntryPoint, find_entry_points

GROUP = "simsearch_test"
TEXT = f"""
# a comment
[other]
one = os

[{GROUP}]
 one=os.path:join
two = json [extra]
"""


def write_package(folder: Path, name: str, version: str, text: str = TEXT, kind: str = "dist-info") -> None:
    metadata = folder / f"{name}-{version}.{kind}"
    metadata.mkdir(parents=True)
    (metadata / "entry_points.txt").write_text(text)
    file = metadata / ("METADATA" if kind == "dist-info" else "PKG-INFO")
    file.write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\nName: not this one\n")


def expected(group: str) -> list[tuple[str, str, str, str]]:
    found = []
    for entry in importlib.metadata.entry_points(group=group):
        assert entry.dist
        found.append((entry.dist.metadata["Name"], entry.dist.version, entry.name, entry.value))
    return sorted(found)


def ours(group: str) -> list[tuple[str, str, str, str]]:
    return sorted(
        (found.package, found.version, found.name, found.value) for found in find_entry_points(group)
    )


@pytest.mark.parametrize("group", ["simsearch", "console_scripts", "pytest11"])
def test_those_of_this_environment(group: str) -> None:
    assert ours(group) == expected(group) != []


@pytest.mark.parametrize("kind", ["dist-info", "egg-info"])
def test_the_first_package_of_a_name_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    write_package(tmp_path / "first", "my.Package", "2.0", kind=kind)
    write_package(tmp_path / "second", "my_package", "1.0", kind=kind)
    write_package(tmp_path / "second", "other", "3.0", kind=kind)
    monkeypatch.syspath_prepend(tmp_path / "second")
    monkeypatch.syspath_prepend(tmp_path / "first")
    assert ours(GROUP) == expected(GROUP)
    assert {(found.package, found.version) for found in find_entry_points(GROUP)} == {
        ("my.Package", "2.0"),
        ("other", "3.0"),
    }


def test_packages_in_an_archive_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_package(tmp_path / "unpacked", "archived", "1.0")
    with ZipFile(tmp_path / "packages.zip", "w") as archive:
        for file in (tmp_path / "unpacked").glob("*/*"):
            archive.write(file, file.relative_to(tmp_path / "unpacked"))
    monkeypatch.syspath_prepend(tmp_path / "packages.zip")
    assert ours(GROUP) == expected(GROUP) != []


@pytest.mark.parametrize("value", ["os.path:join", "os.path : join [extra]", "os:path.join"])
def test_what_is_named_is_imported(value: str) -> None:
    assert EntryPoint("", "", "one", value).load() is os.path.join


@pytest.mark.parametrize("value", ["", "no module", "os:"])
def test_a_name_of_no_module_is_refused(value: str) -> None:
    with pytest.raises(ImportError, match="names no module"):
        EntryPoint("", "", "one", value).load()
