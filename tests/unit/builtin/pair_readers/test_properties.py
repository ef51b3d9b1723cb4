"""What was written is read, or the file is refused: tables in every dialect, and nested JSON, with known pairs."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from simsearch.errors import InputError
from simsearch.tables.kinds import is_empty
from simsearch.tables.printed import is_printed
from tests.unit.builtin.pair_readers.reading import read

NAMED = "anchor=anchor,positive=positive"
TEXTS = st.text(st.sampled_from("ab ,;|\t'\"\n#[]äß中?."), min_size=1, max_size=12).filter(
    lambda text: text.strip() and not is_printed(text)
)
SCORES = st.sampled_from(["0", "1", "0.25", "", "yes"])
DIALECTS = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from([",", ";", "\t", "|"]),
        "lineterminator": st.sampled_from(["\n", "\r\n", "\r"]),
        "quoting": st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    }
)
ROWS = st.lists(st.tuples(TEXTS, TEXTS, SCORES), min_size=1, max_size=8)
MISSING = st.sampled_from(["no", "empty", "cut short"])
"""What is done to the last row: nothing, its last cell is emptied, or is left out with its separator."""


@given(
    ROWS,
    st.permutations(["anchor", "positive", "score", "note"]),
    DIALECTS,
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    MISSING,
)
def test_a_table_gives_its_pairs_or_is_refused(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, str, str]],
    order: list[str],
    dialect: dict[str, Any],
    encoding: str,
    missing: str,
) -> None:
    assume(
        dialect["lineterminator"] != "\r" or dialect["quoting"] == csv.QUOTE_ALL
    )  # csv doesn't quote for it
    path = tmp_path_factory.mktemp("p") / "pairs.csv"
    file = io.StringIO(newline="")
    writer = csv.writer(file, **dialect)
    writer.writerow(order)
    cells = [dict(zip(("anchor", "positive", "score", "note"), (*row, "n"), strict=True)) for row in rows]
    written = [[row[name] for name in order] for row in cells]
    if missing != "no":
        written[-1][-1:] = [""] if missing == "empty" else []
        cells[-1][order[-1]] = ""
    writer.writerows(written)
    path.write_bytes(file.getvalue().encode(encoding))
    scores = [row["score"] for row in cells]
    try:
        read_file = read(path, NAMED)
    except InputError as error:
        mixed = "" in scores or ("yes" in scores and "0.25" in scores)
        lost = not all(row["anchor"] and row["positive"] for row in cells)
        assert mixed or lost or "quotation mark" in str(error)
        return
    assert read_file.rows == len(rows)
    assert [(pair.anchor, pair.positive) for pair in read_file] == [
        (row["anchor"], row["positive"]) for row in cells
    ]
    if read_file.columns.score:
        numbers = [1.0 if score == "yes" else float(score) for score in scores]
        assert [pair.score for pair in read_file] == numbers
    else:
        assert not any(scores)


CELLS = st.one_of(
    st.none(),  # in the file either null, or no key at all
    TEXTS,
    st.lists(TEXTS | st.none(), max_size=3),
    st.fixed_dictionaries({"docid": st.just("7"), "text": TEXTS}),
    st.lists(st.fixed_dictionaries({"text": TEXTS, "title": st.just("t")}), max_size=2),
)
PAIRS_IN_JSON = st.lists(st.tuples(TEXTS, CELLS, CELLS), min_size=1, max_size=6)


def texts_of(cell: Any) -> list[str]:
    items = cell if isinstance(cell, list) else [cell]
    texts = [item["text"] if isinstance(item, dict) else item for item in items]
    return [text for text in texts if not is_empty(text)]


@given(PAIRS_IN_JSON, st.sampled_from(["jsonl", "sparse jsonl", "json", "sparse json", "columns"]))
def test_nested_json_gives_its_pairs_or_is_refused(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, Any, Any]], shape: str
) -> None:
    items = [{"anchor": one, "positive": other, "negatives": wrong} for one, other, wrong in rows]
    path = tmp_path_factory.mktemp("p") / f"pairs.{shape.split()[-1] if 'json' in shape else 'json'}"
    by_column = {name: [item[name] for item in items] for name in items[0]}
    if "sparse" in shape:
        items = [{name: value for name, value in item.items() if value is not None} for item in items]
    path.write_text(
        "\n".join(map(json.dumps, items))
        if shape.endswith("jsonl")
        else json.dumps(by_column if shape == "columns" else items),
        encoding="utf-8",
    )
    expected = [(one, text) for one, other, _ in rows for text in texts_of(other)]
    if not all(texts_of(other) for _, other, _ in rows):
        with pytest.raises(InputError, match=r"'positive' is empty|has no pairs|no column"):
            read(path, NAMED)
        return
    file = read(path, NAMED)
    assert file.rows == len(rows)
    assert [(pair.anchor, pair.positive) for pair in file] == expected
    found = {pair.row: pair.negatives for pair in file}
    for number, (one, other, wrong) in enumerate(rows, 1):
        right = {" ".join(text.lower().split()) for text in (one, *texts_of(other))}
        assert list(found[number]) == [
            text for text in texts_of(wrong) if " ".join(text.lower().split()) not in right
        ]
