"""Training batches without the padding, on a CPU.

A batch runs through the model in pieces, and the embeddings are put back in their order before the loss sees them: the
loss and its gradient are those of the whole batch.

Imports torch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Protocol

import torch
from torch import Tensor

from simsearch.tuning.training.flat import Flat, flat_transformer
from simsearch.tuning.training.objective import Columns, loss_of
from simsearch.tuning.training.padded import Padded, Whole
from simsearch.tuning.training.sharing import Share

TOKEN_BUDGET = 2048
"""Of a piece: what a layer computes on it should fit into the processor's cache."""


class Layout(Protocol):
    """How the texts of a batch are laid out for the model."""

    def cuts(self, lengths: Sequence[int], budget: int) -> list[tuple[int, int]]:
        """Where to cut texts, the longest first, into pieces of at most `budget` tokens."""

    def piece(self, features: dict[str, Any], rows: Tensor) -> dict[str, Any]:
        """What the model is given for some rows of a batch."""

    def running(self) -> AbstractContextManager[None]:
        """While the model is given such pieces."""


@contextmanager
def packed(model: Any, token_budget: int = TOKEN_BUDGET, share: Share | None = None) -> Iterator[None]:
    """Let a SentenceTransformer run each batch in pieces of at most `token_budget` tokens.

    Only for what reads nothing but the sentence embeddings: most losses, and encoding. May be nested.

    Args:
        share: The part of each training batch that this process embeds; None for all of it.
    """
    forward, outer = model.forward, model.__dict__.get("forward")
    layout = layout_for(model)

    def packed_forward(features: dict[str, Any], **arguments: Any) -> dict[str, Any]:
        if not _splittable(features):
            return forward(features, **arguments)  # type: ignore[no-any-return]
        with layout.running():
            part = share if model.training else None  # one process alone judges on the dev set
            embeddings = _in_pieces(forward, layout, features, arguments, token_budget, part)
            return {"sentence_embedding": embeddings}

    model.forward = packed_forward
    try:
        yield
    finally:
        del model.forward
        if outer:
            model.forward = outer


def layout_for(model: Any) -> Layout:
    """The layout for the device and the architecture of a SentenceTransformer."""
    if model.device.type != "cpu":
        return Whole()
    transformer = flat_transformer(model)
    return Flat(transformer) if transformer else Padded()


def packed_for(
    loss: Any, model: Any, columns: Columns, share: Share | None = None
) -> AbstractContextManager[None]:
    """Packed batches where this loss allows for them, whole ones otherwise, which every process then embeds itself."""
    return packed(model, share=share) if reads_only_embeddings(model, loss, columns) else nullcontext()


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
    """Whether every tensor has one row a text, as tokenised text has, and every text a token."""
    mask = features.get("attention_mask")
    if not isinstance(mask, Tensor) or mask.ndim != 2 or not mask.any(dim=1).all():
        return False
    tensors = [value for value in features.values() if isinstance(value, Tensor)]
    return all(tensor.shape == mask.shape for tensor in tensors)


def _in_pieces(
    forward: Any,
    layout: Layout,
    features: dict[str, Any],
    arguments: dict[str, Any],
    budget: int,
    share: Share | None,
) -> Tensor:
    lengths = features["attention_mask"].sum(dim=1)
    order = torch.argsort(lengths, descending=True, stable=True)
    rows = share.pick(order) if share else order
    pieces = [
        forward(layout.piece(features, rows[begin:end]), **arguments)["sentence_embedding"]
        for begin, end in layout.cuts(lengths[rows].tolist(), budget)
    ]
    embeddings = torch.cat(pieces)
    return (share.gather(embeddings, len(order)) if share else embeddings)[torch.argsort(order)]
