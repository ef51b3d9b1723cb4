"""Conditions as SQL: constant text with parameters; nothing that a user wrote is ever part of a statement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from simsearch.storage.comparisons import ValueTest, path_pattern, value_tests
from simsearch.storage.conditions import And, Condition, FieldComparison, Not, Or, Quotes
from simsearch.storage.field_values import folded

Sql = tuple[str, list[Any]]
"""A condition on a chunk c of a document d of a file f, with the values of its %s."""

FindQuotes = Callable[[Sequence[str]], list[int]]

_FIELD = "SELECT n.id FROM field_names n WHERE md5(n.name) = md5(%s) AND n.name = %s"
"""Not a join: the planner would expect far too few values then, and look each document up by itself."""

_OPERATORS = {":": "=", "=": "=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_LONGEST_KEY = 200
"""Characters of a word that its index holds."""


def condition_sql(condition: Condition, find_quotes: FindQuotes) -> Sql:
    """A condition as SQL.

    Args:
        find_quotes: The chunks that meet Quotes.
    """
    match condition:
        case Not():
            inner, values = condition_sql(condition.condition, find_quotes)
            return f"NOT ({inner})", values
        case And():
            return _joined(" AND ", condition.conditions, find_quotes)
        case Or():
            return _joined(" OR ", condition.conditions, find_quotes)
        case Quotes():
            return "c.id = ANY(%s)", [find_quotes(condition.phrases)]
        case FieldComparison(field="path", operator=":"):
            return "'/' || f.folded || '/' ~ %s", [path_pattern(folded(condition.value))]
        case FieldComparison(field="path"):
            return f"f.folded {_OPERATORS[condition.operator]} %s", [folded(condition.value)]
        case FieldComparison():
            tests = [_value_sql(test) for test in value_tests(condition)]
            return f"({' OR '.join(text for text, _ in tests)})", [v for _, values in tests for v in values]


def _joined(operator: str, conditions: Sequence[Condition], find_quotes: FindQuotes) -> Sql:
    parts = [condition_sql(part, find_quotes) for part in conditions]
    return f"({operator.join(text for text, _ in parts)})", [value for _, values in parts for value in values]


def _value_sql(test: ValueTest) -> Sql:
    column = "v.number" if test.kind == "number" else "v.word"
    parts, values = [f"v.field = ({_FIELD}) AND {column} IS NOT NULL"], list[Any]((test.field, test.field))
    if test.pattern:
        parts.append("v.word LIKE %s")
        values.append(_like(test.pattern))
    for operator, value in test.bounds:
        if operator == "=" and isinstance(value, str):
            parts.append("left(v.word, 200) = %s")
            values.append(value[:_LONGEST_KEY])
        parts.append(f"{column} {_OPERATORS[operator]} %s")
        values.append(value if isinstance(value, str) else Decimal(value))
    where = " AND ".join(parts)
    return f"d.id IN (SELECT v.document FROM field_values v WHERE {where})", values


def _like(pattern: str) -> str:
    escaped = pattern.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return escaped.replace("*", "%").replace("?", "_")
