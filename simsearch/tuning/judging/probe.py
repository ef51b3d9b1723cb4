"""What a model should not forget: general-knowledge questions, written for this purpose."""

from __future__ import annotations

from importlib.resources import files

from simsearch.tuning.judging.measures import Questions, questions_of
from simsearch.types import Pair

FORGOTTEN = 0.05
"""A candidate that loses more nDCG@10 than this on the probe is not promoted."""


NEGLIGIBLE = 0.01
"""Such a loss is accepted; of a mix or map that loses more, less is applied."""


def probe_questions() -> Questions:
    """Everyday questions, each with one answer among answers on neighbouring matters."""
    text = files("simsearch.tuning.judging").joinpath("probe.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines()]
    return questions_of([Pair(question, answer) for question, answer in rows])
