"""What was measured on an index to tell a good match from none (see no_good_match.py), kept in the workspace."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from math import isnan, nan
from pathlib import Path

from simsearch.files import write_atomically
from simsearch.home import Home
from simsearch.querying.outgrown import has_outgrown
from simsearch.storage.protocols import Records


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a cosine is worth in one index.

    Args:
        fingerprint: Of the model.
        chunks: How many with vectors the index had.
        cosine: The median cosine of random-word queries with their nearest chunk, -1 to 1; NaN for an index
            that has too few words to tell, which is never read as a calibration.
    """

    fingerprint: str
    chunks: int
    cosine: float

    def fits(self, records: Records) -> bool:
        """Whether it was measured on this index, or on one of about the same size with the same model."""
        now = records.coverage().with_vectors
        return self.fingerprint == records.identity.fingerprint and not has_outgrown(self.chunks, now)


def read_calibration(folder: Path, records: Records) -> Calibration | None:
    """What was measured on this index; None if nothing was yet, or if it has too few words."""
    found = _read(folder)
    return found if found and found.fits(records) and not isnan(found.cosine) else None


def is_measured(folder: Path, records: Records) -> bool:
    """Whether this index was measured, even if it had too few words."""
    found = _read(folder)
    return found is not None and found.fits(records)


def write_calibration(folder: Path, calibration: Calibration) -> None:
    """Keep what was measured; it is derived and can be lost."""
    values = asdict(calibration) | ({"cosine": None} if isnan(calibration.cosine) else {})
    write_atomically(Home(folder).calibration, json.dumps(values).encode())


def _read(folder: Path) -> Calibration | None:
    try:
        values = json.loads(Home(folder).calibration.read_text(encoding="utf-8"))
        cosine = nan if values["cosine"] is None else float(values["cosine"])
        return Calibration(values["fingerprint"], int(values["chunks"]), cosine)
    except (OSError, ValueError, KeyError, TypeError):
        return None
