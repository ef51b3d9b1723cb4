"""What an index's model can't read (see legibility.py), as it was measured last; kept in the workspace."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from simsearch.files import write_atomically
from simsearch.home import Home
from simsearch.querying.outgrown import has_outgrown
from simsearch.storage.protocols import Records


@dataclass(frozen=True, slots=True)
class Legibility:
    """What of an index can't be read as well as the rest.

    Args:
        fingerprint: Of the model.
        chunks: How many the index had.
        unread: Scripts that the model can't read, such as `arabic`.
        unstemmed: Languages without a stemmer (ISO 639-1).
    """

    fingerprint: str
    chunks: int
    unread: tuple[str, ...]
    unstemmed: tuple[str, ...]

    def fits(self, records: Records) -> bool:
        """Whether it was measured on this index, or on one of about the same size with the same model."""
        now = records.coverage().chunks
        return self.fingerprint == records.identity.fingerprint and not has_outgrown(self.chunks, now)


def read_legibility(folder: Path, records: Records) -> Legibility | None:
    """What was measured on this index; None if nothing was yet."""
    try:
        values = json.loads(Home(folder).legibility.read_text(encoding="utf-8"))
        found = Legibility(
            values["fingerprint"], int(values["chunks"]), tuple(values["unread"]), tuple(values["unstemmed"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if found.fits(records) else None


def write_legibility(folder: Path, legibility: Legibility) -> None:
    """Keep what was measured; it is derived and can be lost."""
    write_atomically(Home(folder).legibility, json.dumps(asdict(legibility)).encode())
