"""Shapes of JSON that hold pairs: lists of rows, tables of columns, questions with ids, and rows under one key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from simsearch.errors import TableError
from simsearch.pair_tables import names as known
from simsearch.pair_tables.cells import ASSISTANTS, TEXT_KEYS, USERS, kind_of, speaker
from simsearch.pair_tables.names import is_negative, partner, rank
from simsearch.tables.verdict_words import is_verdict_word
from simsearch.wording import counted

SPLITS = ("train", "training", "dev", "validation", "valid", "val", "test", "eval")
SETS = ("set", "texts", "sentences", "pair")
CHATS = ("messages", "conversations", "conversation")
NAMES = known.ANCHORS + known.POSITIVES + known.SCORES + known.VERDICTS


def is_row(item: Any) -> bool:
    return isinstance(item, dict | list)


def rows_of_json(value: Any) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The rows of one JSON value.

    Raises:
        TableError: It has another shape.
    """
    if isinstance(value, list):
        return rows_of_items(enumerate(value, 1))
    if not isinstance(value, dict):
        raise TableError(f"it holds {kind_of(value)}; it should be a list of [sentence, similar sentence]")
    rows = _rows_of_object(value)
    return enumerate(rows, 1)


def rows_of_items(items: Iterable[tuple[int, Any]]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The rows of numbered items; a first list of usual names of columns is a header.

    Raises:
        TableError: One is not a row, or has more or fewer cells than the header.
    """
    numbered = iter(items)
    names: Sequence[str] = ()
    for place, (number, item) in enumerate(numbered):
        if place == 0 and _is_header(item):
            names = item
        elif not names:
            yield number, row_of_item(number, item)
        elif isinstance(item, list) and len(item) == len(names):
            yield number, dict(zip(names, item, strict=True))
        else:
            raise TableError(
                f"this is not a list of {len(names)} cells, as the names in the first row", number
            )


def _is_header(item: Any) -> bool:
    return (
        isinstance(item, list)
        and len(item) > 1
        and all(isinstance(name, str) and _is_usual_name(name) for name in item)
    )


def _is_usual_name(name: str) -> bool:
    return rank(name, NAMES) is not None or is_negative(name) or partner(name) is not None


def row_of_item(number: int, item: Any) -> Mapping[str, Any]:
    """An item as names and values.

    Raises:
        TableError: It is neither an object nor a list of texts.
    """
    if isinstance(item, dict):
        return _row_of_object(number, item)
    if isinstance(item, list):
        return _row_of_list(number, item)
    raise TableError(f"a pair is two texts, this is {kind_of(item)}", number)


def _row_of_object(number: int, item: Mapping[str, Any]) -> Mapping[str, Any]:
    """An object as it is; one with a set of texts, or with a question and its answer in a chat, has them as sides."""
    name = next((name for name in SETS if isinstance(item.get(name), list)), None)
    if name and len(item[name]) > 1 and all(isinstance(text, str) for text in item[name]):
        others = {key: value for key, value in item.items() if key != name}
        texts = item[name]
        if len(texts) > 2 and name != "set":
            raise TableError(
                f"'{name}' has {len(texts)} texts, of which the last may be negatives; give each a key of its own, "
                "or write 'set' if all are similar",
                number,
            )
        return {"anchor": texts[0], "positive": texts[1] if len(texts) == 2 else texts[1:], **others}
    chat = next((name for name in CHATS if isinstance(item.get(name), list)), None)
    exchange = _exchange(item[chat]) if chat else None
    if exchange:
        return {**exchange, **{key: value for key, value in item.items() if key != chat}}
    if chat and any(map(speaker, item[chat])) and not any(map(_is_usual_name, item)):
        raise TableError(
            f"the chat in '{chat}' has {len(item[chat])} turns; a pair is one question and its answer", number
        )
    return item


def _exchange(turns: Sequence[Any]) -> Mapping[str, Any] | None:
    """A question and its answer; None for a chat that goes on."""
    said = [
        (speaker(turn), turn.get("content", turn.get("value")))
        for turn in turns
        if isinstance(turn, dict) and speaker(turn) != "system"
    ]
    if len(said) == 2 and said[0][0] in USERS and said[1][0] in ASSISTANTS:
        return {"prompt": said[0][1], "completion": said[1][1]}
    return None


def _row_of_list(number: int, item: Sequence[Any]) -> Mapping[str, Any]:
    """Two texts, and then a score, a label or negatives."""
    texts, rest = item[:2], item[2:]
    if len(texts) < 2 or not all(isinstance(text, str) for text in texts):
        raise TableError(
            f"a pair is a list of two texts, and a score or a negative after them; this has {len(item)} items",
            number,
        )
    row: dict[str, Any] = {"anchor": texts[0], "positive": texts[1]}
    if len(rest) == 1 and is_verdict_word(rest[0]):
        return {**row, "label": rest[0]}
    if len(rest) == 1 and not isinstance(rest[0], str | list):
        return {**row, "score": rest[0]}
    if not all(isinstance(text, str) for text in rest):
        raise TableError("after two texts a list has one score, or texts that are negatives", number)
    return {**row, "negatives": list(rest)} if rest else row


def _rows_of_object(value: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    names = {name.lower(): name for name in value}
    if {"queries", "corpus", "relevant_docs"} <= {*names}:
        parts = (value[names[name]] for name in ("queries", "corpus", "relevant_docs"))
        return iter(without_equal_labels(list(_rows_by_id(*parts))))
    if {"columns", "data"} <= {*names} and isinstance(value[names["columns"]], list):
        return _rows_under_columns(value[names["columns"]], value[names["data"]])
    if value and all(isinstance(part, list) for part in value.values()) and {*names} <= {*SPLITS}:
        return (
            {**row_of_item(i, item), "split": name} for name in value for i, item in enumerate(value[name], 1)
        )
    if len(value) > 1 and all(isinstance(part, list) for part in value.values()):
        return _rows_of_columns(value)
    nested = [
        name for name, part in value.items() if isinstance(part, list) and part and all(map(is_row, part))
    ]
    if len(nested) == 1:
        return (row for _, row in rows_of_items(enumerate(value[nested[0]], 1)))
    if value and all(isinstance(part, dict) for part in value.values()):
        by_index = all(str(name).isdigit() for part in value.values() for name in part)
        return _rows_of_columns(value) if by_index else iter(value.values())
    raise TableError(
        f"it holds an object with {_listed(value)}; it should be a list of objects, or of [sentence, similar sentence]"
    )


def _rows_under_columns(columns: Sequence[Any], data: Any) -> Iterator[Mapping[str, Any]]:
    """Rows of cells below one list of names, as pandas writes them with orient='split'."""
    if not isinstance(data, list):
        raise TableError(f"'data' is {kind_of(data)}; it should be a list of rows")
    for number, cells in enumerate(data, 1):
        if not isinstance(cells, list) or len(cells) != len(columns):
            has = (
                f"has {counted(len(cells), 'cell', 'cells')}" if isinstance(cells, list) else "is not a list"
            )
            raise TableError(f"this row {has}, but 'columns' names {len(columns)}", number)
        yield {str(name): cell for name, cell in zip(columns, cells, strict=True)}


def _rows_of_columns(value: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A table of columns: equally long lists, or objects by the index of the row as pandas writes them."""
    indexes = [[*part] for part in value.values() if isinstance(part, dict)]
    if any(set(index) != set(indexes[0]) for index in indexes):
        raise TableError(f"its columns ({_listed(value)}) don't have the same rows")
    columns = {
        name: [part[row] for row in indexes[0]] if isinstance(part, dict) else part
        for name, part in value.items()
    }
    if len(set(map(len, columns.values()))) != 1:
        raise TableError(
            f"it holds lists of different lengths ({_listed(columns)}); save it as a list of objects (in pandas, "
            "orient='records')"
        )
    if len(columns) > 1 and all(isinstance(cell, dict) for cells in columns.values() for cell in cells):
        raise TableError(
            f"it holds several lists of objects ({_listed(columns)}), and it can't be known which belong "
            "together; save it as one list, with both texts in each object"
        )
    return (dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True))


def _rows_by_id(
    queries: Mapping[str, Any], corpus: Mapping[str, Any], relevant: Mapping[str, Any]
) -> Iterator[Mapping[str, Any]]:
    """Questions, documents, and which documents answer which question, each by id."""
    for query, documents in relevant.items():
        grades = documents if isinstance(documents, dict) else dict.fromkeys(documents, 1)
        for document, grade in grades.items():
            if query not in queries or document not in corpus:
                raise TableError(f"the question '{query}' or its document '{document}' is missing")
            if not isinstance(grade, int | float):
                raise TableError(
                    f"the grade of '{document}' for '{query}' is {grade!r}, which is not a number"
                )
            texts = {"query": _text_of(queries[query]), "document": _text_of(corpus[document])}
            yield {**texts, "label": 1 if grade > 0 else 0}


def without_equal_labels(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Judged rows without their labels where all are right."""
    if not all(row["label"] for row in rows):
        return [*rows]
    return [{name: value for name, value in row.items() if name != "label"} for row in rows]


def _text_of(value: Any) -> Any:
    return (
        next((value[key] for key in TEXT_KEYS if key in value), value) if isinstance(value, dict) else value
    )


def _listed(value: Mapping[str, Any]) -> str:
    names = [f"'{name}'" for name in value]
    return ", ".join(names[:8]) + (", …" if len(names) > 8 else "")
