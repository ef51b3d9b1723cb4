"""How a text becomes the terms that the word index holds. Questions and documents are analysed alike.

A text falls into tokens: words, and identifiers such as `pg_stat_activity`, `PEP-484` or `src/main.py`. A token gives
- `stem` terms: the stem of each of its words, by the language of the document; of `useEffect` also those of `use` and
  `effect`; of scripts without spaces each pair of neighbouring characters, as Lucene's CJKAnalyzer has them; and
- `whole` terms: the token itself, not stemmed; of Han and Hangul each character.
`C++`, `C#` and `.NET` are words of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from simsearch.storage.words.compounds import COMPOUNDING, can_be_part, is_part
from simsearch.storage.words.languages import language_of, shown_languages, stem, stop_words_of
from simsearch.storage.words.normalisation import compatible, compatible_with_offsets, folded
from simsearch.storage.words.patterns import (
    ASCII_TOKEN,
    CAMEL,
    CHARACTER_WORD,
    CLUSTER,
    HUMP,
    IDENTIFIER,
    LONGEST_WORD,
    PART,
    PREFIX,
    REST,
    RUN,
    SINGLE,
    TOKEN,
    WORD_OR_RUN,
)
from simsearch.storage.words.scripts import hide_escapes
from simsearch.storage.words.stop_words import STOP_WORDS

REMEMBERED, LONGEST_ASCII, LONGEST_OTHER = 1 << 15, 64, 12
"""Tokens whose terms are remembered, and their greatest length: of scripts without spaces whole sentences are tokens,
which don't come again."""

_HIRAGANA = re.compile("[\u3041-\u309f]{1,2}")

Kind = Literal["stem", "whole"]

Term = tuple[str, Kind, int, int]
"""A term of a token: its text as the index holds it, the field of the index that holds it, and the characters
[start, end) of the token that it stands for."""


def analyze(text: str, language: str) -> Iterator[tuple[int, tuple[Term, ...]]]:
    """Where each token of a text begins, and its terms.

    Args:
        language: Of the document that the text is from, see languages.py.
    """
    for token in _tokens(text):
        word = token[0]
        yield token.start(), (_remembered_terms if _is_short(word) else _find_terms)(word, language)


def index_terms(text: str, language: str) -> tuple[list[str], list[str]]:
    """The same for an index: the `stem` terms and the `whole` terms, each in order."""
    stems: list[str] = []
    wholes: list[str] = []
    ascii_only = text.isascii() and "\x1b" not in text
    pattern, text = (ASCII_TOKEN, text) if ascii_only else (TOKEN.compiled, hide_escapes(text))
    for token in pattern.findall(text):
        of_token = (_remembered_by_kind if _is_short(token) else _by_kind)(token, language)
        stems += of_token[0]
        wholes += of_token[1]
    return stems, wholes


def end_of_word(text: str, end: int) -> int:
    """Where the word ends that a chunk's end cuts through; of a script without spaces one more character, so that no
    pair is lost."""
    if not 0 < end < len(text) or text[end - 1].isspace() or text[end].isspace():
        return end
    rest = REST.compiled.match(text, end)
    return rest.end() if rest else end


@lru_cache(maxsize=256)
def content_stems(text: str, language: str) -> frozenset[str]:
    """The stems of a text's words that are not stop words of its language; all of them if there are no others."""
    stems = frozenset(index_terms(text, language)[0])
    return stems - stop_stems(text, (language,)) or stems


def share_of_words(question: str, text: str) -> float:
    """The share of the words of a question, 0 to 1, that a text has. Stop words don't count, nor do pairs of Hiragana,
    which are mostly particles and endings, unless the question has nothing else."""
    language = language_of(text)
    stems = content_stems(question, language)
    wanted = {stemmed for stemmed in stems if not _HIRAGANA.fullmatch(stemmed)} or stems
    return len(wanted.intersection(index_terms(text, language)[0])) / len(wanted) if wanted else 0.0


@lru_cache(maxsize=256)
def stop_stems(text: str, languages: tuple[str, ...]) -> frozenset[str]:
    """The stop words of a question as the index of some languages holds them."""
    shown = shown_languages(text, list(languages))
    return frozenset().union(*(_stop_stems_in(language, languages) for language in shown))


@lru_cache(maxsize=256)
def _stop_stems_in(language: str, languages: tuple[str, ...]) -> frozenset[str]:
    """The stop words of one language and their stems: many questions share these hundreds of words."""
    words = STOP_WORDS[language]
    return words | frozenset(stem(word, language) for word in words for language in languages)


def prefixes(question: str) -> tuple[str, ...]:
    """The beginnings of words that a question asks for, as `org*` asks for `organ` and `organise`."""
    if "*" not in question:
        return ()
    return tuple(dict.fromkeys(folded(compatible(found)) for found in PREFIX.compiled.findall(question)))


def count_content_words(text: str) -> int:
    """How many distinct words and whole identifiers a question has besides stop words; all, if there are no others.
    Of scripts without spaces two characters count as a word."""
    if text.isascii():
        words = {token.lower() for token in ASCII_TOKEN.findall(text)}
        return len(words - stop_words_of(text, [language_of(text)]) or words)
    words = {
        folded(token)
        for token in map(str, WORD_OR_RUN.compiled.findall(text))
        if not RUN.compiled.match(token)
    }
    runs = sum(max(1, len(run) // 2) for run in RUN.compiled.findall(text))
    words = (words - stop_words_of(text, [language_of(text)])) or words
    return len(words) + runs


def matched_spans(question: str, text: str) -> Iterator[tuple[int, int]]:
    """The characters [start, end) of each word of a text that the question has too, in order."""
    before: tuple[int, int] | None = None
    for start, end in _matches(question, text, language_of(text)):
        if before is None:
            before = start, end
        elif start < before[1]:
            before = before[0], max(before[1], end)
        else:
            yield before
            before = start, end
    if before is not None:
        yield before


def _matches(question: str, text: str, language: str) -> Iterator[tuple[int, int]]:
    """Where the terms of a text are that the question has too; those of a token overlap."""
    wanted, beginnings = content_stems(question, language), prefixes(question)
    parts = [stemmed for stemmed in wanted if can_be_part(stemmed)] if language in COMPOUNDING else []
    for offset, terms in analyze(text, language):
        for term, kind, start, end in terms:
            if kind == "whole":
                found = bool(beginnings) and term.startswith(beginnings)
            else:
                found = term in wanted or (
                    bool(parts) and any(is_part(part, term, language) for part in parts)
                )
            if found:
                yield offset + start, offset + end


def _tokens(text: str) -> Iterator[re.Match[str]]:
    if text.isascii() and "\x1b" not in text:
        return ASCII_TOKEN.finditer(text)
    return TOKEN.compiled.finditer(hide_escapes(text))


def _by_kind(token: str, language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The terms of one token, by kind."""
    if token.isascii() and token.isalpha() and token.islower() and 1 < len(token) <= LONGEST_WORD:
        return (stem(token, language),), (token,)  # most tokens are such words, which have no parts
    terms = _find_terms(token, language)
    stems, wholes = (tuple(term[0] for term in terms if term[1] == kind) for kind in ("stem", "whole"))
    return stems, wholes


def _find_terms(token: str, language: str) -> tuple[Term, ...]:
    """The terms of one token, with their offsets in it."""
    if token.isascii():
        return tuple(_identifier(token, 0, len(token), language))
    text, offsets = compatible_with_offsets(token)
    return tuple(
        (term, kind, offsets[start], _end(offsets, end))
        for term, kind, start, end in _segments(text, language)
    )


_remembered_by_kind = lru_cache(maxsize=REMEMBERED)(_by_kind)
_remembered_terms = lru_cache(maxsize=REMEMBERED >> 3)(_find_terms)


def _is_short(token: str) -> bool:
    return len(token) <= LONGEST_OTHER or (len(token) <= LONGEST_ASCII and token.isascii())


def _end(offsets: list[int], end: int) -> int:
    """Where the original of text[:end] ends; a character that others were made of belongs to all of them."""
    last = offsets[end - 1]
    while end < len(offsets) - 1 and offsets[end] == last:
        end += 1
    return offsets[end]


def _segments(text: str, language: str) -> Iterator[Term]:
    """Runs of unspaced scripts, and the identifiers between them."""
    at = 0
    for run in RUN.compiled.finditer(text):
        yield from _identifiers(text, at, run.start(), language)
        yield from _pairs(run)
        at = run.end()
    yield from _identifiers(text, at, len(text), language)


def _pairs(run: re.Match[str]) -> Iterator[Term]:
    """Each two neighbours; a single character by itself."""
    spans = [
        (cluster.start() + run.start(), cluster.end() + run.start())
        for cluster in CLUSTER.compiled.finditer(run[0])
    ]
    for start, end in spans:
        if CHARACTER_WORD.compiled.match(run.string, start):
            yield folded(run.string[start:end]), "whole", start, end
    if len(spans) == 1:
        yield folded(run[0]), "stem", *spans[0]
    for (start, _), (_, end) in pairwise(spans):
        yield folded(run.string[start:end]), "stem", start, end


def _identifiers(text: str, start: int, end: int, language: str) -> Iterator[Term]:
    if single := SINGLE.fullmatch(text, start, end):
        yield from _identifier(text, *single.span(), language)
        return
    for found in IDENTIFIER.compiled.finditer(text, start, end):
        yield from _identifier(text, *found.span(), language)


def _identifier(text: str, start: int, end: int, language: str) -> Iterator[Term]:
    """A word or an identifier as a whole, and its parts."""
    whole = folded(text[start:end]).replace("♯", "#")
    if len(whole) <= LONGEST_WORD:
        yield whole, "whole", start, end
    if SINGLE.fullmatch(text, start, end):
        yield whole, "stem", start, end
        return
    for part in PART.compiled.finditer(text, start, end):
        if part.end() - part.start() > LONGEST_WORD:
            continue
        word = folded(part[0])
        if text[part.start() - 1 : part.start()] == "." and part[0] in ("NET", "Net"):
            yield ".net", "stem", *part.span()
            continue
        yield stem(word, language), "stem", *part.span()
        if CAMEL.search(part[0]):
            yield from _humps(part, language)


def _humps(part: re.Match[str], language: str) -> Iterator[Term]:
    """The words of a name in camel case; none where one of them is a single letter, as in `iPhone` or `PDFs`."""
    humps = list(HUMP.finditer(part.string, *part.span()))
    plural = part[0].endswith("s") and part[0][:-1].isupper()
    if plural or len(humps) < 2 or any(hump.end() - hump.start() < 2 for hump in humps):
        return
    for hump in humps:
        yield stem(folded(hump[0]), language), "stem", *hump.span()
