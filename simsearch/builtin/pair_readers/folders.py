"""Folders of pairs: BEIR's corpus, queries and judgements, and data sets that `datasets` saved to disk."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from simsearch.builtin.pair_readers.containers import without_equal_labels
from simsearch.builtin.pair_readers.rows import read_arrow_rows, read_content
from simsearch.errors import TableError
from simsearch.pair_tables import FileRows, Row, file_rows
from simsearch.tables.rows import decode_table, read_json_lines


def read_beir_rows(folder: Path) -> FileRows:
    """A row for each judgement: the question, the document, and the label where some are judged wrong.

    Raises:
        TableError: A file is missing, or a judgement names a text that isn't there.
    """
    queries, corpus = (_texts_by_id(folder, name) for name in ("queries.jsonl", "corpus.jsonl"))
    judgements = sorted((folder / "qrels").glob("*.tsv")) or sorted(folder.glob("qrels*.tsv"))
    if not judgements:
        raise TableError("there are no judgements in it; it needs qrels/train.tsv")
    rows = [row for file in judgements for row in _judged(file, queries, corpus)]
    if len(judgements) == 1:
        rows = [{name: value for name, value in row.items() if name != "split"} for row in rows]
    return file_rows(enumerate(without_equal_labels(rows), 1))


def _judged(file: Path, queries: Mapping[str, str], corpus: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(decode_table(file.read_bytes()).split("\n"), 1):
        cells = line.rstrip("\r").split("\t") if "\t" in line else line.split()
        if not line.strip() or (number == 1 and not _is_grade(cells[-1])):
            continue
        if len(cells) < 3:
            raise TableError(f"{file.name}, row {number}: this is not a question, a document and a grade")
        query, document, grade = cells[0], cells[-2], cells[-1]
        if query not in queries or document not in corpus or not _is_grade(grade):
            raise TableError(
                f"{file.name}, row {number}: the question '{query}', the document '{document}' or the grade '{grade}' "
                "is not there"
            )
        yield {
            "query": queries[query],
            "document": corpus[document],
            "label": 1 if float(grade) > 0 else 0,
            "split": file.stem,
        }


def _is_grade(text: str) -> bool:
    return text.strip().lstrip("+-").replace(".", "", 1).isdigit()


def _texts_by_id(folder: Path, name: str) -> dict[str, str]:
    path = next((path for path in (folder / name, folder / f"{name}.gz") if path.is_file()), folder / name)
    if not path.is_file():
        raise TableError(f"there is no {name} in it")
    texts: dict[str, str] = {}
    for number, item in read_json_lines(read_content(path)):
        key = item.get("_id", item.get("id")) if isinstance(item, dict) else None
        if key is None or not isinstance(item.get("text"), str):
            raise TableError(f"{name}, row {number}: this is not an object with _id and text")
        if str(key) in texts:
            raise TableError(f"{name}, row {number}: the _id '{key}' comes again")
        title = item.get("title")
        texts[str(key)] = f"{title} {item['text']}" if title else item["text"]
    return texts


def read_dataset_rows(folder: Path) -> FileRows:
    """The rows of a data set that was saved to disk; those of several splits have a column `split`.

    Raises:
        TableError: A part of it is missing.
    """
    splits = _splits(folder)
    rows: list[Row] = []
    for name in splits:
        for file in _arrow_files(folder / name):
            more = {"split": name} if len(splits) > 1 else {}
            rows += [
                (len(rows) + i, {**row, **more}) for i, (_, row) in enumerate(read_arrow_rows(file).rows, 1)
            ]
    return file_rows(rows)


def _splits(folder: Path) -> list[str]:
    listing = folder / "dataset_dict.json"
    return (
        [str(name) for name in json.loads(listing.read_text("utf-8"))["splits"]]
        if listing.is_file()
        else [""]
    )


def _arrow_files(folder: Path) -> list[Path]:
    """The files that are the data; `datasets` leaves others in the folder, such as cache-….arrow."""
    listing = folder / "state.json"
    listed = json.loads(listing.read_text("utf-8")).get("_data_files", ()) if listing.is_file() else ()
    files = [folder / one["filename"] for one in listed]
    files = files or sorted(one for one in folder.glob("*.arrow") if not one.name.startswith("cache-"))
    if not files:
        raise TableError(f"there are no .arrow files in {folder.name}")
    if lost := [file.name for file in files if not file.is_file()]:
        raise TableError(f"{lost[0]} is missing in {folder.name}")
    return files
