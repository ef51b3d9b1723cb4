"""Copying an index from one store to another: its documents, chunks and vectors, with nothing embedded again."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

from simsearch.errors import StorageError
from simsearch.indexing.report import IndexReport
from simsearch.storage.capabilities import Listing, require
from simsearch.storage.protocols import ChunkedDocument, FileRecord, Snapshot, Store, Writer
from simsearch.types import Observer, Progress

CHUNKS_A_COMMIT = 2000
TASK = "Copying files"


@dataclass(frozen=True, slots=True)
class Content:
    """What an index holds, to compare: its counts, and a sha256 over all files, documents, chunks and vectors."""

    files: int
    documents: int
    chunks: int
    with_vectors: int
    digest: str


def copy_index(source: Store, target: Store, observe: Observer | None = None) -> IndexReport:
    """Make the target's index what the source's is. Files that it has already are left as they are.

    Raises:
        NoIndex: The source has none.
        StorageError: The source can't list what it holds, or the copy differs.
    """
    began = time.perf_counter()
    with closing(source.read()) as snapshot:
        listing = require(snapshot, Listing, "export")
        files = snapshot.files()
        known = _known_files(target, snapshot)
        with target.write(snapshot.identity) as writer:
            done = writer.files()
            waiting = [record for path, record in files.items() if done.get(path) != record]
            writer.remove([path for path in done if path not in files])
            chunks = _copy_files(listing, writer, waiting, observe)
            writer.finish()
            coverage = writer.coverage()
        _demand_same(snapshot, target)
    added = sum(path not in known for path in files)
    unchanged = sum(known.get(path) == record for path, record in files.items())
    return IndexReport(
        added=added,
        changed=len(files) - added - unchanged,
        removed=sum(path not in files for path in known),
        unchanged=unchanged,
        skipped=(),
        chunks=chunks,
        embedded=0,
        truncated=0,
        seconds=round(time.perf_counter() - began, 2),
        coverage=coverage,
    )


def read_content(snapshot: Snapshot) -> Content:
    """The counts and the digest of an index."""
    listing, counts, digest = require(snapshot, Listing, "export"), snapshot.counts(), hashlib.sha256()
    for path, record in sorted(snapshot.files().items()):
        documents = listing.chunked(path)
        digest.update(repr((record, [_described(item) for item in documents])).encode())
        keys = _keys_of(documents)
        missing = listing.missing(keys)
        digest.update(repr([key in missing for key in keys]).encode())
        digest.update(listing.vectors([key for key in keys if key not in missing]).tobytes())
    with_vectors = snapshot.coverage().with_vectors
    return Content(counts.files, counts.documents, counts.chunks, with_vectors, digest.hexdigest())


def _known_files(target: Store, snapshot: Snapshot) -> dict[str, FileRecord]:
    """The files that the target has of the same index."""
    if not target.exists():
        return {}
    with closing(target.read()) as there:
        return there.files() if there.identity.same_index(snapshot.identity) else {}


def _copy_files(
    listing: Listing, writer: Writer, records: Sequence[FileRecord], observe: Observer | None
) -> int:
    """Copy files; returns how many chunks they have."""
    copied = waiting = 0
    for number, record in enumerate(records, 1):
        documents = listing.chunked(record.path)
        keys = list(dict.fromkeys(_keys_of(documents)))
        wanted = sorted(writer.missing(keys) - listing.missing(keys))
        writer.put_vectors(wanted, listing.vectors(wanted))
        writer.put_file(record, documents)
        waiting += sum(len(item.chunks) for item in documents)
        if waiting >= CHUNKS_A_COMMIT:
            writer.commit()
            copied, waiting = copied + waiting, 0
        if observe:
            observe(Progress(TASK, number, len(records)))
    return copied + waiting


def _demand_same(snapshot: Snapshot, target: Store) -> None:
    with closing(target.read()) as copy:
        found, wanted = read_content(copy), read_content(snapshot)
    if found != wanted:
        raise StorageError(
            f"The copy differs from the original: it holds {_counted(found)} where the original holds "
            f"{_counted(wanted)}, or other texts or vectors. Copy it again, and report it if that doesn't help."
        )


def _counted(content: Content) -> str:
    return (
        f"{content.files} files, {content.documents} documents, {content.chunks} chunks and {content.with_vectors} "
        "chunks with vectors"
    )


def _keys_of(documents: Sequence[ChunkedDocument]) -> list[str]:
    return [key for item in documents for key in item.keys]


def _described(item: ChunkedDocument) -> str:
    """All that a store keeps of a document, in one order."""
    document = item.document
    metadata = json.dumps(document.metadata, sort_keys=True)
    about = (document.text, document.id, document.title, document.headings, metadata, document.verbatim)
    return repr((*about, document.notices, item.chunks, item.keys))
