"""How good hybrid answers are while vectors are missing: nDCG@10 by the share of chunks that have one.

    python benchmarks/coverage.py FOLDER python_faq covid_faq medquad_qa pgdocs_index

FOLDER keeps one index for each set, built in the first run. For each share, the same documents are put into a store of
their own, with the vectors of a random part of the chunks. `words` is keyword search alone, in the same store.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np

PROJECT = Path(__file__).parent.parent
sys.path.insert(0, str(PROJECT))
SHARES = (0.0, 0.1, 0.5, 0.9, 1.0)
DEPTH = 100
MOST_QUESTIONS = 300


def measured(name: str, folder: Path) -> Iterator[tuple[float, float, float]]:
    """Share, nDCG@10 of hybrid, nDCG@10 of words."""
    from benchmarks.judged_sets import open_set
    from simsearch.querying.batch_ranking import BatchRanker
    from simsearch.querying.evaluate import evaluate
    from simsearch.storage import open_store

    given = open_set(name, folder)
    random = np.random.default_rng(0)
    chosen = random.permutation(sorted(given.queries))[:MOST_QUESTIONS].tolist()
    queries = {query: given.queries[query] for query in chosen}
    with given.workspace.open_searcher(mode="hybrid") as searcher:
        whole = searcher.snapshot
        files = [(record, whole.chunked(path)) for path, record in whole.files().items()]  # type: ignore[attr-defined]
        keys = sorted({key for _, documents in files for document in documents for key in document.keys})
        vectors = whole.vectors(keys)  # type: ignore[attr-defined]
        order = random.permutation(len(keys))
        for share in SHARES:
            some = order[: round(share * len(keys))]
            with tempfile.TemporaryDirectory() as temporary:
                store = open_store(Path(temporary))
                with store.write(whole.identity) as writer:
                    writer.put_vectors([keys[row] for row in some], vectors[some])
                    for record, documents in files:
                        writer.put_file(record, documents)
                    writer.finish()
                with closing(store.read()) as snapshot:
                    values = []
                    for by in (searcher, searcher.with_mode("lexical")):
                        by.snapshot = snapshot
                        ranker = BatchRanker(by, list(queries.values()), DEPTH)
                        found = evaluate(queries, given.judged, snapshot, ranker.rank, ["nDCG@10"])
                        values.append(found.measures["nDCG@10"])
            yield share, values[0], values[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("sets", nargs="+")
    asked = parser.parse_args()
    for name in asked.sets:
        print(name)
        for share, hybrid, words in measured(name, asked.folder):
            print(f"  {share:4.0%}  hybrid {hybrid:.4f}  words {words:.4f}", flush=True)


if __name__ == "__main__":
    main()
