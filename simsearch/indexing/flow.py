"""The index run: what changed is read, cut, embedded and stored; what vanished is removed."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from simsearch.errors import InputError, UnreadableFile
from simsearch.indexing.walker import Skipped, walk
from simsearch.registry import Built, Registry
from simsearch.storage.door import ChunkedDocument, FileRecord, Identity, Store, Writer
from simsearch.types import Chunker, Document, Embedder, Observer, Progress

CHUNKS_A_COMMIT = 2000


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What an index run did; `truncated` counts chunks longer than the model reads."""

    added: int
    changed: int
    removed: int
    unchanged: int
    skipped: tuple[Skipped, ...]
    chunks: int
    embedded: int
    truncated: int
    seconds: float

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Found:
    """A file on disk, as the store would record it."""

    file: Path
    record: FileRecord


@dataclass(frozen=True, slots=True)
class Changes:
    """How the disk differs from the index."""

    added: tuple[Found, ...]
    changed: tuple[Found, ...]
    unchanged: int
    removed: tuple[str, ...]
    skipped: tuple[Skipped, ...]


def index(
    paths: Sequence[Path],
    *,
    workspace_folder: Path,
    store: Store,
    embedder: Embedder,
    chunker: Built[Chunker],
    registry: Registry,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    dry_run: bool = False,
    observe: Observer | None = None,
) -> IndexReport:
    """Bring the index in line with the files under `paths`.

    Raises:
        InputError: A path is not there, or lies on another drive.
    """
    began = time.perf_counter()
    identity = Identity(embedder.name, embedder.fingerprint, embedder.dimension, chunker.spec)
    roots = [_root(path, workspace_folder) for path in paths]
    if dry_run:
        known = _known(store)
        changes = compare(roots, known, workspace_folder, include, exclude)
        return _report(changes, 0, 0, 0, list(changes.skipped), began)
    with store.write(identity) as writer:
        others = [] if writer.in_place else _other_roots(store, roots, workspace_folder)
        changes = compare([*roots, *others], writer.files(), workspace_folder, include, exclude)
        run = Run(writer, embedder, chunker, registry, list(changes.skipped))
        run.put([*changes.added, *changes.changed], observe)
        writer.remove(changes.removed)
        writer.finish()
    return _report(changes, run.chunks, run.embedded, embedder.truncation.texts, run.skipped, began)


def forget(paths: Sequence[Path], *, workspace_folder: Path, store: Store) -> int:
    """Drop what was indexed under each path; returns how many files that was."""
    reader = store.read()
    known, identity = reader.files(), reader.identity
    reader.close()
    names = [_root(path, workspace_folder)[1] for path in paths]
    doomed = [path for path in known if any(path == name or path.startswith(f"{name}/") for name in names)]
    with store.write(identity) as writer:
        writer.remove(doomed)
        writer.finish()
    return len(doomed)


def compare(
    roots: Sequence[tuple[Path, str]],
    known: dict[str, FileRecord],
    workspace_folder: Path,
    include: Sequence[str],
    exclude: Sequence[str],
) -> Changes:
    """What is new, changed, the same and gone under the roots."""
    added: list[Found] = []
    changed: list[Found] = []
    skipped: list[Skipped] = []
    seen: set[str] = set()
    unchanged = 0
    for folder, root in roots:
        for item in walk(folder, include, exclude):
            if isinstance(item, Skipped):
                skipped.append(item)
                continue
            try:
                found = _found(item, root, workspace_folder)
            except OSError as error:
                skipped.append(Skipped(str(item), f"unreadable: {error.strerror}"))
                continue
            before = known.get(found.record.path)
            seen.add(found.record.path)
            if before and before.digest == found.record.digest:
                unchanged += 1
            else:
                (changed if before else added).append(found)
    names = [root for _, root in roots]
    gone = [path for path, record in known.items() if record.root in names and path not in seen]
    return Changes(tuple(added), tuple(changed), unchanged, tuple(gone), tuple(skipped))


@dataclass
class Run:
    """One writing run, with what it has counted so far."""

    writer: Writer
    embedder: Embedder
    chunker: Built[Chunker]
    registry: Registry
    skipped: list[Skipped]
    chunks: int = 0
    embedded: int = 0

    def put(self, files: Sequence[Found], observe: Observer | None) -> None:
        """Read, cut, embed and store files, committing as it goes."""
        waiting: list[tuple[FileRecord, list[ChunkedDocument], dict[str, str]]] = []
        for done, found in enumerate(files, 1):
            try:
                waiting.append((found.record, *self._cut(found)))
            except UnreadableFile as error:
                self.skipped.append(Skipped(found.record.path, str(error)))
                self.writer.remove([found.record.path])
            if sum(len(texts) for _, _, texts in waiting) >= CHUNKS_A_COMMIT:
                self._store(waiting)
                waiting = []
            if observe:
                observe(Progress("Indexing", done, len(files), f"{self.chunks} chunks"))
        self._store(waiting)

    def _cut(self, found: Found) -> tuple[list[ChunkedDocument], dict[str, str]]:
        """The documents of a file with their chunks, and the strings to embed by key."""
        documents: list[ChunkedDocument] = []
        texts: dict[str, str] = {}
        for document in self._read(found):
            chunks = tuple(self.chunker.value(document, self.embedder.tokens))
            strings = [chunk.embedded(document) for chunk in chunks]
            keys = tuple(
                hashlib.sha256(string.encode("utf-8", "surrogatepass")).hexdigest() for string in strings
            )
            texts.update(zip(keys, strings, strict=True))
            documents.append(ChunkedDocument(document, chunks, keys))
        return documents, texts

    def _read(self, found: Found) -> list[Document]:
        name = found.file.name.lower()
        offers = self.registry.offers("readers")
        fitting = [
            o for o in offers if name.endswith(tuple(e for e in o.component.accepts if e != "*") or ("\0",))
        ]
        general = [o for o in offers if "*" in o.component.accepts]
        offer = (fitting or general)[0]
        return list(self.registry.reader(offer.component.name).value(found.file, found.file.read_bytes()))

    def _store(self, waiting: Sequence[tuple[FileRecord, list[ChunkedDocument], dict[str, str]]]) -> None:
        texts = {key: text for _, _, some in waiting for key, text in some.items()}
        missing = sorted(self.writer.missing(list(texts)))
        if missing:
            self.writer.put_vectors(missing, self.embedder.encode([texts[key] for key in missing]))
        for record, documents, _ in waiting:
            self.writer.put_file(record, documents)
            self.chunks += sum(len(document.chunks) for document in documents)
        self.embedded += len(missing)
        self.writer.commit()


def _root(path: Path, workspace_folder: Path) -> tuple[Path, str]:
    if not path.exists():
        raise InputError(f"{path} is not there.")
    folder = path.resolve()
    return folder, _relative(folder, workspace_folder)


def _relative(path: Path, workspace_folder: Path) -> str:
    import os

    return Path(os.path.relpath(path, workspace_folder)).as_posix()


def _found(file: Path, root: str, workspace_folder: Path) -> Found:
    stat = file.stat()
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    path = _relative(file, workspace_folder)
    return Found(file, FileRecord(path, root, digest, stat.st_size, stat.st_mtime_ns))


def _known(store: Store) -> dict[str, FileRecord]:
    if not store.exists():
        return {}
    reader = store.read()
    known = reader.files()
    reader.close()
    return known


def _other_roots(
    store: Store, roots: Sequence[tuple[Path, str]], workspace_folder: Path
) -> list[tuple[Path, str]]:
    """Roots indexed before that a new index has to take along."""
    named = {name for _, name in roots}
    before = {record.root for record in _known(store).values()} - named
    return [(workspace_folder / name, name) for name in sorted(before) if (workspace_folder / name).exists()]


def _report(
    changes: Changes, chunks: int, embedded: int, truncated: int, skipped: Sequence[Skipped], began: float
) -> IndexReport:
    return IndexReport(
        added=len(changes.added),
        changed=len(changes.changed),
        removed=len(changes.removed),
        unchanged=changes.unchanged,
        skipped=tuple(skipped),
        chunks=chunks,
        embedded=embedded,
        truncated=truncated,
        seconds=round(time.perf_counter() - began, 2),
    )
