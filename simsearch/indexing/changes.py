"""How the disk differs from the index, found without reading a file that looks the same as before."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from simsearch.engines import Candidate
from simsearch.indexing.report import Skipped
from simsearch.indexing.roots import Root, document_id, is_under, name_of, relative_to_workspace
from simsearch.indexing.walker import FileFilter, FoundFile, Unseen, walk
from simsearch.locations import Location, Url, files_at, parse_location
from simsearch.storage.protocols import FileRecord

NO_SIZE = -1
"""In the record of a file that is to be read again when it is next found, because no file has this size."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What lies under the roots."""

    roots: Sequence[Root]
    files: tuple[Candidate, ...]
    skipped: tuple[Skipped, ...]
    unseen: tuple[str, ...]
    """Folders and files of which nothing is known, relative to the workspace's folder or as URLs."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What has to be done; `touched` are unchanged files whose time is another, `kept` the unchanged ones."""

    added: tuple[Candidate, ...]
    changed: tuple[Candidate, ...]
    touched: tuple[FileRecord, ...]
    kept: tuple[Candidate, ...]
    removed: tuple[str, ...]

    @property
    def none(self) -> bool:
        return not (self.added or self.changed or self.touched or self.removed)


def scan(roots: Sequence[Root], workspace_folder: Path, file_filter: FileFilter) -> Scan:
    """Walk the roots."""
    files: list[Candidate] = []
    skipped: list[Skipped] = []
    unseen: list[str] = []
    for root in roots:
        for item in walk(root.folder, file_filter, Path(os.path.normpath(workspace_folder / root.name))):
            if isinstance(item, FoundFile):
                files.append(_candidate(item, root, workspace_folder))
                continue
            path = name_of(parse_location(item.path), workspace_folder)
            skipped.append(Skipped(path, item.reason, item.files))
            if isinstance(item, Unseen):
                unseen.append(path)
    return Scan(roots, tuple(files), tuple(skipped), tuple(unseen))


def compare(found: Scan, known: Mapping[str, FileRecord]) -> Changes:
    """What is new, changed, the same and gone under the roots.

    Files that could not be looked at, and those of such a folder, are not called gone.
    """
    added: list[Candidate] = []
    changed: list[Candidate] = []
    touched: list[FileRecord] = []
    kept: list[Candidate] = []
    for candidate in found.files:
        before = known.get(candidate.record.path)
        if before is None:
            added.append(candidate)
        elif same := _if_unchanged(candidate, before):
            kept.append(same)
            if same.record != before:
                touched.append(same.record)
        else:
            changed.append(candidate)
    there = {candidate.record.path for candidate in found.files}
    gone = [
        path
        for path in known
        if path not in there
        and any(root.holds(path) for root in found.roots)
        and not any(is_under(path, other) for other in found.unseen)
    ]
    return Changes(tuple(added), tuple(changed), tuple(touched), tuple(kept), tuple(gone))


def _candidate(item: FoundFile, root: Root, workspace_folder: Path) -> Candidate:
    if isinstance(root.folder, Url):
        return Candidate(Url(item.path), FileRecord(item.path, root.name, "", item.size, item.modified))
    below = item.path[len(root.folder.as_posix().rstrip("/")) :]
    path = f"{root.start}{below}"
    if root.start.endswith(".."):  # such a root may hold the workspace's own folder
        path = relative_to_workspace(Path(item.path), workspace_folder)
    elif root.start == ".":
        path = below.lstrip("/")
    record = FileRecord(path, root.name, "", item.size, item.modified)
    file = Path(item.path) if below else root.folder.resolve()
    return Candidate(file, record, document_id(path, root, workspace_folder))


def _if_unchanged(candidate: Candidate, before: FileRecord) -> Candidate | None:
    """The candidate with its digest, where its content is what it was."""
    now = candidate.record
    if now.root != before.root or now.size != before.size:
        return None
    if now.modified == before.modified != 0:
        return replace(candidate, record=before)
    try:
        digest = _hash(candidate.file)
    except OSError:
        return None
    return replace(candidate, record=replace(now, digest=digest)) if digest == before.digest else None


def _hash(location: Location) -> str:
    file, _ = files_at(location).open(str(location))
    with file:
        return hashlib.file_digest(file, "sha256").hexdigest()
