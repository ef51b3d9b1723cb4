"""Exports a model as one graph with pooling and normalisation, optimised, and kept only if it agrees with the model."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import torch
from sentence_transformers.base.modules import Router

from simsearch.embedding.engine import GRAPH, OUTPUT, TOKENIZER, Facts
from simsearch.embedding.fallback import stated_limit
from simsearch.errors import ExportRefused
from simsearch.onnx_export.parity import ROLES, refuse_difference
from simsearch.onnx_export.replacing import replace_folder
from simsearch.torch_models import open_sentence_transformer
from simsearch.types import Role

OPSET = 18
PLAIN_ATTENTION = {"attn_implementation": "eager"}
"""Written out, attention traces to fewer operations: on a CPU, the graph is a sixth faster than with torch's own
scaled_dot_product_attention."""


class Graph(torch.nn.Module):
    """Token ids in, unit vectors out: one output, or one for each role if a Router treats them differently."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model
        self.dimension: int | None = model.truncate_dim

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, ...]:
        features = {"input_ids": input_ids, "attention_mask": attention_mask}
        place = router_place(self.model)
        if place is None:
            return (unit_vectors(self.model(features), self.dimension),)
        modules = list(self.model.children())
        for module in modules[:place]:
            features = module(features)
        return tuple(unit_vectors(route(modules[place:], features, role), self.dimension) for role in ROLES)


def router_place(model: Any) -> int | None:
    """The place of a Router behind the transformer; None if there is none."""
    modules = list(model.children())
    return next((i for i, module in enumerate(modules) if i and isinstance(module, Router)), None)


def route(modules: list[Any], features: dict[str, Any], role: Role) -> dict[str, Any]:
    """What the modules from the Router on make of the features for a role."""
    features = {**features, "task": role}
    for module in modules:
        features = module(features)
    return features


def unit_vectors(features: dict[str, Any], dimension: int | None = None) -> torch.Tensor:
    """Vectors of unit length, of their first components only if the model is truncated (Matryoshka)."""
    return torch.nn.functional.normalize(features["sentence_embedding"][:, :dimension], dim=1)


def output_names(model: Any) -> dict[str, str]:
    """The graph's output for each role."""
    return {role: OUTPUT if router_place(model) is None else role for role in ROLES}


def export(folder: Path, target: Path, fingerprint: str) -> None:
    """Write model.onnx, tokenizer.json and embedder.json into `target`, all or nothing.

    Args:
        folder: A sentence-transformers model.
        target: Replaced; its parent is created.
        fingerprint: Of the model.

    Raises:
        ExportRefused: The model has no fast tokenizer, or the vectors of the graph differ from those of the model.
    """
    model = open_sentence_transformer(folder).eval()
    with replace_folder(target, fingerprint) as making:
        write_graph(open_sentence_transformer(folder, "cpu", **PLAIN_ATTENTION).eval(), making / GRAPH)
        write_tokenizer(model, making / TOKENIZER)
        facts_of(model, fingerprint).write(making)
        refuse_difference(model, making)


def facts_of(model: Any, fingerprint: str) -> Facts:
    """What the engine needs in addition to graph and tokenizer."""
    return Facts(
        fingerprint=fingerprint,
        dimension=int(model.get_embedding_dimension()),
        longest=stated_limit(model),
        padding=int(model.tokenizer.pad_token_id or 0),
        prompts={role: model.prompts.get(role) or "" for role in ROLES},
        outputs=output_names(model),
    )


def write_tokenizer(model: Any, path: Path) -> None:
    backend = getattr(model.tokenizer, "backend_tokenizer", None)
    if backend is None:
        raise ExportRefused("its tokenizer has no fast version.")
    backend.save(str(path))


def write_graph(model: Any, path: Path) -> None:
    """Trace the model, and let onnxruntime optimise the graph once, for all later runs."""
    features = model.preprocess(["two texts of", "different length, both short"])
    names = ["input_ids", "attention_mask"]
    outputs = list(dict.fromkeys(output_names(model).values()))
    traced = path.with_suffix(".traced")
    axes = {name: {0: "batch", 1: "length"} for name in names}
    with torch.inference_mode(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what tracing might have got wrong, parity finds
        torch.onnx.export(
            Graph(model),
            tuple(features[name] for name in names),
            str(traced),
            dynamo=False,
            input_names=names,
            output_names=outputs,
            dynamic_axes={**axes, **{name: {0: "batch"} for name in outputs}},
            opset_version=OPSET,
        )
    optimise(traced, path)
    traced.unlink()


def optimise(traced: Path, path: Path) -> None:
    """Fuse what can be fused on any processor, because the graph may be copied to another machine."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(path)
    onnxruntime.InferenceSession(str(traced), options, providers=["CPUExecutionProvider"])
