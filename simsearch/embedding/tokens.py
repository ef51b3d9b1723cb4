"""Texts to token ids, truncated where the model stops reading; and a token counter for chunkers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from simsearch.types import Truncation

TEXTS_AT_ONCE = 256
"""The records of the tokenizer take some hundred times the size of a text, so few are held at once."""


@dataclass(frozen=True, slots=True)
class Tokenised:
    """Token ids of texts, with special tokens, and what was cut off."""

    rows: list[list[int]]
    truncation: Truncation


class Tokenizer:
    """Turns texts into the rows that the model reads.

    Args:
        path: A tokenizer.json.
        longest: Maximum number of tokens of a row, including special tokens.
    """

    def __init__(self, path: Path, longest: int) -> None:
        self._tokenizer = _load(path)
        self._tokenizer.enable_truncation(longest)
        self._special = self._tokenizer.num_special_tokens_to_add(False)

    def rows(self, texts: Sequence[str]) -> Tokenised:
        """One row for each text, in order."""
        rows: list[list[int]] = []
        cut = Truncation()
        for start in range(0, len(texts), TEXTS_AT_ONCE):
            for item in self._tokenizer.encode_batch(list(texts[start : start + TEXTS_AT_ONCE])):
                rows.append(item.ids)
                if item.overflowing:
                    lost = sum(len(piece.ids) - self._special for piece in item.overflowing)
                    cut += Truncation(1, lost)
        return Tokenised(rows, cut)


class Counter:
    """The TokenCounter of a model; its tokenizer is loaded on first use, so never in a query.

    Args:
        longest: Maximum number of tokens that the model reads, including special tokens.
        prompt: Comes before every document, and takes its tokens off the limit.
    """

    def __init__(self, path: Path, longest: int, prompt: str = "") -> None:
        self._path = path
        self._longest = longest
        self._prompt = prompt

    @cached_property
    def limit(self) -> int:
        special: int = self._tokenizer.num_special_tokens_to_add(False)
        return self._longest - special - (self.count([self._prompt])[0] if self._prompt else 0)

    def count(self, texts: Sequence[str]) -> list[int]:
        counts: list[int] = []
        for start in range(0, len(texts), TEXTS_AT_ONCE):
            batch = list(texts[start : start + TEXTS_AT_ONCE])
            counts += map(len, self._tokenizer.encode_batch_fast(batch, add_special_tokens=False))
        return counts

    def count_unknown(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text that the vocabulary doesn't have; 0 for a tokenizer that has no such token."""
        unknown = self._unknown
        if unknown is None:
            return [0] * len(texts)
        counts: list[int] = []
        for start in range(0, len(texts), TEXTS_AT_ONCE):
            batch = list(texts[start : start + TEXTS_AT_ONCE])
            items = self._tokenizer.encode_batch_fast(batch, add_special_tokens=False)
            counts += (item.ids.count(unknown) for item in items)
        return counts

    @cached_property
    def _unknown(self) -> int | None:
        """The id of the token for what is not in the vocabulary."""
        model = json.loads(self._tokenizer.to_str())["model"]
        if isinstance(model.get("unk_id"), int):
            return int(model["unk_id"])
        token = model.get("unk_token")
        return None if token is None else self._tokenizer.token_to_id(token)

    def spans(self, text: str) -> list[tuple[int, int]]:
        return list(self._tokenizer.encode(text, add_special_tokens=False).offsets)

    @cached_property
    def _tokenizer(self) -> Any:
        return _load(self._path)


def _load(path: Path) -> Any:
    from tokenizers import Tokenizer as LoadedTokenizer

    tokenizer = LoadedTokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer
