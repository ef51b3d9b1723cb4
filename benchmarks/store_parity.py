"""The same index in each store: nDCG@10 of documents in every mode, and whether the ten nearest chunks are the same.

    python benchmarks/store_parity.py FOLDER peps covid_faq medquad_qa nl2bash

FOLDER keeps an index for each set, which is made in the first run; PostgreSQL and Milvus get copies of it, as with
`simsearch index --copy-from local`. `peps` are 200 PEPs, chosen by the hash of their names; their titles are the
questions. `nearest` is the share of questions whose ten nearest chunks are those of the local store, in its order and
with its scores. Servers are those of benchmarks/stores.py.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.judged_sets import DATA, open_set
from benchmarks.stores import running_server
from simsearch import Workspace
from simsearch.querying.batch_ranking import BatchRanker
from simsearch.querying.evaluate import evaluate
from simsearch.querying.judged_files import Judged
from simsearch.querying.ranking import FUSED_DEPTH, Ranking
from simsearch.querying.searcher import Searcher
from simsearch.settings import load_settings
from simsearch.storage.protocols import Snapshot

STORES = {"local": "local", "postgres": "postgres:schema={set}", "milvus": "milvus:name={set}"}
PEPS = 200
Nearest = list[tuple[str, int, float]]


def open_peps(folder: Path) -> tuple[Workspace, Judged]:
    """The PEPs with their index; each title asks for its PEP."""
    workspace, files = Workspace(folder / "peps"), (DATA / "docs_tree" / "peps").glob("*.rst")
    chosen = sorted(files, key=lambda file: hashlib.sha256(file.name.encode()).digest())[:PEPS]
    copies = workspace.folder / "peps"
    copies.mkdir(parents=True, exist_ok=True)
    for file in chosen:
        shutil.copy(file, copies)
    workspace.index(copies)
    titles = {file.name: re.search(r"^Title: (.*(?:\n +.*)*)", file.read_text(), re.M) for file in chosen}
    queries = {name: " ".join(title[1].split()) for name, title in titles.items() if title}
    return workspace, Judged(queries, {name: {f"peps/{name}": 1} for name in queries})


def open_judged(name: str, folder: Path) -> tuple[Workspace, Judged]:
    """A set with its index in files."""
    if name == "peps":
        return open_peps(folder)
    given = open_set(name, folder)
    return given.workspace, Judged(given.queries, given.judged)


def measure(workspace: Workspace, judged: Judged) -> tuple[dict[str, float], list[Nearest]]:
    """nDCG@10 by mode, and the nearest chunks of each question."""
    with workspace.open_searcher(mode="hybrid") as searcher:
        rankings = BatchRanker(searcher, list(judged.queries.values()), FUSED_DEPTH).ranking
        modes: dict[str, Any] = {
            "dense": lambda text: list(rankings(text).ranks["dense"]),
            "words": lambda text: list(rankings(text).ranks["lexical"]),
            "hybrid": lambda text: list(rankings(text).scores),
        }
        found = {mode: _ndcg(searcher, judged, rank) for mode, rank in modes.items()}
        return found, [_nearest(searcher.snapshot, rankings(text)) for text in judged.queries.values()]


def _ndcg(searcher: Searcher, judged: Judged, rank: Any) -> float:
    result = evaluate(judged.queries, judged.judgements, searcher.snapshot, rank, ["nDCG@10"])
    return result.measures["nDCG@10"]


def _nearest(snapshot: Snapshot, ranking: Ranking) -> Nearest:
    chunks = list(ranking.ranks["dense"])[:10]
    places = snapshot.places(chunks)
    return [(places[chunk].id, places[chunk].start, ranking.parts["dense"][chunk]) for chunk in chunks]


def copied(workspace: Workspace, spec: str) -> Workspace:
    """The workspace on another store, which holds a copy of its index."""
    settings = load_settings(workspace.folder, {**os.environ, "SIMSEARCH_INDEX_STORE": spec})
    other = Workspace(workspace.folder, settings)
    if spec != "local":
        other.copy_index("local")
    return other


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("sets", nargs="+")
    given = parser.parse_args()
    print("| set | questions | chunks | store | dense | words | hybrid | nearest |\n|" + " --- |" * 8)
    with ExitStack() as stack, tempfile.TemporaryDirectory() as temporary:
        for store in STORES:
            os.environ |= stack.enter_context(running_server(store, Path(temporary)))
        for name in given.sets:
            workspace, judged = open_judged(name, given.folder)
            chunks, truth = workspace.status().index.chunks, []  # type: ignore[union-attr]
            for store, spec in STORES.items():
                found, nearest = measure(copied(workspace, spec.format(set=name)), judged)
                truth = truth or nearest
                same = sum(one == other for one, other in zip(truth, nearest, strict=True)) / len(truth)
                cells = [
                    name,
                    len(truth),
                    chunks,
                    store,
                    *(f"{value:.4f}" for value in found.values()),
                    f"{same:.3f}",
                ]
                print("|", " | ".join(map(str, cells)), "|", flush=True)


if __name__ == "__main__":
    main()
