"""Compares a query from a cold start with a script that one would write with sentence-transformers and FAISS.

    python benchmarks/cold.py ../shared/data/tldr_pairs/train.pairs.jsonl /tmp/cold

Builds an index of 10,000 chunks in the given folder (kept for the next run), then runs in turn: the script,
`simsearch query`, and `simsearch index` after one row of one file has changed. Each is a process of its own. Wall time,
CPU time (which a busy machine affects less) and peak memory are those of the operating system.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

MODEL = "all-MiniLM-L6-v2"
Figures = tuple[float, float, float]
CHUNKS, FILES = 10_000, 100
QUESTION = "show the last lines of a file as it grows"
SCRIPT = """
import json, sys
import faiss
from sentence_transformers import SentenceTransformer

folder, model, question = sys.argv[1:]
index = faiss.read_index(f"{folder}/plain.faiss")
texts = json.load(open(f"{folder}/texts.json", encoding="utf-8"))
vector = SentenceTransformer(model, device="cpu").encode([question], normalize_embeddings=True)
scores, rows = index.search(vector, 10)
for score, row in zip(scores[0], rows[0]):
    print(f"{score:.3f}  {texts[row]}")
"""


def make(pairs: Path, folder: Path) -> None:
    """A folder of .jsonl files, its index by simsearch, and as many vectors in a plain FAISS file."""
    import faiss
    import numpy as np

    rows = [json.loads(line) for line in pairs.read_text(encoding="utf-8").splitlines()]
    texts = list(dict.fromkeys(f"{row['anchor']} {row['positive']}" for row in rows))[:CHUNKS]
    docs = folder / "docs"
    docs.mkdir(parents=True)
    for number in range(FILES):
        lines = [json.dumps({"_id": str(i), "text": texts[i]}) for i in range(number, CHUNKS, FILES)]
        (docs / f"{number:03}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    # A busy machine must not make an exact index of this size an approximate one.
    (folder / "simsearch.toml").write_text("[index]\nlatency = 1000.0\n", encoding="utf-8")
    index_with_any_vectors(folder)
    vectors = np.random.default_rng(0).standard_normal((len(texts), 384), dtype=np.float32)
    plain = faiss.IndexFlatIP(384)
    plain.add(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
    faiss.write_index(plain, str(folder / "plain.faiss"))
    (folder / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
    (folder / "script.py").write_text(SCRIPT, encoding="utf-8")


def index_with_any_vectors(folder: Path) -> None:
    """As `simsearch index`, with vectors by chance: how long a search takes doesn't hang on what they say, and ten
    thousand passages needn't be embedded."""
    import numpy as np

    from simsearch import Workspace
    from simsearch.embedding import load_embedder
    from simsearch.models import Models

    embedder: Any = load_embedder(MODEL)
    random = np.random.default_rng(0)

    def encode(texts: list[str], role: str = "document") -> Any:
        vectors = random.standard_normal((len(texts), embedder.dimension), dtype=np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    embedder.encode = encode
    Models.load = lambda self, *_, **__: embedder  # type: ignore[method-assign]
    Workspace(folder).index(folder / "docs")


def simsearch(*words: str, folder: Path) -> Figures:
    return timed([sys.executable, "-m", "simsearch", *words], folder)


def timed(words: list[str], folder: Path) -> Figures:
    """Seconds by the clock, seconds of the processor, and the peak in MB."""
    began = time.perf_counter()
    process = subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    took = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(words)} ended with {process.returncode}")
    return took, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def change(folder: Path, number: int) -> None:
    path = folder / "docs" / f"{number % FILES:03}.jsonl"
    first, rest = path.read_text(encoding="utf-8").split("\n", 1)
    row = json.loads(first)
    row["text"] = f"{row['text'].partition(' changed')[0]} changed {time.time_ns()}"
    path.write_text(f"{json.dumps(row)}\n{rest}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pairs", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--make-only", action="store_true")
    given = parser.parse_args()
    if given.make_only:
        make(given.pairs, given.folder)
        return
    if not (given.folder / "script.py").is_file():
        # In a process of its own: a child's peak counts what its parent held when it was started.
        subprocess.run(
            [sys.executable, __file__, str(given.pairs), str(given.folder), "--make-only"], check=True
        )
    from simsearch.embedding import Places, find_model
    from simsearch.settings import load_settings

    model = str(find_model(MODEL, Places.of(load_settings(Path()))))
    runs: dict[str, list[Figures]] = {
        "script": [],
        "query": [],
        "index": [],
        "help": [],
        "pass": [],
    }
    for number in range(-1, given.rounds):
        change(given.folder, number + 1)
        found = {
            "script": timed([sys.executable, "script.py", ".", model, QUESTION], given.folder),
            "query": simsearch("query", QUESTION, folder=given.folder),
            "index": simsearch("index", "docs", folder=given.folder),
            "help": simsearch("--help", folder=given.folder),
            "pass": timed([sys.executable, "-c", "pass"], given.folder),
        }
        if number >= 0:  # the first round warms the disk's cache
            for name, figures in found.items():
                runs[name].append(figures)
    for name, figures in runs.items():
        print(f"{name:7} peak {max(peak for _, _, peak in figures):4.0f} MB")
        for kind, place in (("wall", 0), ("cpu", 1)):
            times = [one[place] for one in figures]
            shares = [there[place] / one[place] for one, there in zip(figures, runs["script"], strict=True)]
            print(
                f"  {kind:5} {statistics.median(times):6.3f} s ({min(times):.3f} to {max(times):.3f})  "
                f"1/{statistics.median(shares):.1f} of the script (1/{min(shares):.1f} to 1/{max(shares):.1f})"
            )


if __name__ == "__main__":
    main()
