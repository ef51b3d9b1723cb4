"""Indexes again after each burst of changes under the roots (watchfiles)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from simsearch.errors import InputError, WorkspaceLocked
from simsearch.indexing.ignoring import IGNORE_FILES
from simsearch.indexing.report import IndexReport
from simsearch.locations import Location
from simsearch.types import Notice, Observer

QUIET = 300
"""Milliseconds without a change after which a burst has ended."""

LONGEST = 5000
"""Milliseconds after which a burst that doesn't end is acted on."""

TICK = 500
"""Milliseconds between two signs of life."""


def watch(
    paths: Sequence[Location], run: Callable[[], IndexReport], observe: Observer
) -> Iterator[IndexReport]:
    """The report of a run, and of another after each burst of changes, until Ctrl-C.

    Args:
        paths: Folders and files that the run indexes.
        observe: Hears that another process is writing to the index; the run is tried again until it is through.

    Raises:
        InputError: A path is a URL.
    """
    folders = [path for path in paths if isinstance(path, Path)]
    if len(folders) < len(paths):
        raise InputError("A URL can't be watched; run `simsearch index URL` from time to time instead.")
    with changes_under(folders) as changes:
        due = True
        for changed in chain([True], changes):
            due = due or changed
            if not due:
                continue
            try:
                yield run()
                due = False
            except WorkspaceLocked as error:
                if changed:  # said once; then tried again in silence
                    observe(Notice(f"{error} Waiting for it.", warning=True))


@contextmanager
def changes_under(paths: Sequence[Path]) -> Iterator[Iterator[bool]]:
    """Watches from the moment it is entered; the iterator inside gives True after each burst of changes, False
    while there is none, and ends at Ctrl-C.

    What the walker would not look at doesn't count: hidden files and folders, .simsearch/ among them.

    Args:
        paths: Folders and files; a link that was named is followed.
    """
    from watchfiles import watch

    roots = sorted({path.resolve() for path in paths})

    def matters(change: object, path: str) -> bool:
        root = next((root for root in roots if Path(path).is_relative_to(root)), None)
        below = Path(path).relative_to(root).parts if root else (".",)
        return not any(name.startswith(".") and name not in IGNORE_FILES for name in below)

    rounds = watch(
        # A file is often replaced by another of its name: only its folder sees that.
        *{root if root.is_dir() else root.parent for root in roots},
        watch_filter=matters,
        debounce=LONGEST,
        step=QUIET,
        rust_timeout=TICK,
        yield_on_timeout=True,
        ignore_permission_denied=True,
        raise_interrupt=False,
    )
    next(rounds)  # from here on nothing is missed
    try:
        yield map(bool, rounds)
    finally:
        rounds.close()
