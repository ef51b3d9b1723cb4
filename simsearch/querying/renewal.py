"""Measure an index again once it has outgrown what was measured on it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from math import nan
from pathlib import Path

from simsearch.querying.calibration import Calibration, is_measured, write_calibration
from simsearch.querying.legibility_record import Legibility, read_legibility, write_legibility
from simsearch.storage.capabilities import read_records
from simsearch.storage.protocols import Identity, Records, Snapshot, Store
from simsearch.types import Embedder

Load = Callable[[Identity], Embedder]


def renew_measurements(folder: Path, store: Store, load: Load) -> Legibility | None:
    """Measure again what no longer fits the index, and keep it. An index that fits is not opened for a search.

    Args:
        folder: The workspace's .simsearch/.
        load: Loads the model that an index was made with.

    Returns:
        What the model can't read, if that was measured now.
    """
    records = read_records(store)
    if records is None:
        return None
    with closing(records):
        if _are_current(folder, records):
            return None
    with closing(store.read()) as snapshot:
        _renew_calibration(folder, snapshot, load)
        return _renew_legibility(folder, snapshot, load)


def _are_current(folder: Path, records: Records) -> bool:
    return is_measured(folder, records) and read_legibility(folder, records) is not None


def _renew_calibration(folder: Path, snapshot: Snapshot, load: Load) -> None:
    from simsearch.querying.no_good_match import calibrate

    chunks = snapshot.coverage().with_vectors
    if chunks and not is_measured(folder, snapshot):
        nothing = Calibration(snapshot.identity.fingerprint, chunks, nan)
        write_calibration(folder, calibrate(snapshot, load(snapshot.identity)) or nothing)


def _renew_legibility(folder: Path, snapshot: Snapshot, load: Load) -> Legibility | None:
    from simsearch.querying.legibility import measure_legibility

    if read_legibility(folder, snapshot) or not snapshot.coverage().chunks:
        return None
    legibility = measure_legibility(snapshot, load(snapshot.identity))
    write_legibility(folder, legibility)
    return legibility
