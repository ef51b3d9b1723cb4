"""Training only the upper layers: less to compute, and less to forget."""

from __future__ import annotations

from typing import Any

from torch import nn

from simsearch.errors import InputError


def freeze(model: Any, layers: int) -> None:
    """Keep the embeddings and the lowest layers of the transformer as they are.

    Args:
        model: A SentenceTransformer.
        layers: How many of the layers; 0 freezes nothing, not even the embeddings.

    Raises:
        InputError: There are no more layers than that.
    """
    if not layers:
        return
    stack = layer_stack(model)
    if layers >= len(stack):
        raise InputError(
            f"--freeze {layers} leaves nothing to train: the model has {len(stack)} layers; freeze fewer."
        )
    embeddings = [module for name, module in model.named_modules() if name.endswith("embeddings")]
    for module in [*embeddings, *stack[:layers]]:
        module.requires_grad_(False)


def layer_stack(model: Any) -> nn.ModuleList:
    """The transformer's layers, lowest first: the longest list of modules in it."""
    stacks = [module for module in model.modules() if isinstance(module, nn.ModuleList)]
    return max(stacks, key=len, default=nn.ModuleList())
