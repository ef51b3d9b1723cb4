"""A model that sentence-transformers runs: on a GPU, or because it can't be exported. Imports torch."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np

from simsearch.devices import Device
from simsearch.errors import ModelError
from simsearch.threads import allowed_threads
from simsearch.torch_models import open_sentence_transformer
from simsearch.types import Role, TokenCounter, Truncation, Vectors

UNSTATED_LIMIT = 512
AT_ONCE = 32
"""Texts in a batch on the CPU; a GPU takes all that it is given at once."""
TorchPrecision = Literal["float32", "float16", "bfloat16"]


class SlowCounter:
    """The TokenCounter of a model whose tokenizer may have no fast version."""

    def __init__(self, model: Any) -> None:
        # A copy, because one thread counts while another embeds, and truncation is a state of the tokenizer.
        self._tokenizer = copy.deepcopy(model.tokenizer)
        prompt = model.prompts.get("document") or ""
        self._longest = stated_limit(model)
        self._taken = len(_ids(self._tokenizer.encode(""))) + self.count([prompt])[0]

    @property
    def limit(self) -> int:
        return self._longest - self._taken

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(self._ids(text)) for text in texts]

    def spans(self, text: str) -> list[tuple[int, int]]:
        """If the tokenizer has no offsets, words stand in for tokens, and each is counted by itself."""
        spans: list[tuple[int, int]] = []
        for start, end in _words(text):
            pieces = max(1, len(self._ids(text[start:end])))
            cuts = [start + (end - start) * i // pieces for i in range(pieces + 1)]
            spans += itertools.pairwise(cuts)
        return spans

    def _ids(self, text: str) -> list[int]:
        return _ids(self._tokenizer.encode(text, add_special_tokens=False))


class TorchEmbedder:
    """An Embedder around sentence-transformers.

    Args:
        name: The name that the user knows the model by.
        folder: The model; only local files are read, and no code in them is run.
        threads: Threads to compute with; 0 means the cores that this process may use.
        device: What computes.
        precision: Of the weights and of what is computed; vectors are float32 in any case.
        tokens: Counts tokens faster than the tokenizer of the model, where something does.
    """

    def __init__(
        self,
        name: str,
        folder: Path,
        fingerprint: str,
        threads: int = 0,
        *,
        device: Device = "cpu",
        precision: TorchPrecision = "float32",
        tokens: TokenCounter | None = None,
    ) -> None:
        import torch

        torch.set_num_threads(allowed_threads(threads))
        self._model = open_sentence_transformer(folder, device).to(getattr(torch, precision))
        self.name = name
        self.fingerprint = fingerprint
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self.device = device
        self.precision = precision
        self.tokens: TokenCounter = tokens or SlowCounter(self._model)
        self.truncation = Truncation()

    def encode(self, texts: Sequence[str], role: Role = "document") -> Vectors:
        """float32 [n, d] of unit length, in input order.

        Raises:
            ModelError: The GPU has too little memory.
        """
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        over = [count - self.tokens.limit for count in self.tokens.count(texts)]
        self.truncation += Truncation(sum(n > 0 for n in over), sum(n for n in over if n > 0))
        vectors = self._run(texts, role).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def _run(self, texts: Sequence[str], role: Role) -> Vectors:
        import torch

        encode = self._model.encode_query if role == "query" else self._model.encode_document
        size = AT_ONCE if self.device == "cpu" else len(texts)
        try:
            vectors: Vectors = encode(list(texts), batch_size=size, show_progress_bar=False)
        except torch.OutOfMemoryError as error:
            raise ModelError(
                f"The memory of {self.device} is too small for {len(texts)} texts at once with {self.name}. Use "
                "--device cpu."
            ) from error
        return vectors


def stated_limit(model: Any) -> int:
    """Maximum number of tokens that a model reads; 512 if neither it nor its tokenizer states a sensible number."""
    stated = (model.max_seq_length, getattr(model.tokenizer, "model_max_length", None))
    return int(next((limit for limit in stated if limit and limit < 1_000_000), UNSTATED_LIMIT))


def _ids(encoded: Any) -> list[int]:
    """The token ids, from the tokenizers of either library."""
    ids: list[int] = getattr(encoded, "ids", encoded)
    return ids


def _words(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for word in text.split():
        start = text.index(word, start)
        yield start, start + len(word)
        start += len(word)
