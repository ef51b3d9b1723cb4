"""The files of a word index on disk: which ones it has, and whether they are all there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from simsearch.home import Home

ANALYSIS = 2
"""The version of analysis.py and of the fields: an index of another version can't be opened, so it is rebuilt."""

OTHER_ANALYSIS = (
    "The words of this index were separated by another version of simsearch, so keyword search may miss some; "
    "`simsearch index` renews them."
)
"""What a store says that can't rebuild them by itself."""

TERMS = f"terms-{ANALYSIS}"
"""What the index calls the way in which its terms are separated."""

PARTS = ("idx", "pos", "term", "store", "fast", "fieldnorm")
"""Endings of the files of a tantivy segment."""

META = "meta.json"


def words_version(folder: Path, name: str) -> tuple[str, bytes]:
    """What differs after a writer has replaced files of a word index, or all of it: its name and list of files."""
    try:
        return name, (Home(folder).words / name / META).read_bytes()
    except OSError:
        return name, b""


def files_of(path: Path) -> list[Path]:
    """The files that a word index consists of; other files in its folder were left by a killed run.

    Raises:
        ValueError, OSError: Its list of them is missing or damaged.
    """
    return _files(path, _meta(path))


def is_usable(folder: Path, name: str) -> bool:
    """Whether a word index has all of its files, and is of this version; nothing is opened but its list of files."""
    path = Home(folder).words / name
    try:
        meta = _meta(path)
        files = _files(path, meta)
        analyzers = {
            field["options"]["indexing"]["tokenizer"] for field in meta["schema"] if field["type"] == "text"
        }
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return bool(name) and analyzers == {TERMS} and all(map(_has_content, files))


def _meta(path: Path) -> Any:
    return json.loads((path / META).read_bytes())


def _files(path: Path, meta: Any) -> list[Path]:
    files = []
    for segment in meta["segments"]:
        name, deletes = segment["segment_id"].replace("-", ""), segment["deletes"]
        files += [path / f"{name}.{part}" for part in PARTS]
        files += [path / f"{name}.{deletes['opstamp']}.del"] if deletes else []
    return files


def _has_content(file: Path) -> bool:
    return file.is_file() and file.stat().st_size > 0
