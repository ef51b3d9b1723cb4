"""The one row that decides what an index is: readers see nothing of a commit before it is written, and all after."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from simsearch.errors import OtherFormat
from simsearch.storage.protocols import Coverage, Identity
from simsearch.storage.words.word_files import ANALYSIS
from simsearch_milvus.connecting import Connection
from simsearch_milvus.numbers import NEVER, number_of
from simsearch_milvus.schema import FORMAT, NO_VECTOR, plain_collection
from simsearch_milvus.words.weights import FIELDS

STATE = "state"


@dataclass(frozen=True, slots=True)
class Generation:
    """One complete index.

    Args:
        next: Above the numbers of all its rows.
        pending: Chunks that have no vector yet.
        first_term: The number of the first row of terms that counts; earlier ones were summed up.
        summed: How many rows there were after that, and `added` how many since.
        summed_in: The commit that did it.
        lengths: How many terms its chunks have in each field.
        lowest: The lowest average length that weights of chunks were computed with, by field.
        languages: How many chunks are in each.
        analysis: The version of the analysis that made its terms; 0 if it was not written down yet.
    """

    id: int
    identity: Identity
    finished: bool = False
    next: int = 1
    files: int = 0
    documents: int = 0
    chunks: int = 0
    pending: int = 0
    vectors: int = 0
    first_term: int = 0
    summed: int = 0
    summed_in: int = 0
    added: int = 0
    lengths: Mapping[str, int] = field(default_factory=dict)
    lowest: Mapping[str, float] = field(default_factory=dict)
    languages: Mapping[str, int] = field(default_factory=dict)
    analysis: int = 0

    @property
    def analysed(self) -> bool:
        """Whether questions are analysed as its texts were."""
        return self.analysis == ANALYSIS

    @property
    def coverage(self) -> Coverage:
        return Coverage(self.chunks, self.chunks - self.pending)

    @property
    def model(self) -> str:
        """Names its model's collection."""
        return f"{number_of(self.identity.fingerprint):016x}"

    def average(self, name: str) -> float:
        """The mean number of terms in a field."""
        return self.lengths.get(name, 0) / max(self.chunks, 1)

    def averages(self) -> dict[str, float]:
        """The mean number of terms of every field."""
        return {name: self.average(name) for name in FIELDS}


@dataclass(frozen=True, slots=True)
class Dropped:
    """A generation that another has replaced; snapshots may still use it."""

    id: int
    time: float


@dataclass(frozen=True, slots=True)
class State:
    """What the row says.

    Args:
        commit: The number of the last commit.
        generations: How many there have been.
        purged: What was removed up to this commit is deleted; older snapshots can't be read.
        keep: Seconds for which a snapshot stays whole at least.
        times: Some commits, and when they were made.
    """

    commit: int = 0
    generations: int = 0
    active: Generation | None = None
    building: Generation | None = None
    dropped: tuple[Dropped, ...] = ()
    purged: int = 0
    keep: int = 0
    times: tuple[tuple[int, float], ...] = ()

    def without_building(self) -> State:
        """The same, with what is being built given up."""
        if self.building is None:
            return self
        gone = Dropped(self.building.id, 0.0)
        return replace(self, building=None, dropped=(*self.dropped, gone))


def read_state(connection: Connection) -> State:
    """The state; an empty one where there is no index.

    Raises:
        OtherFormat: A newer simsearch-milvus has written it.
    """
    collection = connection.server.collection(STATE)
    if not connection.exists(collection):
        return State()
    rows = connection.numbered(collection, [0], ["text"])
    return _parse(connection, json.loads(rows[0]["text"])) if rows else State()


def write_state(connection: Connection, state: State) -> None:
    text = json.dumps({"format": FORMAT, **asdict(state)})
    connection.put(connection.server.collection(STATE), [{"number": 0, "dense": NO_VECTOR, "text": text}])


def create_state(connection: Connection) -> None:
    """Make the collection unless it is there."""
    if not connection.exists(connection.server.collection(STATE)):
        connection.create(connection.server.collection(STATE), *plain_collection())


def living(state: State, generation: Generation) -> str:
    """The expression of the rows that a snapshot of a generation sees."""
    return f"number < {generation.next} and died > {state.commit}"


def embedded(state: State) -> str:
    """The expression of the chunks that have a vector in a snapshot."""
    return f"embedded <= {state.commit}"


LIVING = f"died == {NEVER}"
"""The expression of the rows that a writer sees."""

PENDING = f"embedded == {NEVER} and {LIVING}"


def _parse(connection: Connection, text: dict[str, Any]) -> State:
    if text.pop("format") != FORMAT:
        raise OtherFormat(
            f"The index in {connection.server} has another format than {FORMAT}, which this simsearch-milvus knows; "
            "update simsearch-milvus."
        )
    return State(
        **text
        | {
            "active": _generation(text["active"]),
            "building": _generation(text["building"]),
            "dropped": tuple(Dropped(**one) for one in text["dropped"]),
            "times": tuple((commit, time) for commit, time in text["times"]),
        }
    )


def _generation(text: dict[str, Any] | None) -> Generation | None:
    return None if text is None else Generation(**text | {"identity": Identity(**text["identity"])})
