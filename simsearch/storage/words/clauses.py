"""A question as clauses that any word index can score: the score of a chunk is the sum over them.

A word is looked up by its stem in each language that the index has. Weights were chosen on the PostgreSQL manual's own
index as questions and checked on three sets of natural questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from simsearch.storage.words.analysis import index_terms, prefixes, stop_stems
from simsearch.storage.words.compounds import (
    COMPOUNDING,
    LEAST_SHARE,
    can_be_part,
    containing,
    split_compound,
)
from simsearch.storage.words.languages import UNKNOWN, stem
from simsearch.storage.words.passages import Field

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


@dataclass(frozen=True, slots=True)
class AnyTerm:
    """The best BM25 score of some terms in a field, times a weight; a document is in one language."""

    field: Field
    terms: Variants
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class AnyPhrase:
    """The best BM25 score of some phrases, times a weight. The frequency of a phrase is that of its terms one after the
    other, and its inverse document frequency is the sum of theirs."""

    field: Field
    phrases: tuple[tuple[str, ...], ...]
    weight: float


@dataclass(frozen=True, slots=True)
class TermPattern:
    """A weight for every chunk that has a term which matches a regular expression as a whole."""

    field: Field
    pattern: str
    weight: float


Clause = AnyTerm | AnyPhrase | TermPattern


def terms_of(clauses: Iterable[Clause]) -> list[tuple[Field, str]]:
    """The distinct terms that clauses look up, with their fields; those of patterns are not known."""
    terms: dict[tuple[Field, str], None] = {}
    for clause in clauses:
        match clause:
            case AnyTerm():
                terms |= dict.fromkeys((clause.field, term) for term in clause.terms)
            case AnyPhrase():
                terms |= dict.fromkeys((clause.field, term) for phrase in clause.phrases for term in phrase)
    return list(terms)


class Terms(Protocol):
    """What clauses depend on in an index."""

    def count(self, field: Field, term: str) -> int:
        """How many chunks have a term in a field."""

    def beginning(self, field: Field, prefix: str, limit: int) -> list[str]:
        """The `limit` most frequent terms of a field that begin with a prefix, equal ones by their code points."""


def compounding_languages(counts: Mapping[str, int]) -> list[str]:
    """The languages whose compounds are looked into.

    Args:
        counts: How many chunks of an index are in each language.
    """
    return [name for name in COMPOUNDING if counts.get(name, 0) > LEAST_SHARE * sum(counts.values())]


def question_clauses(
    text: str, languages: Sequence[str], compounding: Sequence[str], terms: Terms
) -> Iterator[Clause]:
    """Each word by itself in each field, and all of them in their order; paths by their parts.

    Args:
        languages: Those of the index, the most frequent first.
        compounding: Those of them whose compounds are looked into.
    """
    by_language = [index_terms(text, language) for language in languages]
    stop_words = stop_stems(text, tuple(languages))
    stems = word_variants([stems for stems, _ in by_language])
    for word in _pick_content(stems, stop_words, "body", terms):
        yield AnyTerm("body", word)
        yield AnyTerm("title", word, TITLE_WEIGHT)
    yield from _compounds(by_language[0][1], stop_words, compounding, terms)
    for prefix in prefixes(text):
        yield from _beginning(prefix, terms)
    wholes = [(whole,) for whole in dict.fromkeys(by_language[0][1])]
    for word in _pick_content(wholes, stop_words, "exact", terms):
        yield AnyTerm("exact", word, EXACT_WEIGHT)
    if 1 < len(by_language[0][0]) <= LONGEST_PHRASE:
        phrases = dict.fromkeys(tuple(stems) for stems, _ in by_language)
        yield AnyPhrase("body", tuple(phrases), PHRASE_WEIGHT)
    for path in _find_paths(text):
        if words := index_terms(path, UNKNOWN)[0]:
            yield AnyPhrase("path", (tuple(words),), PATH_WEIGHT)


def quote_terms(quote: str, languages: Sequence[str]) -> list[tuple[tuple[Field, str], ...]]:
    """For each word of a quote the terms, as (field, term), of which a text that contains the quote has one."""
    stems = word_variants([index_terms(quote, language)[0] for language in (UNKNOWN, *languages)])
    return [_quoted_terms(word) for word in stems]


def _quoted_terms(word: Variants) -> tuple[tuple[Field, str], ...]:
    found: list[tuple[Field, str]] = [("path", word[0])]
    found += [("body", stemmed) for stemmed in (*word, *_SAME.get(word[0], ()))]
    if len(word[0]) == 1:
        found.append(("exact", word[0]))
    return tuple(found)


def _beginning(prefix: str, terms: Terms) -> Iterator[Clause]:
    fields: tuple[tuple[Field, float], ...] = (("body", 1.0), ("exact", EXACT_WEIGHT))
    for field, weight in fields:
        if found := tuple(terms.beginning(field, prefix, MOST_WORDS)):
            yield AnyTerm(field, found, weight)


def _compounds(
    wholes: Sequence[str], stop_words: frozenset[str], languages: Sequence[str], terms: Terms
) -> Iterator[Clause]:
    """Compounds that have a word of the question as a part, and the parts of one that the question has."""
    words = [word for word in dict.fromkeys(wholes) if word not in stop_words]
    for language in languages:
        for word in words if len(words) <= MOST_COMPOUNDS else ():
            if can_be_part(stemmed := stem(word, language)):
                for pattern in containing(stemmed, language):
                    yield TermPattern("body", pattern, COMPOUND_WEIGHT)
            for part in split_compound(word, language, lambda stemmed: terms.count("body", stemmed)):
                yield AnyTerm("body", (part,), PART_WEIGHT)


def word_variants(by_language: Sequence[Sequence[str]]) -> list[Variants]:
    """The distinct words of a question, each with its distinct stems in some languages."""
    return list(dict.fromkeys(tuple(dict.fromkeys(stems)) for stems in zip(*by_language, strict=True)))


def _pick_content(
    words: Iterable[Variants], stop_words: frozenset[str], field: Field, terms: Terms
) -> list[Variants]:
    """The words that are not stop words (all, if there are no others), the rarest of many."""
    words = list(words)
    content = [word for word in words if stop_words.isdisjoint(word)] or words
    if len(content) <= MOST_WORDS:
        return content
    counts = {word: sum(terms.count(field, term) for term in word) for word in content}
    return sorted((word for word in content if counts[word]), key=counts.__getitem__)[:MOST_WORDS]


def _find_paths(text: str) -> list[str]:
    """What may be the path or the name of a file."""
    words = (word.strip("()[]{}<>,;:?!'`") for word in text.split())
    return [word for word in words if len(word) <= LONGEST_PATH and ("/" in word or "." in word[1:-1])][
        :MOST_WORDS
    ]
