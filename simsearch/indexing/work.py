"""The work of an index run: pure functions that any process can do, as an engine wants them."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from simsearch import __version__
from simsearch.engines import Candidate, Embedded, FileTask, Outcome, Refused
from simsearch.errors import UnreadableFile
from simsearch.indexing.cutting import cut_file
from simsearch.indexing.model import Model, Tokens
from simsearch.indexing.reading import Readers
from simsearch.plugins.offers import Built
from simsearch.plugins.registry import Registry
from simsearch.storage.protocols import FileRecord
from simsearch.types import Chunker

LONG = 5.0
"""Seconds; what is refused sooner may as well be tried again."""


class IndexWorker:
    """Reads, cuts and embeds with the components of one process.

    Args:
        readers: Component strings of readers to use in place of those by default.
    """

    def __init__(
        self, registry: Registry, readers: Sequence[str], chunker: Built[Chunker], model: Model
    ) -> None:
        self._readers = Readers(registry, readers)
        self._reader_names = list_readers(registry, readers)
        self._chunker = chunker
        self._model = model
        self._tokens = Tokens(model)

    @property
    def versions(self) -> Mapping[str, str]:
        """What decides the results; see simsearch.engines.Worker."""
        return {
            "simsearch": __version__,
            "readers": ", ".join(self._reader_names),
            "chunker": f"{self._chunker.spec} of {self._chunker.offer.origin}",
            "model": self._model.fingerprint,
        }

    def cut(self, task: FileTask) -> Outcome:
        """Read a file and cut it; see simsearch.engines.Worker."""
        if isinstance(task, Candidate):
            return self._read(task)
        return cut_file(task.record, task.documents, self._chunker, self._tokens)

    def embed(self, strings: Sequence[str]) -> Embedded:
        """Embed strings; see simsearch.engines.Worker."""
        embedder = self._model.embedder
        before = embedder.truncation.texts
        vectors = embedder.encode(strings)
        truncated = embedder.truncation.texts - before
        # An embedder of a plugin doesn't say which device it uses.
        return Embedded(vectors, getattr(embedder, "device", None), truncated)

    def _read(self, candidate: Candidate) -> Outcome:
        began = time.monotonic()
        try:
            record, documents = self._readers.read(candidate)
        except UnreadableFile as error:
            long = time.monotonic() - began >= LONG
            return Refused(candidate.record, str(error), gone=True, lasting=long)
        except OSError as error:
            return _unopened(candidate.record, error)
        return cut_file(record, documents, self._chunker, self._tokens)


def _unopened(record: FileRecord, error: OSError) -> Refused:
    """What it means that a file can't be opened: unless it has vanished, it may be the same as ever."""
    return Refused(record, f"unreadable: {error.strerror}", gone=isinstance(error, FileNotFoundError))


def list_readers(registry: Registry, reader_strings: Sequence[str]) -> list[str]:
    """All that decides how a file is read: the installed readers with their versions, and how they are asked for."""
    offers = registry.offers("readers")
    return [*sorted(f"{offer.component.name} of {offer.origin}" for offer in offers), *sorted(reader_strings)]
