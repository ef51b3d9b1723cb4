"""The servers that benchmarks/serving.py compares with, each in a process of its own.

    python benchmarks/serving_peers.py txtai|faiss WORKSPACE PORT

The vectors of the chunks are known; questions are embedded by sentence-transformers, as in the peer's own use.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import uvicorn

sys.path.insert(0, str(Path(__file__).parent.parent))

MODEL = "all-MiniLM-L6-v2"
_known: dict[str, Any] = {}


def load_model() -> Any:
    """The model from this machine, as sentence-transformers runs it."""
    from sentence_transformers import SentenceTransformer

    from simsearch.embedding import Places, find_model
    from simsearch.settings import load_settings

    return SentenceTransformer(str(find_model(MODEL, Places.of(load_settings(Path.cwd())))), device="cpu")


def read_chunks(workspace: Path) -> tuple[list[str], Any]:
    texts = json.loads((workspace / "texts.json").read_text(encoding="utf-8"))
    return texts, np.load(workspace / "vectors.npy")


def embed(texts: list[str]) -> Any:
    """For txtai: the vector of a chunk is looked up, that of a question computed."""
    if all(text in _known for text in texts):
        return np.stack([_known[text] for text in texts])
    return _known["model"].encode(texts, normalize_embeddings=True)


def serve_txtai(workspace: Path, port: int) -> None:
    """txtai's own API over an index with its defaults for hybrid search."""
    import os

    os.environ["ALLOW_RESOLVE_TRANSFORM"] = "True"  # txtai loads the function `embed` of this file
    from txtai import Embeddings

    texts, vectors = read_chunks(workspace)
    _known.update(zip(texts, vectors, strict=True))
    _known["model"] = load_model()
    sys.modules["serving_peers"] = sys.modules["__main__"]
    index = workspace / "txtai-index"
    if not index.exists():
        embeddings = Embeddings(
            {"method": "external", "transform": "serving_peers.embed", "content": True, "hybrid": True}
        )
        embeddings.index((row, text, None) for row, text in enumerate(texts))
        embeddings.save(str(index))
    config = workspace / "txtai.yml"
    config.write_text(f"path: {index}\nembeddings:\n  method: external\n  transform: serving_peers.embed\n")
    os.environ["CONFIG"] = str(config)
    from txtai.api import application

    uvicorn.run(application.app, port=port, log_level="warning")


def serve_faiss(workspace: Path, port: int) -> None:
    """What people write first: FastAPI, sentence-transformers and an exact FAISS index."""
    import faiss
    from fastapi import FastAPI

    texts, vectors = read_chunks(workspace)
    model, index = load_model(), faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    application = FastAPI()

    @application.get("/search")
    def search(query: str, limit: int = 10) -> list[dict[str, Any]]:
        scores, rows = index.search(model.encode([query], normalize_embeddings=True), limit)
        return [
            {"text": texts[row], "score": float(score)} for row, score in zip(rows[0], scores[0], strict=True)
        ]

    uvicorn.run(application, port=port, log_level="warning")


if __name__ == "__main__":
    kind, folder, number = sys.argv[1:]
    {"txtai": serve_txtai, "faiss": serve_faiss}[kind](Path(folder), int(number))
