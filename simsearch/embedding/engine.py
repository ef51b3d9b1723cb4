"""A sentence-transformers model on onnxruntime and tokenizers alone."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from simsearch.types import Role, TokenCounter, Truncation, Vectors

TOKEN_BUDGET = 4096
BLOCK = 2048


class Tokens:
    """Counts text as the model reads it."""

    def __init__(self, tokenizer: Any, limit: int) -> None:
        self._tokenizer = tokenizer
        self._limit = limit

    @property
    def limit(self) -> int:
        return self._limit

    def count(self, texts: Sequence[str]) -> list[int]:
        encoded = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [len(item.ids) for item in encoded]

    def spans(self, text: str) -> list[tuple[int, int]]:
        return list(self._tokenizer.encode(text, add_special_tokens=False).offsets)


class OnnxEmbedder:
    """The engine in a folder of model.onnx, tokenizer.json and embedder.json.

    Args:
        name: What the user calls the model.
        threads: Threads to compute with; 0 leaves it to onnxruntime.
    """

    def __init__(self, name: str, folder: Path, threads: int = 0) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        facts = json.loads((folder / "embedder.json").read_text(encoding="utf-8"))
        self.name = name
        self.fingerprint: str = facts["fingerprint"]
        self.dimension: int = facts["dimension"]
        self.truncation = Truncation()
        self._prompts: dict[str, str] = facts["prompts"]
        self._longest: int = facts["max_length"]
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        special = self._tokenizer.num_special_tokens_to_add(False)
        prompt = len(self._tokenizer.encode(self._prompts["document"], add_special_tokens=False).ids)
        self.tokens: TokenCounter = Tokens(self._tokenizer, self._longest - special - prompt)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )

    def encode(self, texts: Sequence[str], role: Role = "document") -> Vectors:
        """float32 [n, d] of unit length, in input order; equal texts are embedded once."""
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        distinct = {text: i for i, text in enumerate(dict.fromkeys(texts))}
        vectors = self._embed(list(distinct), role)
        return vectors[[distinct[text] for text in texts]]

    def stream(self, texts: Iterable[str], role: Role = "document") -> Iterator[Vectors]:
        """As encode, a block of rows at a time."""
        remaining = iter(texts)
        while block := list(itertools.islice(remaining, BLOCK)):
            yield self.encode(block, role)

    def _embed(self, texts: Sequence[str], role: Role) -> Vectors:
        prompt = self._prompts[role]
        encoded = self._tokenizer.encode_batch([prompt + text for text in texts])
        rows = [self._cut(item) for item in encoded]
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for batch in _batches([len(row) for row in rows]):
            vectors[batch] = self._run([rows[i] for i in batch])
        return vectors

    def _cut(self, item: Any) -> list[int]:
        """The token ids that fit; what doesn't is counted."""
        lost = len(item.ids) - self._longest
        if lost <= 0:
            return list(item.ids)
        self.truncation += Truncation(1, lost)
        item.truncate(self._longest)
        ids: list[int] = list(item.ids)
        ids[-1] = self._closing(ids[-1])
        return ids

    def _closing(self, last: int) -> int:
        """The token that closes every text, which a cut must not take away."""
        closing = self._tokenizer.encode("").ids
        return int(closing[-1]) if closing else last

    def _run(self, rows: Sequence[Sequence[int]]) -> Vectors:
        width = max(map(len, rows))
        ids = np.zeros((len(rows), width), dtype=np.int64)
        mask = np.zeros((len(rows), width), dtype=np.int64)
        for place, row in enumerate(rows):
            ids[place, : len(row)] = row
            mask[place, : len(row)] = 1
        vectors: Vectors = self._session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        return vectors


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Rows of like length together, each batch within the token budget, padding counted."""
    order = sorted(range(len(lengths)), key=lambda i: lengths[i], reverse=True)
    begin = 0
    while begin < len(order):
        end = begin + max(TOKEN_BUDGET // max(lengths[order[begin]], 1), 1)
        yield order[begin:end]
        begin = end
