"""The graph of a model run by OpenVINO, in half precision where the processor has it in hardware.

Processors with AVX512-BF16 or AMX multiply bfloat16 twice as fast as float32, or faster; onnxruntime doesn't use that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import numpy as np

from simsearch.errors import ModelError

HALF = {"bf16": "bfloat16", "f16": "float16"}
"""The half precisions by OpenVINO's names."""


class OpenVinoSession:
    """Runs a graph as onnxruntime's session does, from several threads at once.

    Args:
        graph: The .onnx file.
        threads: Calls that run at the same time, each in one thread.

    Attributes:
        precision: What OpenVINO computes in on this processor, by its own choice: "f32", "bf16" or "f16".

    Raises:
        ModelError: OpenVINO can't run the graph.
    """

    def __init__(self, graph: Path, threads: int) -> None:
        import openvino

        # Without pinning, because another process, such as a second worker, would get the same cores.
        settings = {"INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": threads, "ENABLE_CPU_PINNING": False}
        try:
            compiled: Any = openvino.Core().compile_model(str(graph), "CPU", settings)
        except RuntimeError as error:  # the only exception that it has
            reason = str(error).strip().splitlines()[-1].rstrip(".")
            raise ModelError(f"OpenVINO can't run {graph}: {reason}.") from error
        self.precision = str(compiled.get_property("INFERENCE_PRECISION_HINT").get_type_name())
        self._free: SimpleQueue[Any] = SimpleQueue()
        for _ in range(threads):
            self._free.put(compiled.create_infer_request())
        # OpenVINO's binding initialises itself at the first call. Two threads that make it at once wait for each other
        # forever: one has the binding's lock and waits for Python's, the other the reverse.
        outputs = [tensor.get_any_name() for tensor in compiled.outputs]
        self.run(outputs, {tensor.get_any_name(): np.ones((1, 1), np.int64) for tensor in compiled.inputs})

    def run(self, outputs: Sequence[str], feeds: Mapping[str, Any]) -> list[Any]:
        """The arrays of the named outputs."""
        request = self._free.get()
        try:
            request.infer(feeds)
            return [request.get_tensor(name).data.copy() for name in outputs]
        finally:
            self._free.put(request)
