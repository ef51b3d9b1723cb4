"""How much meaning counts against words, question by question.

A single word or identifier is best looked for as it stands; the more words, the more the model makes of them, and one
that was tuned on the user's own pairs makes more of either. Chosen on the sets of benchmarks/README.md, where it is
at least as good as the better half of itself on each.
"""

from __future__ import annotations

from simsearch.storage.words.analysis import telling_words

ONE_WORD, MANY_WORDS = 0.7, 0.9
TUNED_ONE_WORD, TUNED_MANY_WORDS = 0.85, 0.97
MANY = 4


def dense_weight(text: str) -> float:
    """The share of dense in the convex sum for a question, 0 to 1, with a model as it comes."""
    return _between(ONE_WORD, MANY_WORDS, text)


def tuned_weight(text: str) -> float:
    """The same with a model that was tuned on the user's own pairs."""
    return _between(TUNED_ONE_WORD, TUNED_MANY_WORDS, text)


def _between(one_word: float, many_words: float, text: str) -> float:
    more = min(max(len(telling_words(text)) - 1, 0) / (MANY - 1), 1.0)
    return round(one_word + (many_words - one_word) * more, 4)
