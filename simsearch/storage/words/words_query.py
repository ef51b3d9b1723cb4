"""Clauses of a question as a query of tantivy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simsearch.storage.words.clauses import AnyPhrase, AnyTerm, Clause, TermPattern
from simsearch.storage.words.passages import Field
from simsearch.types import Rows


class WordsQuery:
    """Makes tantivy queries of clauses.

    Args:
        schema: Of the word index.
    """

    def __init__(self, schema: Any) -> None:
        self._schema = schema

    def any_of(self, clauses: Sequence[Clause]) -> Any:
        """The sum of all clauses."""
        import tantivy

        if not clauses:
            return tantivy.Query.empty_query()
        should = tantivy.Occur.Should
        return tantivy.Query.boolean_query([(should, self._query(clause)) for clause in clauses])

    def among(self, query: Any, allowed: Rows) -> Any:
        """The same query, of some chunks only."""
        import tantivy

        members = tantivy.Query.term_set_query(self._schema, "chunk", [int(number) for number in allowed])
        must = tantivy.Occur.Must
        return tantivy.Query.boolean_query(
            [(must, query), (must, tantivy.Query.const_score_query(members, 0.0))]
        )

    def _query(self, clause: Clause) -> Any:
        import tantivy

        match clause:
            case AnyTerm(field, terms):
                query = self._best([self._term(field, term) for term in terms])
            case AnyPhrase(field, phrases):
                query = self._best([self._phrase(field, phrase) for phrase in phrases])
            case TermPattern(field, pattern):
                query = tantivy.Query.regex_query(self._schema, field, pattern)
        return query if clause.weight == 1.0 else tantivy.Query.boost_query(query, clause.weight)

    def _best(self, queries: Sequence[Any]) -> Any:
        import tantivy

        return queries[0] if len(queries) == 1 else tantivy.Query.disjunction_max_query(list(queries))

    def _term(self, field: Field, term: str) -> Any:
        import tantivy

        option = "freq" if field == "exact" else "position"
        return tantivy.Query.term_query(self._schema, field, term, option)

    def _phrase(self, field: Field, terms: Sequence[str]) -> Any:
        import tantivy

        if len(terms) == 1:
            return self._term(field, terms[0])
        return tantivy.Query.phrase_query(self._schema, field, list(terms))
