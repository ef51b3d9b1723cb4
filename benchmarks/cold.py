"""A query from a cold start beside the script that one would write with sentence-transformers and FAISS.

    python benchmarks/cold.py ../shared/data/tldr_pairs/train.pairs.jsonl /tmp/cold

Makes an index of 10,000 chunks in the folder given (kept for the next time), then runs in turn: the script,
`simsearch query`, and `simsearch index` after one row of one file changed. Each is a process of its own; wall time
and peak memory are the operating system's.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

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
    """A folder of .jsonl files, its index by simsearch, and the same vectors in a plain FAISS file."""
    import faiss
    import numpy as np

    rows = [json.loads(line) for line in pairs.read_text(encoding="utf-8").splitlines()]
    texts = list(dict.fromkeys(f"{row['anchor']} {row['positive']}" for row in rows))[:CHUNKS]
    docs = folder / "docs"
    docs.mkdir(parents=True)
    for number in range(FILES):
        lines = [json.dumps({"_id": str(i), "text": texts[i]}) for i in range(number, CHUNKS, FILES)]
        (docs / f"{number:03}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    simsearch("index", "docs", folder=folder)
    vectors = []
    for path in (folder / ".simsearch" / "segments").glob("*.faiss"):
        segment = faiss.read_index(str(path))
        vectors.append(segment.index.reconstruct_n(0, segment.ntotal))
    plain = faiss.IndexFlatIP(vectors[0].shape[1])
    plain.add(np.concatenate(vectors))
    faiss.write_index(plain, str(folder / "plain.faiss"))
    (folder / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
    (folder / "script.py").write_text(SCRIPT, encoding="utf-8")


def simsearch(*words: str, folder: Path) -> tuple[float, float]:
    return timed([sys.executable, "-m", "simsearch", *words], folder)


def timed(words: list[str], folder: Path) -> tuple[float, float]:
    """Seconds by the clock, and the peak in MB."""
    began = time.perf_counter()
    process = subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    took = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(words)} ended with {process.returncode}")
    return took, usage.ru_maxrss / 1024


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
    if not (given.folder / "script.py").is_file():
        make(given.pairs, given.folder)
    if given.make_only:
        return
    from simsearch.embedding import find_model
    from simsearch.settings import load_settings

    model = str(find_model("all-MiniLM-L6-v2", settings=load_settings(Path())))
    runs: dict[str, list[tuple[float, float]]] = {
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
        wall, peak = [took for took, _ in figures], max(size for _, size in figures)
        shares = [there[0] / here[0] for here, there in zip(figures, runs["script"], strict=True)]
        print(
            f"{name:7} {statistics.median(wall):6.3f} s ({min(wall):.3f} to {max(wall):.3f})  peak {peak:4.0f} MB  "
            f"1/{statistics.median(shares):.1f} of the script (1/{min(shares):.1f} to 1/{max(shares):.1f})"
        )


if __name__ == "__main__":
    main()
