"""One graph with pooling and normalisation in it, kept only if it agrees with the model."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from simsearch.embedding.engine import OnnxEmbedder
from simsearch.errors import ExportRefused

PARITY = 0.99999
HARD_CASES = (
    "", "a", "How do I undo the last commit?", "naïve café — “quotes”", "😀 emoji 👩‍👩‍👧", "中文 文本 測試",
    "tab\tnew\nline\x07bell", "find . -name '*.py' | xargs grep -n TODO", "word " * 2000, "x" * 5000,
)  # fmt: skip


class Graph(torch.nn.Module):
    """Token ids in, unit vectors out."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        features = self.model({"input_ids": input_ids, "attention_mask": attention_mask})
        return torch.nn.functional.normalize(features["sentence_embedding"], dim=1)


def export(folder: Path, target: Path, fingerprint: str) -> None:
    """Write model.onnx, tokenizer.json and embedder.json into `target`, all or nothing.

    Raises:
        ExportRefused: The graph's vectors differ from the model's on a hard case.
    """
    model = SentenceTransformer(
        str(folder), device="cpu", local_files_only=True, trust_remote_code=False
    ).eval()
    target.parent.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(dir=target.parent, prefix=".exporting-"))
    try:
        write_graph(model, making / "model.onnx")
        shutil.copyfile(folder / "tokenizer.json", making / "tokenizer.json")
        facts = {
            "fingerprint": fingerprint,
            "dimension": model.get_embedding_dimension(),
            "max_length": int(model.max_seq_length),
            "prompts": {role: model.prompts.get(role) or "" for role in ("query", "document")},
        }
        (making / "embedder.json").write_text(json.dumps(facts, indent=2), encoding="utf-8")
        refuse_difference(model, making)
        if target.exists():
            shutil.rmtree(target)
        making.rename(target)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def write_graph(model: Any, path: Path) -> None:
    features = model.preprocess(["two texts of", "different length, both short"])
    names = ["input_ids", "attention_mask"]
    axes = {name: {0: "batch", 1: "length"} for name in names}
    with torch.inference_mode():
        torch.onnx.export(
            Graph(model),
            tuple(features[name] for name in names),
            str(path),
            dynamo=False,
            input_names=names,
            output_names=["embedding"],
            dynamic_axes={**axes, "embedding": {0: "batch"}},
            opset_version=18,
        )


def refuse_difference(model: Any, engine: Path) -> None:
    """Compare both on texts that tokenizers find hard."""
    ours = OnnxEmbedder("candidate", engine).encode(HARD_CASES)
    theirs = model.encode_document(list(HARD_CASES), normalize_embeddings=True, show_progress_bar=False)
    worst = float(np.min((ours * theirs).sum(axis=1)))
    if not worst >= PARITY:
        raise ExportRefused(
            f"its vectors differ from the model's: cosine {worst:.6f} at worst, {PARITY} needed."
        )
