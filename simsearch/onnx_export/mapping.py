"""An engine with a linear map behind it, made from the engine without: no torch, and a second or two."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

from simsearch.embedding.engine import GRAPH, TOKENIZER, Facts, OnnxEmbedder
from simsearch.errors import ExportRefused
from simsearch.linear_maps.folders import read_map
from simsearch.linear_maps.linear_map import LinearMap
from simsearch.onnx_export.hard_cases import HARD_CASES
from simsearch.onnx_export.parity import PARITY, ROLES
from simsearch.onnx_export.replacing import replace_folder


def add_map(engine: Path, target: Path, fingerprint: str, model: Path) -> None:
    """Write the engine with the map of a model, all or nothing.

    Args:
        engine: The engine of the model without the map.
        target: Replaced; its parent is created.
        fingerprint: Of the model with the map.
        model: The folder that holds the map.

    Raises:
        ExportRefused: The graph's vectors differ from the mapped ones.
    """
    found = read_map(model)
    assert found is not None
    _, linear_map = found
    with replace_folder(target, fingerprint) as making:
        facts = Facts.read(engine)
        graph = onnx.load(str(engine / GRAPH))
        outputs: dict[str, str] = {
            role: facts.outputs[role]
            if role == "document" and linear_map.questions_only
            else _append(graph, facts.outputs[role], linear_map)
            for role in ROLES
        }
        onnx.save(graph, str(making / GRAPH))
        shutil.copyfile(engine / TOKENIZER, making / TOKENIZER)
        replace(facts, fingerprint=fingerprint, outputs=outputs).write(making)
        refuse_other_vectors(engine, making, linear_map)


def refuse_other_vectors(engine: Path, mapped: Path, linear_map: LinearMap) -> None:
    """Compare the graph with the map applied to the vectors of the engine."""
    before, after = (OnnxEmbedder("candidate", folder) for folder in (engine, mapped))
    for role in ROLES:
        expected = linear_map.apply(before.encode(HARD_CASES, role), role)
        cosine = float((expected * after.encode(HARD_CASES, role)).sum(axis=1).min())
        if not cosine >= PARITY:
            raise ExportRefused(
                f"its vectors differ from the mapped ones: cosine {cosine:.6f} for a {role}, {PARITY} needed."
            )


def _append(graph: Any, source: str, linear_map: LinearMap) -> str:
    """Map an output of the graph and bring it to unit length; returns the new output's name."""
    name = f"{source}_mapped"
    if any(output.name == name for output in graph.graph.output):  # the other role has the same
        return name
    weights = np.eye(len(linear_map.weights), dtype=np.float32) + linear_map.weights
    axes = np.array([1], dtype=np.int64)
    graph.graph.initializer.extend(
        [numpy_helper.from_array(weights, f"{name}_weights"), numpy_helper.from_array(axes, f"{name}_axes")]
    )
    graph.graph.node.extend(
        [
            helper.make_node("MatMul", [source, f"{name}_weights"], [f"{name}_long"]),
            helper.make_node("ReduceL2", [f"{name}_long", f"{name}_axes"], [f"{name}_length"], keepdims=1),
            helper.make_node("Div", [f"{name}_long", f"{name}_length"], [name]),
        ]
    )
    shape = ["batch", len(weights)]
    graph.graph.output.append(helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape))
    return name
