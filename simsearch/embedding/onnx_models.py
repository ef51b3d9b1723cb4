"""The ONNX graph of a model: found, or exported once, in a process of its own."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from simsearch import __version__
from simsearch.embedding.fingerprints import fingerprint
from simsearch.embedding.places import Places
from simsearch.embedding.precision import Precision, fingerprint_in
from simsearch.errors import ExportRefused
from simsearch.files import write_atomically
from simsearch.linear_maps.facts import map_facts
from simsearch.types import Notice, Observer

READY = "embedder.json"
REFUSED = "refused.json"
REFUSED_STATUS = 3


def ensure_exported(
    name: str,
    folder: Path,
    places: Places,
    observe: Observer | None,
    precision: Precision | None = None,
) -> Path:
    """The engine folder of a model; it is exported first if it never was.

    Args:
        name: The name that the user knows the model by.
        folder: The model.
        precision: None for full precision, from which the others are derived.

    Raises:
        ExportRefused: The model can't be exported, now or in an earlier attempt by this version of simsearch.
    """
    identity = fingerprint_in(fingerprint(folder, places.cache), precision)
    target = engine_folder(folder, identity, places, precision)
    if is_ready(target, identity):
        return target
    if reason := refusal(target, identity):
        raise ExportRefused(reason)
    if precision:
        full = ensure_exported(name, folder, places, observe)
        _notify(observe, f"Converting {name} to {precision}, once; this takes some seconds.")
        _run_export(full, target, identity, "--precision", precision)
    elif base := _mapped_engine(folder, places):
        _run_export(base, target, identity, "--map", str(folder))
    else:
        _notify(observe, f"Exporting {name} to ONNX, once; this takes some seconds.")
        _run_export(folder, target, identity)
    return target


def engine_folder(folder: Path, identity: str, places: Places, precision: Precision | None = None) -> Path:
    """The folder onnx/ of a run, or the folder of the cache that is named by the fingerprint."""
    ours = places.runs is not None and folder.resolve().is_relative_to(places.runs.resolve())
    return folder / "onnx" / (precision or "") if ours else places.cache / identity


def is_ready(target: Path, identity: str) -> bool:
    """Whether the engine in this folder belongs to the model with this fingerprint."""
    return _read_record(target / READY).get("fingerprint") == identity


def refusal(target: Path, identity: str) -> str | None:
    """Why this version of simsearch could not export this model; None if it was not tried."""
    said = _read_record(target / REFUSED)
    if (said.get("fingerprint"), said.get("version")) != (identity, __version__):
        return None
    return said.get("reason")


def _notify(observe: Observer | None, text: str) -> None:
    if observe:
        observe(Notice(text))


def _mapped_engine(folder: Path, places: Places) -> Path | None:
    """The engine of the model that a linear map was fitted on, so that the map needs only be added to its graph; None
    for a model without a map, and where that engine was not kept."""
    facts = map_facts(folder)
    if facts is None:
        return None
    runs = places.runs.glob("*/onnx") if places.runs else ()
    kept = [places.cache / facts.base, *runs]
    return next((engine for engine in kept if is_ready(engine, facts.base)), None)


def _run_export(source: Path, target: Path, identity: str, *options: str) -> None:
    """Export in a process of its own, so that torch is never imported here, and prints nothing to the terminal."""
    import subprocess  # here alone, because most commands export nothing

    # -P: nothing is imported from the current folder.
    python = [sys.executable, "-P", "-m", "simsearch.onnx_export"]
    words = [*python, str(source), str(target), identity, *options]
    done = subprocess.run(words, capture_output=True, encoding="utf-8", errors="replace", check=False)
    if done.returncode == 0 or is_ready(target, identity):  # another process may have been faster
        return
    reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
    if done.returncode == REFUSED_STATUS:  # a full disk or a killed process says nothing about the model
        said = {"fingerprint": identity, "version": __version__, "reason": reason}
        target.mkdir(parents=True, exist_ok=True)
        write_atomically(target / REFUSED, json.dumps(said, indent=2).encode())
    raise ExportRefused(reason)


def _read_record(path: Path) -> dict[str, str]:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}
