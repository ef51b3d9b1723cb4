"""Embed pending chunks, newest files first, with a commit every few seconds."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import tee
from pathlib import Path

from simsearch.durations import in_words
from simsearch.engines import Embedded, Engine
from simsearch.indexing.deadline import Deadline
from simsearch.indexing.embedding_rate import EmbeddingRate, keep_rate, read_rate
from simsearch.storage.protocols import Writer
from simsearch.threads import allowed_threads
from simsearch.types import Notice, Observer, Progress
from simsearch.wording import counted

TASK = "Embedding chunks"

WINDOW = 1024
"""Strings that are sorted by length together, because a batch is as slow as its longest one; order of time goes before
length between windows only."""

BLOCK = 128
"""Strings between two looks at the clock."""

COMMIT_SECONDS = 3.0
"""A run that is killed loses about as much work."""

WORTH_SAYING = 20.0
"""Seconds; shorter waits need no estimate."""


class PendingEmbedder:
    """Gives the chunks of a writer's index their vectors.

    Args:
        engine: Embeds.
        deadline: Says when to stop.
        threads: Threads of the embedder, for the estimate; 0 means all cores. None where other processes embed, whose
            time is not estimated.
        rate_file: Where the rate is kept for `status`.
    """

    def __init__(
        self,
        writer: Writer,
        engine: Engine,
        deadline: Deadline,
        observe: Observer | None,
        threads: int | None = 0,
        rate_file: Path | None = None,
    ) -> None:
        self._writer = writer
        self._engine = engine
        self._deadline = deadline
        self._observe = observe
        self._threads = threads
        self._rate_file = rate_file
        self._length = 0.0
        self._stopped = False
        self.embedded = 0
        self.truncated = 0
        self.devices: Counter[str] = Counter()
        """How many strings each device has embedded; an embedder of a plugin doesn't say."""

    def run(self) -> bool:
        """Embed what is pending; whether nothing is left.

        What is done is committed every few seconds, except for the last part, which the caller commits.
        """
        keys, before = self._writer.pending(), self.embedded
        if len(keys) > BLOCK:
            self._writer.commit()  # words first; fewer chunks have their vectors in a moment
        committed = time.perf_counter()
        timed_from = 0, committed
        for number, (block, vectors) in enumerate(self._embed(self._blocks(keys))):
            self._put(block, vectors)
            now = time.perf_counter()
            done = self.embedded - before
            timed, seconds = done - timed_from[0], now - timed_from[1]
            if number == 0:
                timed_from = done, now  # later rates leave out the time to load the model
                self._keep_first_rate(timed, seconds)
            if number == 1:
                self._estimate(len(keys) - done, seconds / sum(map(len, block.values())))
            self._report(done, len(keys), timed, seconds)
            if now - committed >= COMMIT_SECONDS and done < len(keys):
                self._writer.commit()
                committed = time.perf_counter()
                if number:
                    self._keep_rate(timed, seconds)
        return not self._stopped

    def embed_some(self) -> None:
        """Embed a block of what is pending by now."""
        if keys := self._writer.pending()[:BLOCK]:
            for block, vectors in self._embed(iter([self._writer.strings(keys)])):
                self._put(block, vectors)

    def _blocks(self, keys: Sequence[str]) -> Iterator[dict[str, str]]:
        """Keys with what to embed, the longest of each window first; until the deadline."""
        for start in range(0, len(keys), WINDOW):
            strings = self._writer.strings(keys[start : start + WINDOW])
            self._length = self._length or sum(map(len, strings.values())) / max(1, len(strings))
            ordered = sorted(strings, key=lambda key: (-len(strings[key]), key))
            for first in range(0, len(ordered), BLOCK):
                if self._deadline.passed:
                    self._stopped = True
                    return
                yield {key: strings[key] for key in ordered[first : first + BLOCK]}

    def _embed(self, blocks: Iterator[dict[str, str]]) -> Iterator[tuple[dict[str, str], Embedded]]:
        """Each block with its vectors; what is done is committed on Ctrl-C."""
        blocks, given = tee(blocks)
        results = self._engine.embed(list(block.values()) for block in given)
        try:
            yield from zip(blocks, results, strict=True)
        except KeyboardInterrupt:
            self._writer.commit()
            raise

    def _put(self, strings: dict[str, str], embedded: Embedded) -> None:
        self._writer.put_vectors(list(strings), embedded.vectors)
        self.embedded += len(strings)
        self.truncated += embedded.truncated
        if embedded.device:
            self.devices[embedded.device] += len(strings)

    def _keep_first_rate(self, timed: int, seconds: float) -> None:
        """It is too low, because it includes loading the model, but better than none."""
        if self._rate_file and read_rate(self._rate_file) is None:
            self._keep_rate(timed, seconds)

    def _keep_rate(self, timed: int, seconds: float) -> None:
        if self._rate_file:
            keep_rate(self._rate_file, EmbeddingRate(timed / max(seconds, 1e-3)))

    def _report(self, done: int, total: int, timed: int, seconds: float) -> None:
        if self._observe:
            self._observe(Progress(TASK, done, total, f"{timed / max(seconds, 1e-3):.0f} chunks/s"))

    def _estimate(self, remaining: int, seconds_a_character: float) -> None:
        """Say after the second block what the rest takes, by the length of the first window's strings."""
        seconds = remaining * self._length * seconds_a_character
        if self._observe and self._threads is not None and seconds > WORTH_SAYING:
            cores = allowed_threads(self._threads)
            text = (
                f"{counted(remaining, 'chunk has', 'chunks have')} no vector yet: about {in_words(seconds)} on "
                f"{counted(cores, 'core', 'cores')}. Keyword search works now; Ctrl-C keeps what is done."
            )
            self._observe(Notice(text))
