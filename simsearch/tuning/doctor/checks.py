"""What can be wrong with pairs, one check a function; each yields what it finds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import median

from simsearch.grouping import tying_texts
from simsearch.near_duplicates import connected, near_duplicates, normalise
from simsearch.tuning.doctor.findings import Finding, places
from simsearch.tuning.pairs.classes import labelled
from simsearch.types import Pair
from simsearch.wording import counted

MANY = 0.05
MUCH_LONGER = 4
LONG_QUESTION = 40
"""Tokens; a median question longer than that is unusual."""


def equal_sides(pairs: Sequence[Pair]) -> Iterable[Finding]:
    rows = [pair for pair in pairs if same_sides(pair)]
    if rows:
        yield Finding(
            f"{counted(len(rows), 'pair has', 'pairs have')} the same text on both sides",
            places(rows),
            "They teach nothing and make the test too easy.",
            "They are left out.",
        )


def repeated_pairs(pairs: Sequence[Pair]) -> Iterable[Finding]:
    seen: set[tuple[str, str]] = set()
    rows = [pair for pair in pairs if pair_key(pair) in seen or seen.add(pair_key(pair))]  # type: ignore[func-returns-value]
    if rows:
        yield Finding(
            f"{counted(len(rows), 'pair occurs', 'pairs occur')} more than once",
            places(rows),
            "They would count more than the others.",
            "Each counts once.",
            serious=len(rows) > MANY * len(pairs),
        )


def conflicting_scores(pairs: Sequence[Pair]) -> Iterable[Finding]:
    scores: dict[tuple[str, str], set[float | None]] = defaultdict(set)
    for pair in pairs:
        scores[pair_key(pair)].add(pair.score)
    rows = [pair for pair in pairs if len(scores[pair_key(pair)]) > 1]
    if rows:
        yield Finding(
            f"{counted(len(rows), 'row gives', 'rows give')} the same pair different scores",
            places(rows),
            "The model can't satisfy both.",
            "The first one counts.",
        )


def conflicting_labels(pairs: Sequence[Pair]) -> Iterable[Finding]:
    labels: dict[str, set[str]] = defaultdict(set)
    for pair in pairs if labelled(pairs) else ():
        for text in (pair.anchor, pair.positive):
            labels[text].add(str(pair.label))
    claimed = {text for text, names in labels.items() if len(names) > 1}
    rows = [pair for pair in pairs if claimed.intersection((pair.anchor, pair.positive))]
    if rows:
        yield Finding(
            f"{counted(len(claimed), 'text has', 'texts have')} more than one label",
            places(rows),
            "Each would be pulled towards one class, and count as wrong for the other.",
            "They are left out, in training and in the test set.",
            serious=len(claimed) > MANY * len(labels),
        )


def one_sided(pairs: Sequence[Pair]) -> Iterable[Finding]:
    for side in ("anchor", "positive"):
        text, count = Counter(normalise(getattr(pair, side)) for pair in pairs).most_common(1)[0]
        if count > max(len(pairs) // 2, 1):
            yield Finding(
                f"{count} of {len(pairs)} pairs have the same {side}, '{text[:40]}'",
                (),
                "There is little to distinguish.",
                "They are kept; check that the right columns were read.",
            )


def shared_answers(pairs: Sequence[Pair]) -> Iterable[Finding]:
    anchors: dict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        anchors[normalise(pair.positive)].add(normalise(pair.anchor))
    rows = [pair for pair in pairs if len(anchors[normalise(pair.positive)]) > 1]
    if rows:
        yield Finding(
            f"{counted(len(rows), 'pair shares its', 'pairs share their')} positive with another anchor",
            places(rows),
            "In one batch, each would be the other's false negative.",
            "The sampler keeps them in different batches.",
            serious=False,
        )


def near_duplicate_texts(pairs: Sequence[Pair]) -> Iterable[Finding]:
    texts = sorted({text for text, _ in tying_texts(usable(pairs))})
    groups = [group for group in connected(len(texts), near_duplicates(texts)) if len(group) > 1]
    if groups:
        alike = {texts[i] for group in groups for i in group}
        rows = [pair for pair in pairs if alike.intersection(pair_key(pair))]
        yield Finding(
            f"{len(alike)} texts are nearly the same as another, in {len(groups)} groups",
            places(rows),
            "A random split would put some of them in both sets and overstate the gain.",
            "The grouped split keeps each group in one set.",
            serious=False,
        )


def contradicting_negatives(pairs: Sequence[Pair]) -> Iterable[Finding]:
    positives: dict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        positives[normalise(pair.anchor)].add(normalise(pair.positive))
    rows = [
        pair
        for pair in pairs
        if positives[normalise(pair.anchor)].intersection(map(normalise, pair.negatives))
    ]
    if rows:
        yield Finding(
            f"{counted(len(rows), 'row has', 'rows have')} a negative that is a positive of the same anchor",
            places(rows),
            "The model would be pushed in both directions.",
            "They are kept; remove the negative.",
        )


def swapped_rows(pairs: Sequence[Pair]) -> Iterable[Finding]:
    there = {pair_key(pair) for pair in pairs}
    rows = [pair for pair in pairs if pair_key(pair)[::-1] in there and not same_sides(pair)]
    if rows:
        yield Finding(
            f"{counted(len(rows), 'row also occurs with its', 'rows also occur with their')} sides swapped",
            places(rows),
            "What is asked and what should be found are mixed up.",
            "Both are kept; if the order means something, put what people ask first.",
            serious=len(rows) > MANY * len(pairs),
        )


def long_questions(pairs: Sequence[Pair], counts: Mapping[str, Sequence[int]]) -> Iterable[Finding]:
    asked, found = median(counts["anchor"]), median(counts["positive"])
    if asked > LONG_QUESTION and asked > MUCH_LONGER * found:
        yield Finding(
            f"Anchors have {asked:.0f} tokens at the median, positives {found:.0f}",
            (),
            "The columns may be swapped: what people ask is rarely longer than what they find.",
            "They are kept; say which is which with --columns anchor=NAME,positive=NAME.",
        )


def constant_scores(pairs: Sequence[Pair]) -> Iterable[Finding]:
    scores = {pair.score for pair in pairs}
    if len(scores) == 1 and None not in scores and len(pairs) > 1:
        yield Finding(
            f"All scores are {scores.pop():g}",
            (),
            "They say nothing about which pairs are more alike.",
            "They are not read.",
            serious=False,
        )


def none_similar(pairs: Sequence[Pair]) -> Iterable[Finding]:
    if pairs and not any(pair.similar for pair in pairs):
        yield Finding(
            f"None of the pairs is similar: the highest score is {max(pair.score or 0 for pair in pairs):g} of 1",
            (),
            "There is no right answer to train on or to test with.",
            "Nothing is promoted. If the scores are on another scale, write --scores given:low=LOW,high=HIGH.",
            decisive=True,
        )


def too_long(pairs: Sequence[Pair], counts: Mapping[str, Sequence[int]], limit: int) -> Iterable[Finding]:
    for side, lengths in counts.items():
        rows = [pair for pair, length in zip(pairs, lengths, strict=True) if length > limit]
        if rows:
            lost = sum(max(length - limit, 0) for length in lengths) / sum(lengths)
            yield Finding(
                f"{counted(len(rows), f'{side} is', f'{side}s are')} longer than the {limit} tokens "
                "that the model reads",
                places(rows),
                f"The rest is never read: {lost:.0%} of all their tokens.",
                "They are truncated there, in training and in the test set.",
                serious=len(rows) > len(pairs) // 2,
            )


def usable(pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs without what teaches nothing: equal sides, and a pair that was there before."""
    kept: dict[tuple[str, str], Pair] = {}
    for pair in pairs:
        if not same_sides(pair):
            kept.setdefault(pair_key(pair), pair)
    return list(kept.values())


def describe_unusable(pairs: Sequence[Pair]) -> Iterator[str]:
    """What `usable` leaves out, a sentence each."""
    return (f"{finding.what}." for check in (equal_sides, repeated_pairs) for finding in check(pairs))


def pair_key(pair: Pair) -> tuple[str, str]:
    """Pairs of equal keys count as the same pair."""
    return normalise(pair.anchor), normalise(pair.positive)


def same_sides(pair: Pair) -> bool:
    key = pair_key(pair)
    return key[0] == key[1]
