"""The texts in a cell: one, a list of them, objects that hold them, or a list that was printed into a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from simsearch.errors import TableError
from simsearch.tables.kinds import is_empty

USERS, ASSISTANTS = ("user", "human", "prompter"), ("assistant", "gpt", "bot", "model")
"""Who speaks in a chat."""
TEXT_KEYS = (
    "text",
    "content",
    "contents",
    "passage",
    "passage_text",
    "body",
    "sentence",
    "document",
    "answer",
    "value",
)


def texts_in(value: Any, name: str) -> list[str]:
    """The texts of a cell in order; what is empty is left out.

    Args:
        value: The cell.
        name: Its column, for errors.

    Raises:
        TableError: Something else than texts is in it, such as a number; says what.
    """
    return list(_texts(value, name))


def _texts(value: Any, name: str) -> Iterator[str]:
    if is_empty(value):
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        answers = [item for item in value if speaker(item) in ASSISTANTS]
        for item in answers or value:
            yield from _texts(item, name) if speaker(item) != "system" else ()
    elif isinstance(value, Mapping):
        yield from _texts(_text_of(value, name), name)
    else:
        raise TableError(f"'{name}' is {kind_of(value)}; a pair needs two texts")


def speaker(turn: Any) -> Any:
    """Who speaks in a turn of a chat; None if it is something else."""
    return turn.get("role", turn.get("from")) if isinstance(turn, Mapping) else None


def _text_of(value: Mapping[str, Any], name: str) -> Any:
    found = next((key for key in TEXT_KEYS if key in value), None)
    if found is None:
        keys = ", ".join(map(str, value)) or "nothing"
        raise TableError(f"'{name}' holds objects without a 'text'; they have: {keys}")
    return value[found]


def kind_of(value: Any) -> str:
    """What a JSON value is, in words."""
    names = {
        dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null",
        int: "a number", float: "a number",
    }  # fmt: skip
    return names.get(type(value), f"a {type(value).__name__}")
