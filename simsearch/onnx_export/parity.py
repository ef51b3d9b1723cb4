"""Parity: an exported graph is kept only if its vectors agree with those of the model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from simsearch.embedding.engine import OnnxEmbedder
from simsearch.errors import ExportRefused
from simsearch.onnx_export.hard_cases import HARD_CASES
from simsearch.types import Role, Vectors

PARITY = 0.99999

ROLES: tuple[Role, ...] = ("query", "document")


def refuse_difference(model: Any, engine: Path) -> None:
    """Compare both on hard texts: one by one in the model, together in the engine."""
    ours = OnnxEmbedder("candidate", engine)
    for role in ROLES:
        cosines = (ours.encode(HARD_CASES, role) * encode(model, HARD_CASES, role)).sum(axis=1)
        worst = int(np.argmin(cosines))
        if not cosines[worst] >= PARITY:
            raise ExportRefused(
                f"its vectors differ from those of the model: cosine {cosines[worst]:.6f} for the {role} "
                f"{HARD_CASES[worst][:20]!r}, at least {PARITY} is needed."
            )


def encode(model: Any, texts: tuple[str, ...], role: Role) -> Vectors:
    """float32 [n, d] of unit length, as sentence-transformers makes them."""
    encode_role = model.encode_query if role == "query" else model.encode_document
    vectors: Vectors = encode_role(
        list(texts), batch_size=1, normalize_embeddings=True, show_progress_bar=False
    )
    return vectors
