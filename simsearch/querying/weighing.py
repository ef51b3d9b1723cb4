"""How much meaning counts against words, question by question.

A single word or identifier is best looked for as it stands; the more words, the more the model makes of them.
Chosen on the sets of benchmarks/README.md, where it is at least as good as the better half of itself on each.
"""

from __future__ import annotations

from simsearch.storage.word_analysis import telling_words

ONE_WORD, MANY_WORDS = 0.7, 0.9
MANY = 4


def dense_weight(text: str) -> float:
    """The share of dense in the convex sum for a question, 0 to 1."""
    more = min(max(len(telling_words(text)) - 1, 0) / (MANY - 1), 1.0)
    return round(ONE_WORD + (MANY_WORDS - ONE_WORD) * more, 4)
