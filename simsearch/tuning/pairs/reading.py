"""Files to pairs, ready to be split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from simsearch.errors import InputError
from simsearch.plugins.registry import Built, Registry
from simsearch.types import Pair, PairFile, PairReader

QUESTION_MARKS = ("?", "？", "؟", '?"', "？」")


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file of pairs.

    Args:
        name: As the caller named it.
        pairs: What was read of it, and how.
    """

    name: str
    pairs: PairFile


def read_pairs(paths: Sequence[Path], registry: Registry, columns: str = "") -> list[Pair]:
    """All pairs of some files, in order; as read_files."""
    return [pair for file in read_files(paths, registry, columns) for pair in file.pairs]


def read_files(paths: Sequence[Path], registry: Registry, columns: str = "") -> list[ReadFile]:
    """Some files of pairs.

    Args:
        paths: Each read by the pair reader that accepts its ending, or a file in it if it is a folder.
        columns: Arguments for the pair readers, such as `anchor=question,positive=answer`.

    Raises:
        InputError: A file is missing, empty or of an unknown type, or a row is not a pair.
    """
    files = [ReadFile(str(path), _read_file(path, registry, columns)) for path in paths]
    refuse_one_class([pair for file in files for pair in file.pairs])
    if not columns:
        refuse_swapped_columns([pair for file in files for pair in file.pairs])
    return files


def _read_file(path: Path, registry: Registry, columns: str) -> PairFile:
    if not path.exists():
        raise InputError(f"{path} does not exist.")
    reader = pair_reader(path, registry, columns)
    with reader.guarded():
        read = reader.value(path)
        found = read if isinstance(read, PairFile) else _plain_file(list(read))
    if not all(isinstance(pair, Pair) for pair in found):
        raise reader.blame("returned something other than a Pair")
    if not found.pairs:
        raise InputError(
            " ".join([f"{path} has no pairs; it should have two texts in each row.", *found.notes])
        )
    return found


def _plain_file(pairs: Sequence[Any]) -> PairFile:
    """What a pair reader that only gives pairs has read: one of each row, in columns that it doesn't name."""
    return PairFile(tuple(pairs), rows=len({getattr(pair, "row", 0) for pair in pairs}))


def pair_reader(path: Path, registry: Registry, columns: str = "") -> Built[PairReader]:
    """The pair reader for a file's ending, or for what is in a folder."""
    offers = registry.offers("pair_readers")
    for offer in offers:
        if any(_takes(path, ending) for ending in offer.component.accepts):
            name = offer.component.name
            return registry.pair_reader(f"{name}:{columns}" if columns else name)
    accepted = [ending for offer in offers for ending in offer.component.accepts]
    if path.is_dir():
        inside = ", ".join(ending[1:] for ending in accepted if ending.startswith("/"))
        raise InputError(
            f"{path} is a folder, which can be read if it holds one of {inside}; else name its files."
        )
    endings = ", ".join(
        ending for ending in accepted if ending.count(".") == 1 and not ending.startswith("/")
    )
    raise InputError(
        f"{path}: no pair reader handles this file type; supported: {endings}, also compressed (.gz). A table of text "
        "can be renamed to .csv or .tsv."
    )


def _takes(path: Path, ending: str) -> bool:
    if ending.startswith("/"):
        return (path / ending[1:]).is_file()
    return not path.is_dir() and path.name.lower().endswith(ending)


def refuse_one_class(pairs: Sequence[Pair]) -> None:
    """Stop where all texts are of one class.

    Raises:
        InputError: They are.
    """
    labels = {pair.label for pair in pairs}
    if len(labels) == 1 and None not in labels:
        raise InputError(
            f"{pairs[0].source}: all texts have the same label, '{pairs[0].label}'; texts of one class teach nothing, "
            "since there is no other class to tell them from."
        )


def refuse_swapped_columns(pairs: Sequence[Pair]) -> None:
    """Stop where the questions are in the column of the answers.

    Raises:
        InputError: Nearly all positives end in a question mark, and nearly no anchors.
    """
    anchors, positives = (
        sum(text.rstrip().endswith(QUESTION_MARKS) for text in side) / len(pairs)
        for side in ([pair.anchor for pair in pairs], [pair.positive for pair in pairs])
    )
    if positives > 0.8 and anchors < 0.2:
        first = pairs[0]
        raise InputError(
            f"the columns look swapped: {positives:.0%} of the positives are "
            f"questions and {anchors:.0%} of the anchors. Put what people ask first, or say that it is right "
            "with --columns anchor=NAME,positive=NAME.",
            path=first.source,
            row=first.row,
        )


def sample(pairs: Sequence[Pair], limit: int | None, random: np.random.Generator) -> list[Pair]:
    """At most `limit` pairs, drawn without replacement, in their own order."""
    if limit is None or limit >= len(pairs):
        return list(pairs)
    return [pairs[i] for i in np.sort(random.choice(len(pairs), limit, replace=False))]
