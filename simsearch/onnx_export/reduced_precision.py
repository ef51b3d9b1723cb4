"""A model's graph in fewer bits, made from the full one: no torch, no data.

fp16 keeps weights in half the bytes and computes as before. int8 keeps the weights of matrix products in a
quarter (symmetric blocks of 128) and multiplies in int8, with a scale for each row and block: what else is in a
batch moves a vector by no more than rounding does, which in int8 is seen in the third decimal (cosine above
0.999; in full and in fp16, 1e-5). One scale for a whole batch, as onnxruntime's dynamic quantisation has it, is
faster and ten times coarser. Tables of embeddings are kept in half the bytes by both.
"""

from __future__ import annotations

import logging
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

from simsearch.embedding.engine import GRAPH, TOKENIZER, Facts, OnnxEmbedder
from simsearch.embedding.precision import Precision
from simsearch.errors import ExportRefused
from simsearch.onnx_export.hard_cases import HARD_CASES
from simsearch.onnx_export.replacing import replace_folder

ALIKE = 0.98
"""A graph whose vectors lie farther from the model's than this is broken, not merely coarse; what the loss
means for a search, `models compare` measures."""

BLOCK = 128
LARGE = 4096
HALF, FULL = onnx.TensorProto.FLOAT16, onnx.TensorProto.FLOAT


def reduce(engine: Path, target: Path, fingerprint: str, precision: Precision) -> None:
    """Write the engine's folder anew in a precision, all or nothing.

    Args:
        engine: A folder of model.onnx, tokenizer.json and embedder.json.
        target: Made anew; its parent too.
        fingerprint: Of the model in this precision.

    Raises:
        ExportRefused: Its vectors are far from those of the full graph.
    """
    with replace_folder(target, fingerprint) as making:
        graph = onnx.load(str(engine / GRAPH))
        halve_tables(graph)
        (quantise if precision == "int8" else halve_weights)(graph)
        onnx.save(graph, str(making / GRAPH))
        shutil.copyfile(engine / TOKENIZER, making / TOKENIZER)
        replace(Facts.read(engine), fingerprint=fingerprint, precision=precision).write(making)
        refuse_far(engine, making)


def halve_tables(graph: Any) -> None:
    """Look rows up in half precision, and widen those that were found."""
    for node in [node for node in graph.graph.node if node.op_type == "Gather"]:
        if weight := _weight(graph, node.input[0]):
            _halve(weight)
            found, node.output[0] = node.output[0], f"{node.output[0]}_half"
            _insert(graph, node, helper.make_node("Cast", [node.output[0]], [found], to=FULL))


def halve_weights(graph: Any) -> None:
    """Keep other weights in half precision; the engine widens them as it loads."""
    for weight in list(graph.graph.initializer):
        if _large(weight):
            _halve(weight)
            full, weight.name = weight.name, f"{weight.name}_half"
            graph.graph.node.insert(0, helper.make_node("Cast", [weight.name], [full], to=FULL))


def quantise(graph: Any) -> None:
    """Weights of matrix products to 8 bits."""
    from onnxruntime.quantization import matmul_nbits_quantizer as library

    logging.getLogger(library.__name__).setLevel(logging.ERROR)
    manner = library.DefaultWeightOnlyQuantConfig(
        block_size=BLOCK, is_symmetric=True, accuracy_level=4, bits=8
    )
    quantiser = library.MatMulNBitsQuantizer(graph, algo_config=manner)
    quantiser.process()
    graph.CopyFrom(quantiser.model.model)


def refuse_far(engine: Path, reduced: Path) -> None:
    full, ours = (OnnxEmbedder("candidate", folder).encode(HARD_CASES) for folder in (engine, reduced))
    cosines = (full * ours).sum(axis=1)
    if not cosines.min() >= ALIKE:
        raise ExportRefused(f"in fewer bits its vectors are no longer its own: cosine {cosines.min():.3f}.")


def _weight(graph: Any, name: str) -> Any | None:
    return next((w for w in graph.graph.initializer if w.name == name and _large(w)), None)


def _large(weight: Any) -> bool:
    return bool(weight.data_type == FULL and len(weight.dims) > 1 and np.prod(weight.dims) >= LARGE)


def _halve(weight: Any) -> None:
    half = numpy_helper.to_array(weight).astype(np.float16)
    weight.CopyFrom(numpy_helper.from_array(half, weight.name))


def _insert(graph: Any, after: Any, node: Any) -> None:
    place = next(i for i, other in enumerate(graph.graph.node) if other is after or other == after)
    graph.graph.node.insert(place + 1, node)
