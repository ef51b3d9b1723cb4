"""Looks at pairs before they train: what is wrong with them, what it would do, and what tune does about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import median

from simsearch.errors import InputError
from simsearch.tuning.doctor import checks
from simsearch.tuning.doctor.contradictions import contradicted_scores
from simsearch.tuning.doctor.false_negatives import false_negative_risk
from simsearch.tuning.doctor.findings import Finding
from simsearch.tuning.doctor.languages import mixed_languages, mixed_scripts
from simsearch.tuning.doctor.texts import (
    enclosed_in_quotes,
    labels_as_texts,
    marked_up,
    not_texts,
    placeholders,
    printed_values,
    wrongly_decoded,
)
from simsearch.tuning.doctor.unknown_tokens import unknown_tokens
from simsearch.tuning.doctor.unread_columns import unread_columns
from simsearch.tuning.judging.measures import Encode
from simsearch.tuning.pairs.readings import Reading
from simsearch.types import Pair, TokenCounter
from simsearch.wording import counted

CHECKS: tuple[Callable[[Sequence[Pair]], Iterable[Finding]], ...] = (
    not_texts,
    labels_as_texts,
    placeholders,
    wrongly_decoded,
    printed_values,
    marked_up,
    enclosed_in_quotes,
    checks.equal_sides,
    checks.repeated_pairs,
    checks.conflicting_scores,
    checks.conflicting_labels,
    checks.contradicting_negatives,
    checks.swapped_rows,
    checks.one_sided,
    checks.constant_scores,
    checks.none_similar,
    checks.shared_answers,
    checks.near_duplicate_texts,
    mixed_scripts,
    mixed_languages,
)


def examine(
    pairs: Sequence[Pair],
    tokens: TokenCounter,
    encode: Encode | None = None,
    in_batch: bool = True,
    readings: Sequence[Reading] = (),
    counts: Mapping[str, list[int]] | None = None,
) -> list[Finding]:
    """All findings on the pairs.

    Args:
        tokens: Counts as the base model reads.
        encode: The base model, for what only vectors show; None leaves that out.
        in_batch: Whether the loss takes negatives from the batch, so that false ones matter.
        readings: How the files were read, for what only their columns show.
        counts: What count_tokens gives, if it is known.
    """
    counts = counts or count_tokens(pairs, tokens)
    found = [*unread_columns(pairs, readings), *(finding for check in CHECKS for finding in check(pairs))]
    found += unknown_tokens(pairs, tokens)
    found += checks.long_questions(pairs, counts)
    found += checks.too_long(pairs, counts, tokens.limit)
    if encode:
        both = [sum(sides) for sides in zip(*counts.values(), strict=True)]
        found += contradicted_scores(pairs, both, encode)
    if encode and in_batch:
        found += false_negative_risk(pairs, counts["positive"], encode)
    return found


def describe_lengths(counts: Mapping[str, list[int]], limit: int) -> str:
    """How long the texts are, in a sentence."""
    sides = ", ".join(
        f"{side}s of {median(lengths):.0f} tokens (the longest {max(lengths)})"
        for side, lengths in counts.items()
    )
    return f"Texts: {sides}; the model reads {limit}."


def count_tokens(pairs: Sequence[Pair], tokens: TokenCounter) -> dict[str, list[int]]:
    """Tokens of each anchor and of each positive."""
    return {side: tokens.count([getattr(pair, side) for pair in pairs]) for side in ("anchor", "positive")}


def refuse(findings: Sequence[Finding]) -> None:
    """Stop for serious findings, as --strict asks.

    Raises:
        InputError: There is one.
    """
    serious = [finding for finding in findings if finding.serious]
    if serious:
        raise InputError(
            f"--strict stops here because of {counted(len(serious), 'finding', 'findings')}. The first: {serious[0]}"
        )
