"""The judged questions that a question is near to, and what they change of its ranking.

A judged question is another text of the document that is right for it: a document is as near to a question as its own
text says, or nearer if it was right for a question like this. So a judged question changes nothing where the index
has a nearer answer. The rule was chosen by trying it on nl2bash; benchmarks/judgements.py measures it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from simsearch.near_duplicates import normalise
from simsearch.storage.conditions import And, Condition, FieldComparison, Or
from simsearch.storage.protocols import Matches, Snapshot
from simsearch.types import Scores, Vectors

NEAR = 0.3
"""The cosine below which a judged question says nothing."""
MOST = 8
"""How many judged questions, the nearest ones, speak for a question."""
CHUNKS_EACH = 4
"""How many chunks are looked for of each document that the search itself did not find."""

Boosts = Mapping[str, float]
"""How strongly judged questions raise documents (above 0) or lower them (below 0), by the document's id: the cosine, up
to 1, of the nearest question that it was judged for. 1 is the same question."""


@dataclass(frozen=True, slots=True, eq=False)
class Memory:
    """Judged questions.

    Args:
        questions: Normalised.
        vectors: Of the questions, float32 [n, d], unit length, as questions are embedded.
        verdicts: For each question, whether a document is right, by its id.
    """

    questions: tuple[str, ...]
    vectors: Vectors
    verdicts: tuple[Mapping[str, bool], ...]

    def find_boosts(self, text: str, vector: Vectors | None, without: int | None = None) -> Boosts:
        """What the nearest judged questions say of documents; the nearest one decides.

        Args:
            vector: Of the text, float32 [1, d]; without it only the same question counts.
            without: A judged question to leave out, by its place.
        """
        nearness = self._nearness(text, vector)
        if without is not None:
            nearness[without] = -1
        boosts: dict[str, float] = {}
        for place in np.argsort(-nearness, kind="stable")[:MOST].tolist():
            if nearness[place] < NEAR:
                break
            for id, right in self.verdicts[place].items():
                boosts.setdefault(id, float(nearness[place]) * (1 if right else -1))
        return boosts

    def _nearness(self, text: str, vector: Vectors | None) -> Scores:
        """float32 [n], at most 1."""
        same = np.array([question == normalise(text) for question in self.questions], bool)
        cosines = np.zeros(len(same), np.float32) if vector is None else (self.vectors @ vector[0])
        nearness: Scores = np.where(same, np.float32(1), np.minimum(cosines, np.float32(0.9999)))
        return nearness


def find_judged(
    found: Matches, vector: Vectors, boosts: Boosts, snapshot: Snapshot, condition: Condition | None
) -> Matches:
    """The chunks found by their vectors, and those of documents that were right for near questions."""
    if not boosts:
        return found
    here = set(documents_of(found.chunks.tolist(), snapshot).values())
    absent = [id for id, boost in boosts.items() if boost > 0 and id not in here]
    if not absent:
        return found
    judged: Condition = Or(tuple(FieldComparison("id", ":", id) for id in absent))
    allowed = And((judged, condition)) if condition else judged
    more = snapshot.search(vector, CHUNKS_EACH * len(absent), allowed)[0]
    ids = documents_of(more.chunks.tolist(), snapshot)
    # A condition may match more: * and ? in an id stand for any characters there.
    right = [ids[chunk] in absent for chunk in more.chunks.tolist()]
    chunks = np.concatenate([found.chunks, more.chunks[right]])
    scores = np.concatenate([found.scores, more.scores[right]])
    order = np.argsort(-scores, kind="stable")
    return Matches(chunks[order], scores[order])


def change_cosines(cosines: Mapping[int, float], ids: Mapping[int, str], boosts: Boosts) -> dict[int, float]:
    """What judged questions add to cosines, by chunk: the nearer the question, the more of the way.

    The best chunk of a right document moves towards the cosine of the questions; every chunk of a wrong one towards
    the lowest.

    Args:
        cosines: Of a question with chunks.
        ids: The id of each chunk's document.
    """
    lowest = min(cosines.values(), default=0.0)
    nearest_first = sorted(cosines, key=lambda chunk: -cosines[chunk])
    changes = {}
    for chunk, boost in _of_documents(nearest_first, ids, boosts):
        towards = lowest if boost < 0 else max(boost, cosines[chunk])
        changes[chunk] = abs(boost) ** 3 * (towards - cosines[chunk])
    return changes


def obey(scores: Mapping[int, float], boosts: Boosts, snapshot: Snapshot) -> dict[int, float]:
    """Scores of any kind, best first, with what was judged for the same question: right ones above all others, wrong
    ones below."""
    same = {id: boost for id, boost in boosts.items() if abs(boost) == 1}
    if not same or not scores:
        return dict(scores)
    best, lowest = max(scores.values()), min(scores.values())
    step = (best - lowest) / 10 or 1.0
    moved = dict(scores)
    for chunk, boost in _of_documents(list(scores), documents_of(list(scores), snapshot), same):
        moved[chunk] = best + step if boost > 0 else lowest - step
    return dict(sorted(moved.items(), key=lambda item: -item[1]))


def _of_documents(
    chunks: Sequence[int], ids: Mapping[int, str], boosts: Boosts
) -> Iterator[tuple[int, float]]:
    """The best chunk of each right document, and every chunk of a wrong one."""
    seen: set[str] = set()
    for chunk in chunks:
        id = ids.get(chunk, "")
        boost = boosts.get(id)
        if boost is not None and (boost < 0 or id not in seen):
            yield chunk, boost
        seen.add(id)


def documents_of(chunks: Sequence[int], snapshot: Snapshot) -> dict[int, str]:
    """The id of each chunk's document."""
    return {chunk: place.id for chunk, place in snapshot.places(chunks).items()}
