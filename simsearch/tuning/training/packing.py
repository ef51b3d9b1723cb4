"""Training batches without the padding.

A batch is as wide as its longest text, so most of what a model computes on short texts is padding. Here a
batch runs through the model in pieces of texts of like length, and the embeddings are put back in their
order before the loss sees them: the loss and its gradient are those of the whole batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import torch
from torch import Tensor
from torch.nn import Embedding
from torch.nn.functional import embedding
from transformers import PreTrainedModel

from simsearch.tuning.training.objective import Columns, loss_of

TOKEN_BUDGET = 1024
PIECE = 64
"""What a piece costs beside its tokens, in tokens: most of it is the embeddings' gradient, as large as their table."""


@contextmanager
def packed(model: Any, token_budget: int = TOKEN_BUDGET) -> Iterator[None]:
    """Let a SentenceTransformer run each batch in pieces of at most `token_budget` tokens, padding counted.

    Only for what reads nothing but the sentence embeddings: most losses, and encoding. May be nested.
    """
    forward, outer, table = model.forward, model.__dict__.get("forward"), word_table(model)

    def packed_forward(features: dict[str, Any], **arguments: Any) -> dict[str, Any]:
        if not _splittable(features):
            return forward(features, **arguments)  # type: ignore[no-any-return]
        with looked_up_once(table, features.get("input_ids")):
            return {"sentence_embedding": _in_pieces(forward, features, arguments, token_budget)}

    model.forward = packed_forward
    try:
        yield
    finally:
        del model.forward
        if outer:
            model.forward = outer


def word_table(model: Any) -> Embedding | None:
    """The table of a model's word embeddings, where it is trained and looked up in the plain way."""
    for module in model.modules():
        if isinstance(module, PreTrainedModel):
            table = module.get_input_embeddings()
            plain = type(table) is Embedding and not (
                table.max_norm or table.scale_grad_by_freq or table.sparse
            )
            return table if plain and table.weight.requires_grad else None
    return None


@contextmanager
def looked_up_once(table: Embedding | None, words: Tensor | None) -> Iterator[None]:
    """Let pieces share the rows of a batch's words.

    Each look-up in the table has a gradient as large as the table, which takes longer to add up than a short piece
    takes to compute.

    Args:
        words: Token ids of the whole batch, int64 [n, width].
    """
    if table is None or words is None or not torch.is_grad_enabled():
        yield
        return
    own = torch.unique(words)
    rows = embedding(own, table.weight, table.padding_idx)

    def look_up(input: Tensor) -> Tensor:
        return embedding(torch.searchsorted(own, input.contiguous()), rows)

    table.forward = look_up  # type: ignore[method-assign]
    try:
        yield
    finally:
        del table.forward


def packed_for(loss: Any, model: Any, columns: Columns) -> AbstractContextManager[None]:
    """Packed batches where this loss allows for them, whole ones otherwise."""
    return packed(model) if reads_only_embeddings(model, loss, columns) else nullcontext()


class _Watched(dict[str, Any]):
    """A model's outputs, noting what a loss reads of them."""

    def __init__(self, outputs: dict[str, Any], read: set[str]) -> None:
        super().__init__(outputs)
        self._read = read

    def __getitem__(self, name: str) -> Any:
        self._read.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self._read.add(name)
        return super().get(name, default)


def reads_only_embeddings(model: Any, loss: Any, columns: Columns) -> bool:
    """Whether a loss reads nothing of the model but the sentence embeddings, seen on the first rows."""
    forward = model.forward
    read: set[str] = set()
    model.forward = lambda features, **arguments: _Watched(forward(features, **arguments), read)
    try:
        with torch.no_grad():
            loss_of(loss, model, columns, range(min(2, len(columns["anchor"]))))
    finally:
        del model.forward
    return read <= {"sentence_embedding"}


def _splittable(features: dict[str, Any]) -> bool:
    """Whether every tensor has one row a text, as tokenised text has."""
    mask = features.get("attention_mask")
    if not isinstance(mask, Tensor) or mask.ndim != 2:
        return False
    tensors = [value for value in features.values() if isinstance(value, Tensor)]
    return all(tensor.shape == mask.shape for tensor in tensors)


def _in_pieces(forward: Any, features: dict[str, Any], arguments: dict[str, Any], budget: int) -> Tensor:
    lengths = features["attention_mask"].sum(dim=1)
    order = torch.argsort(lengths, descending=True, stable=True)
    widths = lengths[order].clamp(min=1).tolist()
    embeddings = [
        forward(_rows(features, order[begin:end], widths[begin]), **arguments)["sentence_embedding"]
        for begin, end in cuts(widths, budget)
    ]
    return torch.cat(embeddings)[torch.argsort(order)]


def cuts(lengths: Sequence[int], budget: int) -> list[tuple[int, int]]:
    """Where to cut texts of falling length so that padding and pieces together cost least: by dynamic programming.

    Args:
        lengths: Tokens of each, the longest first.
        budget: Of tokens in a piece, padding counted; a longer text is a piece of its own.
    """
    cost, begins = [0], [0]
    for end in range(1, len(lengths) + 1):
        cheapest, chosen = cost[end - 1] + lengths[end - 1], end - 1
        for begin in range(end - 2, -1, -1):
            tokens = lengths[begin] * (end - begin)
            if tokens > budget:
                break
            if cost[begin] + tokens < cheapest:
                cheapest, chosen = cost[begin] + tokens, begin
        cost.append(cheapest + PIECE)
        begins.append(chosen)
    pieces, end = [], len(lengths)
    while end:
        pieces.append((begins[end], end))
        end = begins[end]
    return pieces[::-1]


def _rows(features: dict[str, Any], rows: Tensor, width: int) -> dict[str, Any]:
    """Some rows of a batch, cut to their own width, whichever side the padding is on."""
    left_padded = bool((features["attention_mask"][:, 0] == 0).any())
    columns = slice(-width, None) if left_padded else slice(width)
    return {
        name: value[rows][:, columns] if isinstance(value, Tensor) else value
        for name, value in features.items()
    }
