"""A question as a query of the word index.

A word is looked up by its stem in each language that the index has. Weights were chosen on the PostgreSQL manual's own
index as questions and checked on three sets of natural questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from simsearch.storage.words.analysis import index_terms, prefixes, stop_stems
from simsearch.storage.words.compounds import can_be_part, containing, split_compound
from simsearch.storage.words.languages import UNKNOWN, stem
from simsearch.types import Rows

EXACT_WEIGHT, PHRASE_WEIGHT, TITLE_WEIGHT, PATH_WEIGHT = 0.5, 0.5, 0.3, 1.0
COMPOUND_WEIGHT, PART_WEIGHT = 1.0, 0.5
"""A compound counts 1 wherever it is, a part half of what the word would."""

LONGEST_PHRASE, MOST_COMPOUNDS = 8, 8
"""Words of a question up to which they are looked for as a phrase, and in compounds."""

MOST_WORDS = 64
"""Of a longer question, such as a whole document, the rarest words are looked for."""

LONGEST_PATH = 300

_SAME = {"net": (".net",), ".net": ("net",)}
"""Terms of which a quote may have one and a text the other, as the quote `NET` and the text `ASP.NET`."""

Variants = tuple[str, ...]
"""The distinct terms that one word of a question has in the languages of an index."""


class WordsQuery:
    """Makes tantivy queries of questions.

    Args:
        schema: Of the word index.
    """

    def __init__(self, schema: Any) -> None:
        self._schema = schema

    def of_text(self, text: str, languages: Sequence[str], compounding: Sequence[str], searcher: Any) -> Any:
        """Each word by itself in each field, and all of them in their order; paths by their parts.

        Args:
            languages: Those of the index.
            compounding: Those of them whose compounds are looked into.
        """
        import tantivy

        parts = list(self._parts(text, tuple(languages), compounding, searcher))
        should = tantivy.Occur.Should
        if not parts:
            return tantivy.Query.empty_query()
        return tantivy.Query.boolean_query([(should, part) for part in parts])

    def among(self, query: Any, allowed: Rows) -> Any:
        """The same query, of some chunks only."""
        import tantivy

        members = tantivy.Query.term_set_query(self._schema, "chunk", [int(number) for number in allowed])
        must = tantivy.Occur.Must
        return tantivy.Query.boolean_query(
            [(must, query), (must, tantivy.Query.const_score_query(members, 0.0))]
        )

    def of_quote(self, quote: str, languages: Sequence[str]) -> list[tuple[tuple[str, str], ...]]:
        """For each word of a quote the terms, as (field, term), of which a text that contains the quote has one."""
        stems = word_variants([index_terms(quote, language)[0] for language in (UNKNOWN, *languages)])
        return [
            (
                ("path", word[0]),
                *(("body", stem) for stem in (*word, *_SAME.get(word[0], ()))),
                *((("exact", word[0]),) if len(word[0]) == 1 else ()),
            )
            for word in stems
        ]

    def _parts(
        self, text: str, languages: tuple[str, ...], compounding: Sequence[str], searcher: Any
    ) -> Iterator[Any]:
        by_language = [index_terms(text, language) for language in languages]
        stop_words = stop_stems(text, languages)
        stems = word_variants([stems for stems, _ in by_language])
        for word in _pick_content(stems, stop_words, "body", searcher):
            yield self._any_term("body", word)
            yield self._weighted(self._any_term("title", word), TITLE_WEIGHT)
        yield from self._compounds(by_language[0][1], stop_words, compounding, searcher)
        for prefix in prefixes(text):
            for field, weight in (("body", 1.0), ("exact", EXACT_WEIGHT)):
                found = tuple(term for term, _ in searcher.terms_with_prefix(field, prefix, limit=MOST_WORDS))
                if found:
                    yield self._weighted(self._any_term(field, found, "freq"), weight)
        wholes = [(whole,) for whole in dict.fromkeys(by_language[0][1])]
        for word in _pick_content(wholes, stop_words, "exact", searcher):
            yield self._weighted(self._any_term("exact", word, "freq"), EXACT_WEIGHT)
        if 1 < len(by_language[0][0]) <= LONGEST_PHRASE:
            phrases = dict.fromkeys(tuple(stems) for stems, _ in by_language)
            yield self._weighted(self._any([self._phrase("body", words) for words in phrases]), PHRASE_WEIGHT)
        for path in _find_paths(text):
            if words := index_terms(path, UNKNOWN)[0]:
                yield self._weighted(self._phrase("path", words), PATH_WEIGHT)

    def _compounds(
        self, wholes: Sequence[str], stop_words: frozenset[str], languages: Sequence[str], searcher: Any
    ) -> Iterator[Any]:
        """Compounds that have a word of the question as a part, and the parts of one that the question has."""
        import tantivy

        def count(stemmed: str) -> int:
            return int(searcher.doc_freq("body", stemmed))

        words = [word for word in dict.fromkeys(wholes) if word not in stop_words]
        for language in languages:
            for word in words if len(words) <= MOST_COMPOUNDS else ():
                if can_be_part(stemmed := stem(word, language)):
                    for pattern in containing(stemmed, language):
                        found = tantivy.Query.regex_query(self._schema, "body", pattern)
                        yield self._weighted(found, COMPOUND_WEIGHT)
                for part in split_compound(word, language, count):
                    yield self._weighted(self._term("body", part), PART_WEIGHT)

    def _any_term(self, field: str, variants: Variants, index_option: str = "position") -> Any:
        return self._any([self._term(field, variant, index_option) for variant in variants])

    def _any(self, queries: Sequence[Any]) -> Any:
        """The best of some queries; a document is in one language."""
        import tantivy

        return queries[0] if len(queries) == 1 else tantivy.Query.disjunction_max_query(list(queries))

    def _term(self, field: str, term: str, index_option: str = "position") -> Any:
        import tantivy

        return tantivy.Query.term_query(self._schema, field, term, index_option)

    def _phrase(self, field: str, terms: Sequence[str]) -> Any:
        import tantivy

        if len(terms) == 1:
            return self._term(field, terms[0])
        return tantivy.Query.phrase_query(self._schema, field, list(terms))

    def _weighted(self, query: Any, weight: float) -> Any:
        import tantivy

        return tantivy.Query.boost_query(query, weight)


def word_variants(by_language: Sequence[Sequence[str]]) -> list[Variants]:
    """The distinct words of a question, each with its distinct stems in some languages."""
    return list(dict.fromkeys(tuple(dict.fromkeys(stems)) for stems in zip(*by_language, strict=True)))


def _pick_content(
    words: Iterable[Variants], stop_words: frozenset[str], field: str, searcher: Any
) -> list[Variants]:
    """The words that are not stop words (all, if there are no others), the rarest of many."""
    words = list(words)
    content = [word for word in words if stop_words.isdisjoint(word)] or words
    if len(content) <= MOST_WORDS:
        return content
    counts = {word: sum(searcher.doc_freq(field, term) for term in word) for word in content}
    return sorted((word for word in content if counts[word]), key=counts.__getitem__)[:MOST_WORDS]


def _find_paths(text: str) -> list[str]:
    """What may be the path or the name of a file."""
    words = (word.strip("()[]{}<>,;:?!'`") for word in text.split())
    return [word for word in words if len(word) <= LONGEST_PATH and ("/" in word or "." in word[1:-1])][
        :MOST_WORDS
    ]
