"""What a page shows is all in its address: read it, and write the addresses of other pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, get_args
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from simsearch.querying.indexed_documents import part_of
from simsearch.settings import Mode

MOST_RESULTS = 100


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched for, and how.

    Args:
        mode: How to search; None is as in the workspace's settings.
        chosen: Values that were chosen from the lists of filters, each `field:value`; of one field, any of them.
        where: A filter as it is typed after --where.
        k: Number of results; None is as in the workspace's settings.
        explain: Whether the scores are shown.
    """

    text: str = ""
    mode: Mode | None = None
    chosen: tuple[str, ...] = ()
    where: str = ""
    k: int | None = None
    explain: bool = False

    @classmethod
    def read(cls, parameters: QueryParams) -> Search:
        """The search of an address; what can't be read counts as not given."""
        mode, k = parameters.get("mode"), read_number(parameters.get("k"))
        return cls(
            text=parameters.get("q", "").strip(),
            mode=mode if mode in get_args(Mode) else None,  # type: ignore[arg-type]
            chosen=tuple(value for value in parameters.getlist("filter") if ":" in value),
            where=parameters.get("where", "").strip(),
            k=min(k, MOST_RESULTS) if k else None,
            explain=parameters.get("explain") == "1",
        )

    @property
    def filters(self) -> list[str]:
        """What is chosen and typed, as filters that must all hold."""
        fields = groupby(sorted(self.chosen), lambda value: value.partition(":")[0])
        either = [" or ".join(map(as_filter, values)) for _, values in fields]
        return [*either, *([self.where] if self.where else [])]

    @property
    def overrides(self) -> dict[str, Any]:
        """The settings of the search, for `Workspace.query_settings`."""
        return {"mode": self.mode, "where": self.filters, "k": self.k}

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """What differs from a plain search, as an address has it."""
        given = [("q", self.text), ("mode", self.mode or ""), ("where", self.where)]
        given += [("k", str(self.k or "")), ("explain", "1" if self.explain else "")]
        return [*((name, value) for name, value in given if value), *(("filter", one) for one in self.chosen)]

    def link(self, **changes: Any) -> str:
        """The address of the search page, with changes."""
        return address("/", replace(self, **changes).parameters)

    def without(self, choice: str) -> str:
        """The address without a chosen value."""
        return self.link(chosen=tuple(value for value in self.chosen if value != choice))


def document_link(path: str, id: str, hit: tuple[int, int] | None = None, question: str = "") -> str:
    """The address of a document.

    Args:
        hit: Characters of its text, which the page marks.
        question: What it was found by.
    """
    part = part_of(path, id)
    given = [("name", f"{path}#{part}" if part else path), ("q", question)]
    given += [("start", str(hit[0])), ("end", str(hit[1]))] if hit else []
    return address("/document", [pair for pair in given if pair[1]]) + ("#hit" if hit else "")


def read_number(text: str | None) -> int | None:
    """A whole number of an address; None if it is not one."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 12 else None


def address(path: str, parameters: Sequence[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(parameters)}" if parameters else path


def can_be_filter(values: Iterable[str]) -> bool:
    """Whether texts can be quoted in a filter, which knows no escapes."""
    return not any('"' in value and "'" in value for value in values)


def as_filter(choice: str) -> str:
    """`field:value` as a filter, in quotes."""
    field, _, value = choice.partition(":")
    return f"{_quoted(field)}:{_quoted(value)}"


def _quoted(text: str) -> str:
    return f"'{text}'" if '"' in text else f'"{text}"'
