"""How texts become the words that are looked for, and where they stand in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from simsearch.storage.words.stop_words import STOP_WORDS

LONGEST_WORD = 255
_IDENTIFIER = r"\w+(?:[._\-:/]+\w+)*"
_WORD = re.compile(r"[^\W_]+")
_QUOTED = re.compile(r'"([^"]+)"')


@lru_cache(maxsize=1)
def analyzers() -> tuple[Any, Any]:
    """Words stemmed as English, and words and identifiers as they stand; both in lower case without accents."""
    import tantivy

    def analyzer(tokenizer: Any) -> Any:
        shortened = tantivy.TextAnalyzerBuilder(tokenizer).filter(tantivy.Filter.remove_long(LONGEST_WORD))
        return shortened.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.ascii_fold())

    stemmed = analyzer(tantivy.Tokenizer.simple()).filter(tantivy.Filter.stemmer("english"))
    return stemmed.build(), analyzer(tantivy.Tokenizer.regex(_IDENTIFIER)).build()


@lru_cache(maxsize=1)
def stems_of_stop_words() -> frozenset[str]:
    """The stop words as they stand in a stemmed field."""
    return frozenset(analyzers()[0].analyze(" ".join(STOP_WORDS)))


def quoted_phrases(text: str) -> list[str]:
    """What is in double quotes in a question, where there is a word in it."""
    return [phrase for phrase in _QUOTED.findall(text) if analyzers()[0].analyze(phrase)]


def telling_stems(text: str) -> frozenset[str]:
    """The stems of a question's words that are no stop words; all, where there are no others."""
    stems = frozenset(analyzers()[0].analyze(text))
    return stems - stems_of_stop_words() or stems


def telling_words(text: str) -> frozenset[str]:
    """A question's words and whole identifiers that are no stop words; all, where there are no others."""
    words = frozenset(analyzers()[1].analyze(text))
    return words - STOP_WORDS or words


def matched_spans(question: str, text: str) -> Iterator[tuple[int, int]]:
    """The characters [start, end) of each word of a text that the question has too, in order."""
    wanted = telling_stems(question)
    for word in _WORD.finditer(text):
        if not wanted.isdisjoint(_stems(word[0])):
            yield word.span()


@lru_cache(maxsize=1 << 15)
def _stems(word: str) -> tuple[str, ...]:
    return tuple(analyzers()[0].analyze(word))
