"""The judged sets of ../shared/data, each with an index that is built in the first run and kept."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from simsearch import Workspace
from simsearch.querying.judged_files import read_judgements, read_queries

DATA = Path(__file__).parent.parent.parent / "shared" / "data"


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """An index with questions that have known answers.

    Args:
        kinds: The ids of the questions by kind, under a name to show; one kind where the set tells none apart.
    """

    workspace: Workspace
    queries: dict[str, str]
    judged: dict[str, dict[str, int]]
    kinds: dict[str, list[str]]


def open_set(
    name: str,
    folder: Path,
    model: str | None = None,
    questions: Path | None = None,
    pairs: Path | None = None,
) -> JudgedSet:
    """A set with its index.

    Args:
        folder: Holds an index a set, or will.
        model: What a new index is made with; by default the base.
        questions: Holds queries.jsonl and qrels.tsv in place of the set's own.
        pairs: Pairs that the set is made of, in place of its test pairs.
    """
    workspace = Workspace(folder / name)
    source = DATA / name
    if not (source / "corpus.jsonl").is_file():
        source = _of_pairs(pairs or source / "test.pairs.jsonl", folder / f"{name}.set")
    if not workspace.store.exists():
        workspace.folder.mkdir(parents=True, exist_ok=True)
        workspace.index(source / "corpus.jsonl", model=model)
    questions = questions or source
    queries, judged = read_queries(questions / "queries.jsonl"), read_judgements(questions / "qrels.tsv")
    queries = {query: text for query, text in queries.items() if query in judged}
    return JudgedSet(workspace, queries, judged, _kinds(name, questions / "queries.jsonl", queries))


def _kinds(name: str, path: Path, asked: Iterable[str]) -> dict[str, list[str]]:
    kinds, asked = defaultdict(list), set(asked)
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        if row["_id"] in asked:
            kinds[", ".join(filter(None, (name, row.get("kind"))))].append(row["_id"])
    return dict(kinds)


def _of_pairs(pairs: Path, folder: Path) -> Path:
    """Test pairs as a set: the distinct anchors ask, the distinct positives are what can be found."""
    rows = [json.loads(row) for row in pairs.read_text(encoding="utf-8").splitlines()]
    queries = {row["anchor"]: f"q{n}" for n, row in enumerate(rows)}
    corpus = {row["positive"]: f"d{n}" for n, row in enumerate(rows)}
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "queries.jsonl", ({"_id": query, "text": text} for text, query in queries.items()))
    _write(folder / "corpus.jsonl", ({"_id": document, "text": text} for text, document in corpus.items()))
    qrels = {(queries[row["anchor"]], corpus[row["positive"]]): None for row in rows}
    lines = "".join(f"{query}\t{document}\t1\n" for query, document in qrels)
    (folder / "qrels.tsv").write_text(lines, encoding="utf-8")
    return folder


def _write(path: Path, rows: Iterable[dict[str, str]]) -> None:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
