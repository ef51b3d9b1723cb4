"""Built-in pair readers: tables of text, JSON, Parquet, Arrow, and folders of BEIR and `datasets`.

A row is two texts under usual names (anchor and positive, question and answer, …) or, in JSON, a list of two; or it is
a text and the label of its class, and two rows of a class make a pair.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from simsearch import Component, InputError, hookimpl

if TYPE_CHECKING:  # what reads is imported by the functions that make a reader, so that declaring stays cheap
    from simsearch.pair_tables import Read
    from simsearch.tables.dialects import Quotes

QUOTES: dict[str, Quotes | None] = {"": None, "doubled": "doubled", "escaped": "escaped", "none": "none"}


@hookimpl
def simsearch_pair_readers() -> list[Component]:
    return [
        Component(
            "csv", "Columns separated by commas, semicolons, tabs or |", make_table_reader, _packed(".csv")
        ),
        Component(
            "tsv", "Columns separated by tabs", make_tab_table_reader, _packed(".tsv")
        ),
        Component(
            "json", "A list of [sentence, similar sentence] lists or of objects", make_json_reader, _packed(".json")
        ),
        Component(
            "jsonl", "One JSON object or list per line", make_json_lines_reader,
            _packed(".jsonl", ".ndjson", ".jsonlines"),
        ),
        Component("parquet", "A table with named columns", make_parquet_reader, (".parquet", ".pq")),
        Component("arrow", "An Arrow or Feather file", make_arrow_reader, (".arrow", ".feather")),
        Component(
            "beir", "A folder of corpus, queries and judgements", make_beir_reader,
            ("/corpus.jsonl", "/corpus.jsonl.gz"),
        ),
        Component(
            "dataset", "A folder saved by the datasets library", make_dataset_reader,
            ("/dataset_dict.json", "/dataset_info.json"),
        ),
    ]  # fmt: skip


def _packed(*endings: str) -> tuple[str, ...]:
    """The endings, also of compressed files."""
    return tuple(ending + more for ending in endings for more in ("", ".gz", ".bz2", ".xz"))


def make_table_reader(
    anchor: str = "",
    positive: str = "",
    score: str = "",
    label: str = "",
    negative: str = "",
    encoding: str = "",
    quotes: str = "",
    separator: str = "",
) -> Read:
    """Each argument but the last three names a column, or `none`.

    Args:
        encoding: The file's, such as cp1252, where it isn't UTF-8.
        quotes: doubled, escaped (by a backslash) or none, where the file doesn't show it.
        separator: tab, comma, semicolon or pipe, where the file doesn't show it.
    """
    from simsearch.builtin.pair_readers.rows import read_table_rows
    from simsearch.pair_tables import NamedColumns, pair_reader
    from simsearch.tables.dialects import SEPARATORS

    if quotes not in QUOTES:
        raise InputError(f"quotes='{quotes}' is not known; it can be doubled, escaped or none.")
    separators = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
    if separator and separator not in separators:
        raise InputError(f"separator='{separator}' is not known; it can be {', '.join(separators)}.")
    only = (separators[separator],) if separator else SEPARATORS
    named = NamedColumns(anchor, positive, score, label, negative)
    return pair_reader(
        partial(read_table_rows, encoding=encoding, quotes=QUOTES[quotes], named=named, separators=only),
        named,
    )


def make_tab_table_reader(
    anchor: str = "",
    positive: str = "",
    score: str = "",
    label: str = "",
    negative: str = "",
    encoding: str = "",
    quotes: str = "",
) -> Read:
    """Arguments as of csv."""
    return make_table_reader(anchor, positive, score, label, negative, encoding, quotes, "tab")


def make_json_reader(
    anchor: str = "",
    positive: str = "",
    score: str = "",
    label: str = "",
    negative: str = "",
    encoding: str = "",
) -> Read:
    """Each argument but the encoding names a column, or `none`."""
    from simsearch.builtin.pair_readers.rows import read_json_rows
    from simsearch.pair_tables import NamedColumns, pair_reader

    return pair_reader(
        partial(read_json_rows, encoding=encoding), NamedColumns(anchor, positive, score, label, negative)
    )


def make_json_lines_reader(
    anchor: str = "",
    positive: str = "",
    score: str = "",
    label: str = "",
    negative: str = "",
    encoding: str = "",
) -> Read:
    """Each argument but the encoding names a column, or `none`."""
    from simsearch.builtin.pair_readers.rows import read_json_line_rows
    from simsearch.pair_tables import NamedColumns, pair_reader

    return pair_reader(
        partial(read_json_line_rows, encoding=encoding),
        NamedColumns(anchor, positive, score, label, negative),
    )


def make_parquet_reader(
    anchor: str = "", positive: str = "", score: str = "", label: str = "", negative: str = ""
) -> Read:
    """Each argument names a column, or `none`."""
    from simsearch.builtin.pair_readers.rows import read_parquet_rows
    from simsearch.pair_tables import NamedColumns, pair_reader

    return pair_reader(read_parquet_rows, NamedColumns(anchor, positive, score, label, negative))


def make_arrow_reader(
    anchor: str = "", positive: str = "", score: str = "", label: str = "", negative: str = ""
) -> Read:
    """Each argument names a column, or `none`."""
    from simsearch.builtin.pair_readers.rows import read_arrow_rows
    from simsearch.pair_tables import NamedColumns, pair_reader

    return pair_reader(read_arrow_rows, NamedColumns(anchor, positive, score, label, negative))


def make_beir_reader() -> Read:
    """The files of the folder have fixed names and columns."""
    from simsearch.builtin.pair_readers.folders import read_beir_rows
    from simsearch.pair_tables import NamedColumns, pair_reader

    return pair_reader(read_beir_rows, NamedColumns("query", "document"))


def make_dataset_reader(
    anchor: str = "", positive: str = "", score: str = "", label: str = "", negative: str = ""
) -> Read:
    """Each argument names a column, or `none`."""
    from simsearch.builtin.pair_readers.folders import read_dataset_rows
    from simsearch.pair_tables import NamedColumns, pair_reader

    return pair_reader(read_dataset_rows, NamedColumns(anchor, positive, score, label, negative))
