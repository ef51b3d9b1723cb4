"""A graph at a lower precision, derived from the full one, without torch and without data.

fp16 stores weights in 16 bits and computes as before. int8 stores the weights of matrix products in 8 bits (symmetric
blocks of 128) and multiplies in int8, with a scale for each row and block. So the other texts of a batch change a
vector by no more than rounding does: in int8 in the third decimal (cosine above 0.999), in full precision and fp16 by
1e-5. One scale for a whole batch, as in onnxruntime's dynamic quantisation, is faster and ten times coarser. Both store
tables of embeddings in 16 bits.
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
"""A graph whose vectors are farther than this from those of the model is broken, not merely coarse. `models compare`
measures what the difference means for a search."""

BLOCK = 128
LARGE = 4096
FULL = onnx.TensorProto.FLOAT


def reduce(engine: Path, target: Path, fingerprint: str, precision: Precision) -> None:
    """Write an engine folder at a precision, all or nothing.

    Args:
        engine: A folder of model.onnx, tokenizer.json and embedder.json.
        target: The folder to create or replace; its parent is created too.
        fingerprint: The fingerprint of the model at this precision.

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
    """Store tables of embeddings in half precision, and widen the rows that are looked up."""
    for node in [node for node in graph.graph.node if node.op_type == "Gather"]:
        if weight := _weight(graph, node.input[0]):
            _halve(weight)
            found, node.output[0] = node.output[0], f"{node.output[0]}_half"
            _insert(graph, node, helper.make_node("Cast", [node.output[0]], [found], to=FULL))


def halve_weights(graph: Any) -> None:
    """Store the other weights in half precision; the engine widens them when it loads."""
    for weight in list(graph.graph.initializer):
        if _large(weight):
            _halve(weight)
            full, weight.name = weight.name, f"{weight.name}_half"
            graph.graph.node.insert(0, helper.make_node("Cast", [weight.name], [full], to=FULL))


def quantise(graph: Any) -> None:
    """Store the weights of matrix products in 8 bits."""
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
        raise ExportRefused(
            f"at this precision its vectors differ from those of the full model: cosine {cosines.min():.3f}."
        )


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
