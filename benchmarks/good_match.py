"""Where a good match begins: the cosine of the nearest chunk for random-word queries of an index, for its own
questions, and for the questions of the other sets, which it can't answer.

    python benchmarks/good_match.py FOLDER python_faq covid_faq medquad_qa banking77 pgdocs_index

FOLDER keeps one index for each set, as in benchmarks/fusion.py. At most a hundred questions of each set are used,
evenly spread; of pgdocs_index only those in natural language.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.judged_sets import JudgedSet, open_set
from simsearch.querying.calibration import read_calibration
from simsearch.querying.query_syntax import plain_words
from simsearch.storage.protocols import Snapshot
from simsearch.types import Vectors

MOST = 100
NATURAL = "concept"


def questions_of(given: JudgedSet) -> list[str]:
    natural = next((ids for kind, ids in given.kinds.items() if kind.endswith(NATURAL)), list(given.queries))
    return [plain_words(given.queries[query]) for query in natural[:: -(-len(natural) // MOST)]]


def nearest(snapshot: Snapshot, vectors: Vectors) -> NDArray[np.float64]:
    """The cosine of each question's nearest chunk, float64 [q]."""
    return np.array([match.scores[0] for match in snapshot.search(vectors, 1)], np.float64)


def row(given: JudgedSet, own: Vectors, others: Vectors) -> str:
    """Where a good match begins, and the share on its wrong sides."""
    with closing(given.workspace.store.read()) as snapshot:
        calibration = read_calibration(given.workspace.home, snapshot)
        assert calibration is not None, "`simsearch index` measures it"
        begin, mine, theirs = calibration.cosine, nearest(snapshot, own), nearest(snapshot, others)
    cells = (begin, np.quantile(mine, 0.05), np.quantile(theirs, 0.95))
    wrong = (np.mean(mine < begin), np.mean(theirs >= begin))
    return " | ".join([*(f"{cell:.3f}" for cell in cells), *(f"{share:.0%}" for share in wrong)])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("sets", nargs="+")
    given = parser.parse_args()
    sets = {name: open_set(name, given.folder) for name in given.sets}
    with next(iter(sets.values())).workspace.open_searcher() as searcher:
        vectors = {name: searcher.embedder.encode(questions_of(one), "query") for name, one in sets.items()}
    print(
        "| set | a good match begins at | own questions, lowest 5 % | other sets' questions, highest 5 % "
        "| own below it | others above it |\n| --- | --- | --- | --- | --- | --- |"
    )
    for name, one in sets.items():
        others = np.concatenate([vectors[other] for other in sets if other != name])
        print(f"| {name} | {row(one, vectors[name], others)} |", flush=True)


if __name__ == "__main__":
    main()
