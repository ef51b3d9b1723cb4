"""Inference engines on the exported graph of a model: CPU time per token, parity, cold start and memory.

    python benchmarks/engines.py FILE --rounds 4

FILE has texts in its lines (a .jsonl corpus: its `text`). Each engine embeds the same batches of 512 tokens in turn,
with one thread. CPU time is measured, since another process on the machine would be in the wall time; and the start of
each engine in a process of its own. OpenVINO is measured in float32 and in the precision that it takes by itself,
which is bfloat16 where the processor has it in hardware.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

PROJECT = Path(__file__).parent.parent
sys.path.insert(0, str(PROJECT))
MODEL = "all-MiniLM-L6-v2"
Run = Callable[[Any, Any], Any]


def graph() -> Path:
    """The folder of the model's exported graph, which is made if there is none."""
    from simsearch import Workspace

    embedder: Any = Workspace(PROJECT).models.load(MODEL)
    return Path(embedder.folder)


def onnxruntime_engine(folder: Path, optimise: bool = False) -> Run:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    levels = onnxruntime.GraphOptimizationLevel
    options.graph_optimization_level = levels.ORT_ENABLE_ALL if optimise else levels.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(
        str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
    )
    return lambda ids, mask: session.run(None, {"input_ids": ids, "attention_mask": mask})[0]


def openvino_engine(folder: Path, **more: str) -> Run:
    """With the settings of OpenVINO in `more`."""
    import openvino

    settings = {"INFERENCE_NUM_THREADS": 1, "PERFORMANCE_HINT": "LATENCY", **more}
    model = openvino.Core().compile_model(str(folder / "model.onnx"), "CPU", settings)
    request = model.create_infer_request()
    return lambda ids, mask: request.infer({"input_ids": ids, "attention_mask": mask})[model.output(0)].copy()


ENGINES: dict[str, Callable[[Path], Run]] = {
    "onnxruntime": onnxruntime_engine,
    "onnxruntime, optimised at start": lambda folder: onnxruntime_engine(folder, True),
    "openvino in float32": lambda folder: openvino_engine(folder, INFERENCE_PRECISION_HINT="f32"),
    "openvino": openvino_engine,
}


def batches(folder: Path, file: Path, count: int) -> list[tuple[Any, Any]]:
    from simsearch.embedding.engine import batches as plan
    from simsearch.embedding.tokens import Tokenizer

    lines = file.read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] if file.suffix == ".jsonl" else line for line in lines[: 40 * count]]
    rows = Tokenizer(folder / "tokenizer.json", 256).rows([text for text in texts if text.strip()]).rows
    made = []
    for batch in list(plan([len(row) for row in rows]))[:: max(1, len(rows) // (12 * count))][:count]:
        width = max(len(rows[i]) for i in batch)
        ids, mask = np.zeros((len(batch), width), np.int64), np.zeros((len(batch), width), np.int64)
        for place, i in enumerate(batch):
            ids[place, : len(rows[i])], mask[place, : len(rows[i])] = rows[i], 1
        made.append((ids, mask))
    return made


def start(name: str, folder: Path) -> None:
    """In a process of its own: the CPU seconds until the first short text is embedded, and the peak of memory."""
    began = time.process_time()
    run = ENGINES[name](folder)
    run(np.full((1, 12), 2000, np.int64), np.ones((1, 12), np.int64))
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1000
    print(f"{time.process_time() - began:.2f} s CPU, {peak:.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--batches", type=int, default=40)
    parser.add_argument("--folder", type=Path, help="Folder with model.onnx and tokenizer.json")
    parser.add_argument("--start", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    folder = asked.folder or graph()
    if asked.start:
        start(asked.start, folder)
        return
    work = batches(folder, asked.file, asked.batches)
    tokens = sum(int(mask.sum()) for _, mask in work)
    runs = {name: make(folder) for name, make in ENGINES.items()}
    taken: dict[str, list[float]] = {name: [] for name in runs}
    vectors: dict[str, Any] = {}
    for _ in range(asked.rounds):
        for name, run in runs.items():
            began = time.process_time()
            found = [run(*batch) for batch in work]
            taken[name].append(time.process_time() - began)
            vectors[name] = np.concatenate(found)
    first, *_ = taken
    for name, times in taken.items():
        ratios = [mine / other for mine, other in zip(taken[first], times, strict=True)]
        cosine = float((vectors[name] * vectors[first]).sum(axis=1).min())
        speed = f"{tokens / statistics.median(times):.0f} tokens per CPU second"
        print(
            f"{name}: {speed}, {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}) times the first"
        )
        print(f"  lowest cosine with the first: {cosine:.6f}")
        words = [sys.executable, __file__, str(asked.file), "--folder", str(folder), "--start", name]
        print(
            f"  start: {subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()}",
            flush=True,
        )


if __name__ == "__main__":
    main()
