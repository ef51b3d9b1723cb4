"""Files to batches: a call to a worker takes about a millisecond, and many files take less."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from simsearch.engines import Candidate, FileTask

FILES = 16
"""Files in a batch, at most."""

SIZE = 1 << 18
"""Bytes or characters of a batch, but for its last file, so that the words of a file don't wait long for others."""


def in_batches(tasks: Iterable[FileTask]) -> Iterator[list[FileTask]]:
    """The tasks in order, some at a time."""
    batch: list[FileTask] = []
    size = 0
    for task in tasks:
        batch.append(task)
        size += _size(task)
        if len(batch) == FILES or size >= SIZE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _size(task: FileTask) -> int:
    if isinstance(task, Candidate):
        return task.record.size
    return sum(len(document.text) for document in task.documents)
