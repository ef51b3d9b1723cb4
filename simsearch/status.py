"""What a workspace holds, at a glance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from simsearch.home import HOME
from simsearch.models import Models
from simsearch.querying.learned_weight import Learned, read_learned
from simsearch.storage.protocols import Counts, DenseIndex, Store


@dataclass(frozen=True, slots=True)
class Status:
    """What a workspace holds.

    Args:
        model: What a new index would be made with.
        slow: Models in use that sentence-transformers has to run, each with the reason.
        promoted: The promoted run; None where none was.
        index: How much the index holds; None where there is none.
        dense: How its nearest chunks are found, and with which recall.
        index_model: What the index was made with.
        fresh: Whether that is the model a new index would be made with.
        learned: The share of meaning in hybrid that judged questions chose for that model; None where none was kept.
    """

    workspace: str
    model: str
    slow: Mapping[str, str]
    promoted: str | None
    index: Counts | None
    dense: DenseIndex | None
    index_model: str | None
    fresh: bool
    learned: Learned | None


def look(folder: Path, store: Store, models: Models) -> Status:
    """The status of the workspace in `folder`."""
    counts = dense = identity = None
    if store.exists():
        with closing(store.read()) as reader:
            counts, dense, identity = reader.counts(), reader.dense_index(), reader.identity
    return Status(
        workspace=str(folder),
        model=models.current,
        slow=_slow(models, [models.current, *([identity.model] if identity else [])]),
        promoted=models.runs.promoted(),
        index=counts,
        dense=dense,
        index_model=identity.model if identity else None,
        fresh=identity is None or identity.model == models.current,
        learned=read_learned(folder / HOME, identity.fingerprint) if identity else None,
    )


def _slow(models: Models, names: Sequence[str]) -> dict[str, str]:
    return {name: reason for name in names if (reason := models.why_slow(name))}
