"""The weight of the dense score in hybrid search, 0 to 1: asked for, else learned, else by the question.

A single word or identifier is best looked up as written. The more words a question has, the more the model makes of
them; a model that was tuned on the user's own pairs makes more of either. The weights were chosen to lose little on
sets that did not choose them, not to be the best on those that did (benchmarks/README.md).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from simsearch.files import write_atomically
from simsearch.home import Home
from simsearch.storage.words.analysis import count_content_words
from simsearch.storage.words.scripts import script_of
from simsearch.types import WeightBy

ONE_WORD, MANY_WORDS = 0.7, 0.875
TUNED_ONE_WORD, TUNED_MANY_WORDS = 0.85, 0.97
MANY = 4
UNREAD = 0.1
"""For a question in a script that the model can't read: enough to order what words leave equal."""


@dataclass(frozen=True, slots=True)
class DenseWeight:
    """The weight of one question, and what chose it.

    Args:
        is_legible: Whether the model can read the question's script.
    """

    value: float
    chosen_by: WeightBy
    is_legible: bool = True


@dataclass(frozen=True, slots=True)
class DenseWeigher:
    """Gives each question its weight: the one asked for, else the learned one, else the question's own.

    Args:
        tuned: Whether the index's model was tuned in this workspace.
        learned: A weight that judged questions chose.
        asked: A weight that the user asks for.
        unread: Scripts that the model can't read; the words of a question in one of them decide.
    """

    tuned: bool = False
    learned: float | None = None
    asked: float | None = None
    unread: tuple[str, ...] = ()

    def asked_for(self, weight: float | None) -> DenseWeigher:
        """The same with a weight that the user asks for, if there is one."""
        return replace(self, asked=weight)

    def by_default(self) -> DenseWeigher:
        """The same without a weight that was learned or asked for."""
        return replace(self, asked=None, learned=None)

    def __call__(self, text: str) -> DenseWeight:
        is_legible = not self.unread or script_of(text) not in self.unread
        if self.asked is not None:
            return DenseWeight(self.asked, "asked", is_legible)
        if not is_legible:
            return DenseWeight(UNREAD, "question", is_legible)
        if self.learned is not None:
            return DenseWeight(self.learned, "learned")
        return DenseWeight(weigh_question(text, self.tuned), "question")


def weigh_question(text: str, tuned: bool = False) -> float:
    """The weight by the question's number of words.

    Args:
        tuned: Whether the model was tuned on the user's own pairs.
    """
    one_word, many_words = (TUNED_ONE_WORD, TUNED_MANY_WORDS) if tuned else (ONE_WORD, MANY_WORDS)
    more = min(max(count_content_words(text) - 1, 0) / (MANY - 1), 1.0)
    return round(one_word + (many_words - one_word) * more, 4)


@dataclass(frozen=True, slots=True)
class LearnedWeight:
    """A weight that judged questions chose, and what it gains.

    Args:
        fingerprint: Of the model that it was learned with.
        gain: Mean nDCG@10 over the default weight, on questions that did not choose this one.
        interval: The 95 % interval of the gain.
        kept: Whether it is used from now on: the interval lies above 0.
    """

    fingerprint: str
    weight: float
    queries: int
    gain: float
    interval: tuple[float, float]
    kept: bool


def read_learned_weight(folder: Path, fingerprint: str) -> LearnedWeight | None:
    """The weight that was learned with this model and kept.

    Args:
        folder: The workspace's .simsearch/.
    """
    try:
        values = json.loads(Home(folder).dense_weight.read_text(encoding="utf-8"))
        learned = LearnedWeight(**{**values, "interval": tuple(values["interval"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return learned if learned.kept and learned.fingerprint == fingerprint else None


def keep_learned_weight(folder: Path, learned: LearnedWeight) -> None:
    """Use a weight from now on; one that is not better than the default removes what was learned before."""
    if learned.kept:
        write_atomically(Home(folder).dense_weight, json.dumps(asdict(learned), indent=2).encode())
    else:
        remove_learned_weight(folder)


def remove_learned_weight(folder: Path) -> bool:
    """Use the default again; returns whether anything had been learned."""
    existed = Home(folder).dense_weight.exists()
    Home(folder).dense_weight.unlink(missing_ok=True)
    return existed
