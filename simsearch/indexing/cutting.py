"""Documents to chunks with the keys of their vectors; and doing so in a thread."""

from __future__ import annotations

import contextlib
import hashlib
import queue
import threading
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager

from simsearch.engines import CutFile, Outcome
from simsearch.indexing.quiet_text import chunks_of_original, without
from simsearch.noise import Cut
from simsearch.plugins.offers import Built
from simsearch.storage.protocols import ChunkedDocument, FileRecord
from simsearch.types import Chunk, Chunker, Document, TokenCounter

AHEAD = 64
"""Files that are cut before they are asked for."""


PATIENCE = 0.5
"""Seconds without a file after which the consumer may do something else."""


def cut_file(
    record: FileRecord, documents: Iterable[Document], chunker: Built[Chunker], tokens: TokenCounter
) -> CutFile:
    """Cut a file's documents.

    Raises:
        PluginError: The chunker raised, or gave chunks that are not in the text.
    """
    chunked: list[ChunkedDocument] = []
    for document in documents:
        chunks = _chunks(document, chunker, tokens) if document.text.strip() else ()
        keys = tuple(key_of(chunk.embedded(document)) for chunk in chunks)
        chunked.append(ChunkedDocument(document, chunks, keys))
    return CutFile(record, tuple(chunked))


def key_of(string: str) -> str:
    """The key of a string's vector: equal strings are embedded once."""
    return hashlib.sha256(string.encode("utf-8", "surrogatepass")).hexdigest()


@contextmanager
def run_in_thread(outcomes: Generator[Outcome, None, None]) -> Iterator[Iterator[Outcome | None]]:
    """Run a generator in a thread, a little ahead of its consumer; leaving ends it after its current file.

    The consumer gets None whenever there was nothing for a while.
    """
    done: queue.Queue[Outcome | BaseException | None] = queue.Queue(AHEAD)
    stop = threading.Event()

    def put(item: Outcome | BaseException | None) -> None:
        waiting = True
        while waiting and not stop.is_set():
            with contextlib.suppress(queue.Full):
                done.put(item, timeout=0.1)
                waiting = False

    def work() -> None:
        try:
            with contextlib.closing(outcomes):
                for outcome in outcomes:
                    put(outcome)
                    if stop.is_set():
                        return
            put(None)
        except BaseException as error:
            put(error)

    def take() -> Iterator[Outcome | None]:
        while True:
            try:
                item = done.get(timeout=PATIENCE)
            except queue.Empty:
                yield None
                continue
            if item is None:
                return
            if isinstance(item, BaseException):
                raise item
            yield item

    worker = threading.Thread(target=work, name="simsearch-reading", daemon=True)
    worker.start()
    try:
        yield take()
    finally:
        stop.set()
        worker.join()


def _chunks(document: Document, chunker: Built[Chunker], tokens: TokenCounter) -> tuple[Chunk, ...]:
    if not document.verbatim or not (cut := Cut(document.text)).spans:
        return _checked(document, chunker, tokens)
    return tuple(chunks_of_original(_checked(without(document, cut), chunker, tokens), cut))


def _checked(document: Document, chunker: Built[Chunker], tokens: TokenCounter) -> tuple[Chunk, ...]:
    with chunker.guarded():
        chunks: Sequence[Chunk] = tuple(chunker.value(document, tokens))
    length = len(document.text)
    for chunk in chunks:
        if not isinstance(chunk, Chunk):
            raise chunker.blame(f"gave a {type(chunk).__name__}, not a Chunk")
        if not 0 <= chunk.start < chunk.end <= length:
            raise chunker.blame(
                f"gave the chunk {chunk.start} to {chunk.end} of a text of {length} characters"
            )
    return tuple(chunks)
