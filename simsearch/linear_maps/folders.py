"""A map in a sentence-transformers folder: the model's own files, and the map as its last module.

A map on both sides is a Dense module; one on the questions alone is a Router whose `query` route has it.
sentence-transformers reads both; writing them needs no torch.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from simsearch.files import write_atomically
from simsearch.linear_maps.facts import FACTS, map_facts
from simsearch.linear_maps.linear_map import LinearMap

MODULES = "modules.json"
WEIGHTS = "model.safetensors"
DENSE, ROUTER, NORMALIZE = (
    f"sentence_transformers.models.{name}" for name in ("Dense", "Router", "Normalize")
)
OWN = ("onnx", "openvino", "scratch", "run.json", "trained.json", "report.html", "README.md")


def save_mapped_model(source: Path, target: Path, linear_map: LinearMap, base: str) -> None:
    """Write a model with a map behind it.

    Args:
        source: The model in sentence-transformers' layout.
        target: Must not exist.
        base: The fingerprint of `source`.
    """
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(*OWN, ".*"), symlinks=False)
    modules: list[dict[str, Any]] = json.loads((source / MODULES).read_text(encoding="utf-8"))
    number = len(modules)
    if linear_map.questions_only:
        dense = f"{number}_Router/query_0_Dense"
        module = {"type": ROUTER, "path": f"{number}_Router", "kwargs": ["task"]}
        _write_router(target / f"{number}_Router")
    else:
        dense = f"{number}_Dense"
        module = {"type": DENSE, "path": dense}
    _write_dense(target / dense, linear_map)
    normalize = f"{number + 1}_Normalize"
    (target / normalize).mkdir()
    modules += [
        {"idx": number, "name": str(number), **module},
        {"idx": number + 1, "name": str(number + 1), "path": normalize, "type": NORMALIZE},
    ]
    _write_json(target / MODULES, modules)
    _write_json(target / FACTS, {"base": base, "questions_only": linear_map.questions_only, "dense": dense})


def read_map(folder: Path) -> tuple[str, LinearMap] | None:
    """The fingerprint of the model without the map, and the map; None if the model has none."""
    from safetensors.numpy import load_file

    facts = map_facts(folder)
    if facts is None:
        return None
    linear = load_file(folder / facts.dense / WEIGHTS)["linear.weight"]
    weights = np.ascontiguousarray(linear.T) - np.eye(len(linear), dtype=np.float32)
    return facts.base, LinearMap(weights.astype(np.float32), facts.questions_only)


def _write_dense(folder: Path, linear_map: LinearMap) -> None:
    from safetensors.numpy import save_file

    size = len(linear_map.weights)
    folder.mkdir(parents=True, exist_ok=True)
    linear = np.ascontiguousarray((np.eye(size, dtype=np.float32) + linear_map.weights).T, dtype=np.float32)
    save_file({"linear.weight": linear}, folder / WEIGHTS)
    config = {
        "in_features": size,
        "out_features": size,
        "bias": False,
        "activation_function": "torch.nn.modules.linear.Identity",
    }
    _write_json(folder / "config.json", config)


def _write_router(folder: Path) -> None:
    """A route for questions through the map, and one for documents that only normalises, which changes nothing."""
    (folder / "document_0_Normalize").mkdir(parents=True)
    _write_json(
        folder / "router_config.json",
        {
            "types": {"query_0_Dense": DENSE, "document_0_Normalize": NORMALIZE},
            "structure": {"query": ["query_0_Dense"], "document": ["document_0_Normalize"]},
            "parameters": {"default_route": "document", "allow_empty_key": True},
        },
    )


def _write_json(path: Path, value: Mapping[str, Any] | list[dict[str, Any]]) -> None:
    write_atomically(path, json.dumps(value, indent=2).encode())
