"""`simsearch` in a process that says where in its writing it is, so that a test can kill it there.

    python -m tests.support.marked_run DESCRIPTOR WORDS...

Whenever a phase begins, its number in PHASES goes to the descriptor as one byte.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

START, READ, EMBED, SEGMENT, MERGE, MEASURE, COMMIT, WORDS, FLIP, SWEEP = PHASES = (
    "start",
    "read",
    "embed",
    "write a segment",
    "merge segments",
    "measure, make lists",
    "commit",
    "word index",
    "flip",
    "sweep",
)

Phase = Callable[..., str]
"""Which phase begins where a function is called, by what it is called with."""


class Marks:
    """Tells the descriptor of each phase."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._now = START

    def begin(self, phase: str) -> None:
        self._now = phase
        os.write(self._descriptor, bytes([PHASES.index(phase)]))

    def at(self, owner: Any, name: str, phase: Phase) -> None:
        """The phase goes on until another one begins."""
        inner = getattr(owner, name)

        def marked(*given: Any) -> Any:
            self.begin(phase(*given))
            return inner(*given)

        setattr(owner, name, marked)

    def around(self, owner: Any, name: str, phase: Phase) -> None:
        """The phase ends with the function, and the one before goes on."""
        inner = getattr(owner, name)

        def marked(*given: Any) -> Any:
            outer = self._now
            self.begin(phase(*given))
            try:
                return inner(*given)
            finally:
                self.begin(outer)

        setattr(owner, name, marked)


def mark(marks: Marks) -> None:
    """Where the phases of a run begin."""
    from simsearch.indexing import embedding, run
    from simsearch.storage import writer
    from simsearch.storage.dense import merging

    embedding.COMMIT_SECONDS = run.COMMIT_SECONDS = 0.1  # many commits while chunks are pending
    marks.at(writer, "remove_leftovers", lambda *_: READ)  # when a writer opens, and after each commit
    marks.at(writer.LocalWriter, "strings", lambda *_: EMBED)
    marks.around(merging, "rewrite_flat", lambda *given: MERGE if given[3] else SEGMENT)
    marks.at(writer, "mark_finished", lambda *given: SWEEP if given[2] else COMMIT)
    marks.around(writer, "meet_budget", lambda *_: MEASURE)
    marks.at(writer.LocalWriter, "_renew_words", lambda *_: WORDS)
    marks.at(writer, "activate", lambda *_: FLIP)
    marks.at(writer, "drop_building", lambda *_: SWEEP)
    marks.at(writer, "delete_dropped", lambda *_: SWEEP)


if __name__ == "__main__":
    from simsearch.cli.main import main

    mark(Marks(int(sys.argv.pop(1))))
    main()
