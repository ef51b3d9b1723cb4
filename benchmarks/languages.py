"""nDCG@10 of lexical search in several languages, on the small sets of tests/support/languages.

    python benchmarks/languages.py
    python benchmarks/languages.py ../shared/data/covid_faq

Each document is one chunk, so that neither a model nor a chunker is involved. A folder as an argument holds
corpus.jsonl, queries.jsonl and qrels.tsv.
"""

from __future__ import annotations

import json
import math
import sys
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from simsearch.storage.words.languages import language_of
from simsearch.storage.words.passages import Passage
from simsearch.storage.words.words_index import WordsIndex

LANGUAGES = Path(__file__).parent.parent / "tests" / "support" / "languages"
DEPTH = 10


class Set(NamedTuple):
    """Documents, and questions with the ids of their answers."""

    documents: dict[str, tuple[str, str]]
    questions: list[tuple[str, set[str]]]


def read_language(path: Path) -> Set:
    """A set of lines `id <tab> text`, and of lines `q <tab> ids <tab> question`."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    documents = {row[0]: ("", row[1]) for row in rows if row[0] != "q"}
    return Set(documents, [(row[2], set(row[1].split())) for row in rows if row[0] == "q"])


def read_judged(folder: Path) -> Set:
    """A set in the layout of BEIR."""
    corpus = map(json.loads, (folder / "corpus.jsonl").read_text(encoding="utf-8").splitlines())
    queries = map(json.loads, (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines())
    answers = defaultdict(set)
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        query, *_, document, grade = line.split("\t")
        if grade.isdecimal() and int(grade):
            answers[query].add(document)
    documents = {row["_id"]: (row.get("title", ""), row["text"]) for row in corpus}
    return Set(documents, [(row["text"], answers[row["_id"]]) for row in queries if row["_id"] in answers])


def measure(given: Set) -> float:
    """Mean nDCG@10 of the questions."""
    ids = list(given.documents)
    index = WordsIndex(None)
    index.add(
        Passage(number, text, title=title, language=language_of(text))
        for number, (title, text) in enumerate(given.documents.values(), 1)
    )
    index.commit()
    gains = []
    for question, answers in given.questions:
        found = [ids[row - 1] for row in index.search(question, DEPTH)[1].tolist()]
        gain = sum(1 / math.log2(place + 2) for place, document in enumerate(found) if document in answers)
        gains.append(gain / sum(1 / math.log2(place + 2) for place in range(min(len(answers), DEPTH))))
    return sum(gains) / len(gains)


def main() -> None:
    folders = [Path(name) for name in sys.argv[1:]]
    sets = {folder.name: read_judged(folder) for folder in folders} or {
        path.stem: read_language(path) for path in sorted(LANGUAGES.glob("*.tsv"))
    }
    print("| set | documents | questions | nDCG@10 |\n| --- | --- | --- | --- |")
    for name, given in sets.items():
        print(
            f"| {name} | {len(given.documents)} | {len(given.questions)} | {measure(given):.3f} |", flush=True
        )


if __name__ == "__main__":
    main()
