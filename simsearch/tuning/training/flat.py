"""A batch as one row of tokens, without any padding.

All that a transformer computes, but attention, it computes token by token, so that texts can stand one after another in
one row; attention takes the texts of one length together. The layout is that of flash attention for texts of many
lengths (Dao 2023, arXiv:2307.08691), whose row sentence-transformers' pooling can read.

Imports torch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby, pairwise
from typing import Any

import torch
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention
from transformers import AttentionInterface, PreTrainedModel

ARCHITECTURES = ("bert", "distilbert", "roberta", "xlm-roberta")
"""Those that are tested to give the same embeddings and gradients in a row: attention reaches all of a text and knows
positions only from the embeddings."""
ATTENTION = "simsearch_by_length"


class Flat:
    """Pieces of a batch as rows of tokens.

    Args:
        transformer: Of one of the architectures that allow for it.
    """

    def __init__(self, transformer: PreTrainedModel) -> None:
        self._transformer = transformer
        self._padding: int | None = transformer.base_model.embeddings.position_embeddings.padding_idx

    @staticmethod
    def cuts(lengths: Sequence[int], budget: int) -> list[tuple[int, int]]:
        """Where to cut texts so that a piece has at most `budget` tokens; a longer text is a piece of its own."""
        begins, tokens = [0], 0
        for number, length in enumerate(lengths):
            if tokens and tokens + length > budget:
                begins.append(number)
                tokens = 0
            tokens += length
        return list(pairwise([*begins, len(lengths)]))

    def piece(self, features: dict[str, Any], rows: Tensor) -> dict[str, Any]:
        """Some texts of a batch in one row.

        Args:
            features: Tensors [n, width] and what else the model is given.
            rows: Numbers of the texts, int64 [m].
        """
        mask = features["attention_mask"][rows].bool()
        row = {
            name: value[rows][mask].unsqueeze(0) if isinstance(value, Tensor) else value
            for name, value in features.items()
            if name != "attention_mask"
        }
        row["position_ids"] = self._positions(features["input_ids"][rows], mask)[mask].unsqueeze(0)
        ends = mask.sum(dim=1).cumsum(dim=0)
        row["cu_seq_lens_q"] = torch.cat([ends.new_zeros(1), ends])
        return row

    def _positions(self, words: Tensor, mask: Tensor) -> Tensor:
        """The place of each token in its text: BERT counts from 0, RoBERTa and similar models from behind the number of
        the padding token, which has no place of its own even where it stands in a text."""
        if self._padding is None:
            return mask.cumsum(dim=1) - 1
        counted = mask & words.ne(self._padding)
        return counted.cumsum(dim=1) * counted + self._padding

    @contextmanager
    def running(self) -> Iterator[None]:
        """Let the model take rows."""
        config = self._transformer.config
        own = config._attn_implementation
        try:
            config._attn_implementation = ATTENTION
            yield
        finally:
            config._attn_implementation = own


def flat_transformer(model: Any) -> PreTrainedModel | None:
    """The transformer of a SentenceTransformer, if its batches may be rows: what comes after it must see texts, not one
    row, and pooling does."""
    modules = list(model.children())
    if [type(module) for module in modules[:2]] != [Transformer, Pooling]:
        return None
    transformer: PreTrainedModel = modules[0].model
    sees_all = not getattr(transformer.config, "is_decoder", False)
    # Checkpointed layers are computed once more when the gradient is, with the attention of that time.
    once = not any(getattr(module, "gradient_checkpointing", False) for module in transformer.modules())
    return transformer if sees_all and once and transformer.config.model_type in ARCHITECTURES else None


def attend_by_length(
    module: Any,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    *,
    cu_seq_lens_q: Tensor,
    scaling: float | None = None,
    dropout: float = 0.0,
    **_: Any,
) -> tuple[Tensor, None]:
    """Attention within each text of a row.

    Args:
        query: float32 [1, heads, tokens, width]; key and value alike.
        attention_mask: None: there is no padding.
        cu_seq_lens_q: Where each text begins in the row and where the last one ends, int64 [m + 1]; texts of one length
            stand together.
        scaling: Of the products of query and key.
        dropout: Share of the attention weights left out.

    Returns:
        float32 [1, tokens, heads, width], and no weights.
    """
    lengths = cu_seq_lens_q.diff().tolist()
    groups = [(len(list(same)), length) for length, same in groupby(lengths)]
    tokens = [count * length for count, length in groups]
    columns = (torch.split(part.squeeze(0), tokens, dim=1) for part in (query, key, value))
    attended = []
    for group, queries, keys, values in zip(groups, *columns, strict=True):
        texts = scaled_dot_product_attention(
            queries.unflatten(1, group),
            keys.unflatten(1, group),
            values.unflatten(1, group),
            dropout_p=dropout,
            scale=scaling,
        )
        attended.append(texts.flatten(1, 2))
    return torch.cat(attended, dim=1).transpose(0, 1).unsqueeze(0), None


AttentionInterface.register(ATTENTION, attend_by_length)
