"""Embed pending chunks, newest files first, with a commit every few seconds."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from simsearch.durations import in_words
from simsearch.indexing.deadline import Deadline
from simsearch.indexing.embedding_rate import EmbeddingRate, keep_rate
from simsearch.indexing.model import Model
from simsearch.storage.protocols import Writer
from simsearch.threads import allowed_threads
from simsearch.types import Notice, Observer, Progress
from simsearch.wording import counted

TASK = "Embedding chunks"

WINDOW = 1024
"""Strings that are sorted by length together, for a batch is as slow as its longest one; order of time goes before
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
        deadline: Says when to stop.
        threads: Threads of the embedder, for the estimate; 0 means all cores.
        rate_file: Where the rate is kept for `status`.
    """

    def __init__(
        self,
        writer: Writer,
        model: Model,
        deadline: Deadline,
        observe: Observer | None,
        threads: int = 0,
        rate_file: Path | None = None,
    ) -> None:
        self._writer = writer
        self._model = model
        self._deadline = deadline
        self._observe = observe
        self._threads = threads
        self._rate_file = rate_file
        self._length = 0.0
        self.embedded = 0
        self.devices: Counter[str] = Counter()
        """How many strings each device has embedded; an embedder of a plugin doesn't say."""

    def run(self) -> bool:
        """Embed what is pending; whether nothing is left.

        What is done is committed every few seconds, except for the last part, which the caller commits.
        """
        keys, before = self._writer.pending(), self.embedded
        if len(keys) > BLOCK:
            self._writer.commit()  # words first; fewer chunks have their vectors in a moment
        began = committed = time.perf_counter()
        for block in self._blocks(keys):
            if self._deadline.passed:
                return False
            self._embed(block)
            now = time.perf_counter()
            done = self.embedded - before
            if done == len(block):
                self._estimate(len(keys) - done, (now - began) / sum(map(len, block.values())))
                self._keep_rate(done, now - began)
            self._report(done, len(keys), now - began)
            if now - committed >= COMMIT_SECONDS and done < len(keys):
                self._writer.commit()
                committed = time.perf_counter()
                self._keep_rate(done, committed - began)
        return True

    def embed_some(self) -> None:
        """Embed a block of what is pending by now."""
        if keys := self._writer.pending()[:BLOCK]:
            self._embed(self._writer.strings(keys))

    def _blocks(self, keys: Sequence[str]) -> Iterator[dict[str, str]]:
        """Keys with what to embed, the longest of each window first."""
        for start in range(0, len(keys), WINDOW):
            strings = self._writer.strings(keys[start : start + WINDOW])
            self._length = self._length or sum(map(len, strings.values())) / max(1, len(strings))
            ordered = sorted(strings, key=lambda key: (-len(strings[key]), key))
            for first in range(0, len(ordered), BLOCK):
                yield {key: strings[key] for key in ordered[first : first + BLOCK]}

    def _embed(self, strings: dict[str, str]) -> None:
        try:
            vectors = self._model.embedder.encode(list(strings.values()))
        except KeyboardInterrupt:
            self._writer.commit()
            raise
        self._writer.put_vectors(list(strings), vectors)
        self.embedded += len(strings)
        if device := getattr(self._model.embedder, "device", None):
            self.devices[device] += len(strings)

    def _keep_rate(self, done: int, seconds: float) -> None:
        if self._rate_file:
            keep_rate(self._rate_file, EmbeddingRate(done / max(seconds, 1e-3)))

    def _report(self, done: int, total: int, seconds: float) -> None:
        if self._observe:
            self._observe(Progress(TASK, done, total, f"{done / max(seconds, 1e-3):.0f} chunks/s"))

    def _estimate(self, remaining: int, seconds_a_character: float) -> None:
        """Say after the first block what the rest takes, by the length of the first window's strings."""
        seconds = remaining * self._length * seconds_a_character
        if self._observe and seconds > WORTH_SAYING:
            cores = allowed_threads(self._threads)
            text = (
                f"{counted(remaining, 'chunk has', 'chunks have')} no vector yet: about {in_words(seconds)} on "
                f"{counted(cores, 'core', 'cores')}. Keyword search works now; Ctrl-C keeps what is done."
            )
            self._observe(Notice(text))
