"""Looks at pairs before they train: what is wrong with them, what it would do, and what tune does about it."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from simsearch.errors import InputError
from simsearch.near_duplicates import connected, near_duplicates, normalise
from simsearch.types import Pair, TokenCounter

EXAMPLES = 5
MANY = 0.05


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about the pairs that a person should know.

    Args:
        what: What was found, with how many.
        rows: Where, the first few, as file:row.
        consequence: What it would do to the model or to the measurement.
        action: What tune does about it.
        serious: Whether --strict stops for it.
    """

    what: str
    rows: tuple[str, ...]
    consequence: str
    action: str
    serious: bool = True

    def __str__(self) -> str:
        where = f" ({', '.join(self.rows)})" if self.rows else ""
        return f"{self.what}{where}: {self.consequence} {self.action}"

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def examine(pairs: Sequence[Pair], tokens: TokenCounter) -> list[Finding]:
    """All findings on the pairs.

    Args:
        tokens: Counts as the base model reads.
    """
    checks: tuple[Callable[[Sequence[Pair]], Iterable[Finding]], ...] = (
        equal_sides,
        repeated_pairs,
        conflicting_scores,
        one_sided,
        shared_answers,
        near_duplicate_texts,
        mixed_scripts,
    )
    found = [finding for check in checks for finding in check(pairs)]
    return [*found, *too_long(pairs, tokens)]


def usable(pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs without what teaches nothing: equal sides, and a pair that was there before."""
    kept: dict[tuple[str, str], Pair] = {}
    for pair in pairs:
        key = _key(pair)
        if key[0] != key[1]:
            kept.setdefault(key, pair)
    return list(kept.values())


def refuse(findings: Sequence[Finding]) -> None:
    """Stop for serious findings, as --strict asks.

    Raises:
        InputError: There is one.
    """
    serious = [finding for finding in findings if finding.serious]
    if serious:
        raise InputError(f"--strict stops here, for {len(serious)} findings; the first: {serious[0]}")


def equal_sides(pairs: Sequence[Pair]) -> Iterable[Finding]:
    rows = [pair for pair in pairs if normalise(pair.anchor) == normalise(pair.positive)]
    if rows:
        yield Finding(
            f"{len(rows)} pairs have the same text on both sides",
            _places(rows),
            "They teach nothing and make the test look easy.",
            "They are left out.",
        )


def repeated_pairs(pairs: Sequence[Pair]) -> Iterable[Finding]:
    seen: set[tuple[str, str]] = set()
    rows = [pair for pair in pairs if _key(pair) in seen or seen.add(_key(pair))]  # type: ignore[func-returns-value]
    if rows:
        yield Finding(
            f"{len(rows)} pairs are there more than once",
            _places(rows),
            "They would weigh more than the others.",
            "Each counts once.",
            serious=len(rows) > MANY * len(pairs),
        )


def conflicting_scores(pairs: Sequence[Pair]) -> Iterable[Finding]:
    scores: dict[tuple[str, str], set[float | None]] = defaultdict(set)
    for pair in pairs:
        scores[_key(pair)].add(pair.score)
    rows = [pair for pair in pairs if len(scores[_key(pair)]) > 1]
    if rows:
        yield Finding(
            f"{len(rows)} rows give the same pair different scores",
            _places(rows),
            "The model can't satisfy both.",
            "The first one counts.",
        )


def one_sided(pairs: Sequence[Pair]) -> Iterable[Finding]:
    for side in ("anchor", "positive"):
        text, count = Counter(normalise(getattr(pair, side)) for pair in pairs).most_common(1)[0]
        if count > max(len(pairs) // 2, 1):
            yield Finding(
                f"{count} of {len(pairs)} pairs have the same {side}, '{text[:40]}'",
                (),
                "There is little to tell apart.",
                "They stay; check that the right columns were read.",
            )


def shared_answers(pairs: Sequence[Pair]) -> Iterable[Finding]:
    anchors: dict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        anchors[normalise(pair.positive)].add(normalise(pair.anchor))
    rows = [pair for pair in pairs if len(anchors[normalise(pair.positive)]) > 1]
    if rows:
        yield Finding(
            f"{len(rows)} pairs share their positive with another anchor",
            _places(rows),
            "In one batch, each would be the other's false negative.",
            "The sampler keeps them in different batches.",
            serious=False,
        )


def near_duplicate_texts(pairs: Sequence[Pair]) -> Iterable[Finding]:
    texts = sorted({normalise(text) for pair in pairs for text in (pair.anchor, pair.positive)})
    groups = [group for group in connected(len(texts), near_duplicates(texts)) if len(group) > 1]
    if groups:
        alike = sum(map(len, groups))
        yield Finding(
            f"{alike} texts are nearly the same as another, in {len(groups)} groups",
            (),
            "A random split would put some on both sides and claim too much.",
            "The grouped split keeps each group on one side.",
            serious=False,
        )


def mixed_scripts(pairs: Sequence[Pair]) -> Iterable[Finding]:
    rows = [pair for pair in pairs if _script(pair.anchor) != _script(pair.positive)]
    rows = [pair for pair in rows if "" not in (_script(pair.anchor), _script(pair.positive))]
    if rows:
        yield Finding(
            f"{len(rows)} pairs have their sides in two scripts",
            _places(rows),
            "A model made for one language may not read the other.",
            "They stay; choose a base model that reads both.",
            serious=False,
        )


def too_long(pairs: Sequence[Pair], tokens: TokenCounter) -> Iterable[Finding]:
    for side in ("anchor", "positive"):
        counts = tokens.count([getattr(pair, side) for pair in pairs])
        rows = [pair for pair, count in zip(pairs, counts, strict=True) if count > tokens.limit]
        if rows:
            lost = sum(max(count - tokens.limit, 0) for count in counts) / sum(counts)
            yield Finding(
                f"{len(rows)} {side}s are longer than the {tokens.limit} tokens that the model reads",
                _places(rows),
                f"What comes after is never seen: {lost:.0%} of all their tokens.",
                "They are cut there, in training and in the test alike.",
                serious=len(rows) > len(pairs) // 2,
            )


def _key(pair: Pair) -> tuple[str, str]:
    return normalise(pair.anchor), normalise(pair.positive)


def _places(rows: Sequence[Pair]) -> tuple[str, ...]:
    places = [f"{pair.source}:{pair.row}" for pair in rows[:EXAMPLES]]
    return (*places, "…") if len(rows) > EXAMPLES else tuple(places)


def _script(text: str) -> str:
    """The script of most of its letters, as Unicode names it: LATIN, CYRILLIC, CJK, …"""
    letters = (unicodedata.name(letter, "").partition(" ")[0] for letter in text[:200] if letter.isalpha())
    common = Counter(letters).most_common(1)
    return common[0][0] if common else ""
