"""Texts that the base model cannot read: tokens that are not in its vocabulary, by script."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from simsearch.storage.words.scripts import script_name
from simsearch.tuning.doctor.findings import Finding, places
from simsearch.types import Pair, TokenCounter, UnknownTokenCounter

NOTABLE, SERIOUS = 0.05, 0.2
LOOKED_AT = 5000
"""Rows, spread evenly."""


def unknown_tokens(pairs: Sequence[Pair], tokens: TokenCounter) -> Iterable[Finding]:
    """The share of unknown tokens of each script that the model can hardly read, and texts of nothing else."""
    if not isinstance(tokens, UnknownTokenCounter) or not pairs:
        return
    step = max(len(pairs) // LOOKED_AT, 1)
    rows = pairs[::step]
    texts = list(dict.fromkeys(text for pair in rows for text in (pair.anchor, pair.positive)))
    unknown = dict(zip(texts, tokens.count_unknown(texts), strict=True))
    lengths = dict(zip(texts, tokens.count(texts), strict=True))
    by_script, all_by_script = Counter[str](), Counter[str]()
    for text in texts:
        script = script_name(text) or "letterless"
        by_script[script] += unknown[text]
        all_by_script[script] += lengths[text]
    shares = {script: count / max(all_by_script[script], 1) for script, count in by_script.items()}
    found = {script: share for script, share in shares.items() if share > NOTABLE}
    if found:
        unread = {text for text in texts if unknown[text] > SERIOUS * lengths[text]}
        places_of = [pair for pair in rows if unread & {pair.anchor, pair.positive}]
        listed = ", ".join(f"{share:.0%} of the tokens in {script} texts" for script, share in found.items())
        yield Finding(
            f"The base model does not know {listed}",
            places(places_of),
            "All unknown tokens are the same to it, and training doesn't change that.",
            "They are kept; choose a --base model that knows these signs, such as a multilingual one.",
            serious=max(found.values()) > SERIOUS,
        )
