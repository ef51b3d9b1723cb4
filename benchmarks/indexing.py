"""Indexing pages of a manual: simsearch next to a script with sentence-transformers and FAISS, txtai, and llm.

    python benchmarks/indexing.py DATA/docs_tree/postgresql --pages 311 --rounds 2 --txtai PYTHON --llm PYTHON

The ways take turns, each in a process of its own. simsearch reads and cuts the pages; the others get the texts of its
chunks, because they don't cut, so they embed the same texts and have less to do. PYTHON is that of an environment with
`txtai`, or with `llm` and `llm-sentence-transformers`. --pages takes every nth page, always the same ones.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import closing
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.soon import run_whole, sample

MODEL = "all-MiniLM-L6-v2"


def index_by_script(model: str, texts: list[str], folder: Path) -> None:
    import faiss
    from sentence_transformers import SentenceTransformer

    vectors = SentenceTransformer(model, device="cpu").encode(texts, normalize_embeddings=True)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    faiss.write_index(index, str(folder / "index.faiss"))
    (folder / "texts.json").write_text(json.dumps(texts), encoding="utf-8")


def index_by_txtai(model: str, texts: list[str], folder: Path) -> None:
    from txtai import Embeddings

    embeddings = Embeddings({"path": model, "content": True, "hybrid": True, "gpu": False})
    embeddings.index((row, text, None) for row, text in enumerate(texts))
    embeddings.save(str(folder / "index"))


def index_by_llm(model: str, texts: list[str], folder: Path) -> None:
    import llm
    import sqlite_utils
    from llm_sentence_transformers import SentenceTransformerModel

    database = sqlite_utils.Database(str(folder / "embeddings.db"))
    embedder = SentenceTransformerModel("local", model, False)
    llm.Collection("pages", database, model=embedder).embed_multi(
        ((str(row), text) for row, text in enumerate(texts)), store=True
    )


WAYS: dict[str, Any] = {"script": index_by_script, "txtai": index_by_txtai, "llm": index_by_llm}


def time_command(command: list[str]) -> float:
    began = time.perf_counter()
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "HF_HUB_OFFLINE": "1"}
    )
    assert done.returncode == 0, done.stderr
    return time.perf_counter() - began


def texts_of(workspace: Path) -> list[str]:
    """What `index` embedded, each text once."""
    from simsearch import Workspace

    with closing(Workspace(workspace).store.read()) as snapshot:
        cut = [one for path in snapshot.files() for one in snapshot.chunked(path)]
    return sorted({chunk.embedded(one.document) for one in cut for chunk in one.chunks})


def compare(folder: Path, pages: int, rounds: int, pythons: dict[str, str]) -> None:
    from simsearch.embedding import Places, find_model
    from simsearch.settings import load_settings

    model = str(find_model(MODEL, Places.of(load_settings(Path.cwd()))))
    seconds: dict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as temporary:
        documents, workspace, texts = (
            Path(temporary) / name for name in ("pages", "workspace", "texts.json")
        )
        sample(folder, pages, documents)
        for _ in range(rounds):
            seconds["simsearch"].append(run_whole(Path(sys.executable), workspace, documents))
            if not texts.exists():
                texts.write_text(json.dumps(texts_of(workspace)), encoding="utf-8")
                print(
                    f"{pages} pages, {len(json.loads(texts.read_text(encoding='utf-8')))} texts", flush=True
                )
            for way, python in pythons.items():
                with tempfile.TemporaryDirectory(dir=temporary) as target:
                    command = [python, __file__, "--way", way, model, str(texts), target]
                    seconds[way].append(time_command(command))
            print({way: [round(one, 1) for one in taken] for way, taken in seconds.items()}, flush=True)
    print("| way | seconds, median | times simsearch |\n| --- | --- | --- |")
    for way, taken in seconds.items():
        ratios = [a / b for a, b in zip(taken, seconds["simsearch"], strict=True)]
        print(f"| {way} | {statistics.median(taken):.1f} | {statistics.median(ratios):.2f} |")


def main() -> None:
    if sys.argv[1] == "--way":
        way, model, texts, folder = sys.argv[2:]
        WAYS[way](model, json.loads(Path(texts).read_text(encoding="utf-8")), Path(folder))
        return
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=311)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--txtai", default="")
    parser.add_argument("--llm", default="")
    given = parser.parse_args()
    pythons = {"script": sys.executable, "txtai": given.txtai, "llm": given.llm}
    compare(
        given.folder, given.pages, given.rounds, {way: python for way, python in pythons.items() if python}
    )


if __name__ == "__main__":
    main()
