"""What an index holds, file by file, for any format that it is written in."""

from __future__ import annotations

from collections.abc import Iterator

from simsearch.storage.capabilities import Listing, require
from simsearch.storage.protocols import ChunkedDocument, FileRecord, Snapshot


def list_files(snapshot: Snapshot) -> Iterator[tuple[FileRecord, list[ChunkedDocument]]]:
    """Every file with its documents, by path."""
    for path, record in sorted(snapshot.files().items()):
        yield record, listing_of(snapshot).chunked(path)


def listing_of(snapshot: Snapshot) -> Listing:
    """The snapshot as one that can be exported.

    Raises:
        StorageError: Its store can't.
    """
    return require(snapshot, Listing, "export")
