"""The contracts of pair readers, readers and chunkers."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import numpy as np

from simsearch.errors import InputError, UnreadableFile
from simsearch.testing.contract import Contract, demand
from simsearch.testing.examples import ODD_TEXTS, PieceCounter, example_document
from simsearch.types import Chunk, Chunker, Document, Pair, PairReader, Reader, TokenCounter

ANY = "*"
C = TypeVar("C")


@dataclass(frozen=True, slots=True)
class FileExample:
    """The name and the bytes of a file; a `good` one must be read, any other may be refused."""

    name: str
    content: bytes
    good: bool = False


class FileContract(Contract[C, FileExample]):
    """What all readers of files have in common.

    Args (set in a subclass):
        files: Files of your own that must be read.
    """

    files: tuple[str | Path, ...] = ()

    def examples(self) -> Iterable[FileExample]:
        return _file_examples(self.built.offer.component.accepts, self.files)

    def test_one_file_gives_one_answer(self) -> None:
        for example in self.examples():
            one, other = self._read(example), self._read(example)
            demand(one == other, f"{example.name} was read differently the second time")

    def _read(self, example: FileExample) -> Sequence[Any]:
        """What a file gives; nothing if it is refused, which is allowed."""
        raise NotImplementedError


class PairReaderContract(FileContract[PairReader]):
    """A pair reader gives pairs of two texts with file and row, or raises InputError."""

    kind: ClassVar[str] = "pair_readers"

    def test_a_file_gives_whole_pairs_or_an_input_error(self) -> None:
        for example in self.examples():
            self._read(example)

    def _read(self, example: FileExample) -> list[Pair]:
        with tempfile.TemporaryDirectory(prefix="simsearch-") as folder:
            path = Path(folder, example.name)
            path.write_bytes(example.content)
            try:
                pairs = list(self.component(path))
            except InputError as error:
                demand(not example.good, f"{example.name} was refused: {error}")
                demand(example.name in str(error), f"the error doesn't name the file: {error}")
                return []
            demand(pairs or not example.good, f"{example.name} gave no pairs")
            rows = [_checked_pair(pair, path).row for pair in pairs]
            demand(rows == sorted(rows), f"{example.name}: the rows are not in order")
        # the name of the temporary folder differs each time
        return [Pair(p.anchor, p.positive, p.negatives, p.score, p.columns, "", p.row) for p in pairs]


class ReaderContract(FileContract[Reader]):
    """A reader gives documents with headings in place, or raises UnreadableFile."""

    kind: ClassVar[str] = "readers"

    def test_a_file_gives_whole_documents_or_says_why_not(self) -> None:
        for example in self.examples():
            for document in self._read(example):
                _check_document(document, example)

    def test_rows_have_ids_of_their_own(self) -> None:
        for example in self.examples():
            ids = [document.id for document in self._read(example)]
            if len(ids) > 1:
                demand(all(ids), f"{example.name}: one of several documents has no id")

    def _read(self, example: FileExample) -> list[Document]:
        try:
            documents = list(self.component(Path(example.name), example.content))
        except UnreadableFile as error:
            demand(not example.good, f"{example.name} was refused: {error}")
            return []
        demand(documents or not example.good, f"{example.name} gave no documents")
        for document in documents:
            demand(isinstance(document, Document), f"gave a {type(document).__name__}, not a Document")
        return documents


@dataclass(frozen=True, slots=True)
class ChunksExample:
    """A document, and a counter of its tokens."""

    document: Document
    tokens: TokenCounter


class ChunkerContract(Contract[Chunker, ChunksExample]):
    """A chunker cuts exact pieces, in order, none longer than the model reads, and loses nothing."""

    kind: ClassVar[str] = "chunkers"

    def examples(self) -> Iterable[ChunksExample]:
        documents = [Document(""), Document("  \n\n "), *(example_document(seed) for seed in range(8))]
        documents += [Document(text) for text in ODD_TEXTS]
        return [
            ChunksExample(document, PieceCounter(limit)) for document in documents for limit in (8, 64, 500)
        ]

    def test_offsets_are_within_the_text_and_in_order(self) -> None:
        for example in self.examples():
            chunks, length = self._chunks(example), len(example.document.text)
            for chunk in chunks:
                exact = isinstance(chunk.start, int) and isinstance(chunk.end, int)
                demand(
                    exact and 0 <= chunk.start < chunk.end <= length, f"{chunk} is not within 0 to {length}"
                )
            starts = [chunk.start for chunk in chunks]
            demand(starts == sorted(starts), f"the chunks start out of order: {starts}")

    def test_no_chunk_is_longer_than_the_model_reads(self) -> None:
        for example in self.examples():
            embedded = [chunk.embedded(example.document) for chunk in self._chunks(example)]
            longest = max(example.tokens.count(embedded), default=0)
            limit = example.tokens.limit
            demand(longest <= limit, f"a chunk has {longest} tokens, but the model reads {limit}")

    def test_nothing_but_white_space_is_lost(self) -> None:
        for example in self.examples():
            text = example.document.text
            kept = np.zeros(len(text), dtype=bool)
            for chunk in self._chunks(example):
                kept[chunk.start : chunk.end] = True
            lost = "".join(c for c, k in zip(text, kept, strict=True) if not k and not c.isspace())
            demand(not lost, f"these characters are in no chunk: {lost[:60]!r}")

    def test_no_chunk_is_blank(self) -> None:
        for example in self.examples():
            for chunk in self._chunks(example):
                demand(
                    example.document.text[chunk.start : chunk.end].strip(), f"{chunk} holds only white space"
                )

    def test_one_document_gives_one_answer(self) -> None:
        for example in self.examples():
            demand(
                self._chunks(example) == self._chunks(example),
                "the same document was cut differently the second time",
            )

    def _chunks(self, example: ChunksExample) -> list[Chunk]:
        chunks = list(self.component(example.document, example.tokens))
        for chunk in chunks:
            demand(isinstance(chunk, Chunk), f"gave a {type(chunk).__name__}, not a Chunk")
        return chunks


def _file_examples(accepts: tuple[str, ...], files: tuple[str | Path, ...]) -> list[FileExample]:
    own = [FileExample(Path(file).name, Path(file).read_bytes(), good=True) for file in files]
    random = np.random.default_rng(0)
    contents = [
        b"",
        b"   \n\n",
        b"\xff\xfe\x00broken",
        random.bytes(300),
        b"anchor,positive\nwhat,this\n",
        b'{"anchor": "what", "positive": "this"}\n',
        "\n".join(ODD_TEXTS).encode(),
        b"# Title\n\nText below it.\n",
    ]
    endings = ["" if ending == ANY else ending for ending in accepts if not ending.startswith("/")]
    return own + [FileExample(f"example{ending}", content) for ending in endings for content in contents]


def _checked_pair(pair: Pair, path: Path) -> Pair:
    demand(isinstance(pair, Pair), f"gave a {type(pair).__name__}, not a Pair")
    for text in (pair.anchor, pair.positive, *pair.negatives):
        demand(isinstance(text, str) and text.strip(), f"row {pair.row} has {text!r} instead of a text")
    demand(isinstance(pair.negatives, tuple), f"row {pair.row}: the negatives are not a tuple")
    score = pair.score
    demand(score is None or np.isfinite(score), f"row {pair.row}: the score is {score}")
    demand(isinstance(pair.columns, Mapping), f"row {pair.row}: the columns are not a mapping")
    demand(pair.source == str(path), f"row {pair.row}: the source is {pair.source!r}, not {str(path)!r}")
    demand(pair.row >= 1, f"row {pair.row}: rows are counted from 1")
    return pair


def _check_document(document: Document, example: FileExample) -> None:
    name, length = example.name, len(document.text)
    document.text.encode()  # a lone surrogate can't be stored
    starts = [heading.start for heading in document.headings]
    demand(starts == sorted(starts), f"{name}: the headings are out of order")
    demand(all(0 <= start < length for start in starts), f"{name}: a heading is outside the text")
    demand(all(heading.level >= 1 for heading in document.headings), f"{name}: heading levels start at 1")
    if document.verbatim:
        decoded = example.content.decode("utf-8-sig", errors="replace")
        same = document.text.count("\n") == decoded.count("\n")
        demand(same, f"{name}: the text is marked verbatim, but does not have as many lines as the file")
    try:
        json.dumps(dict(document.metadata), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise AssertionError(f"{name}: the metadata is not JSON: {error}") from None
