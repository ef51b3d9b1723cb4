"""The ONNX graph of a model: found, or exported once."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Protocol

from simsearch import __version__
from simsearch.embedding.fingerprints import fingerprint
from simsearch.embedding.places import FACTS, Places
from simsearch.embedding.precision import Precision, fingerprint_in
from simsearch.errors import ExportRefused
from simsearch.files import write_atomically
from simsearch.linear_maps.facts import map_facts
from simsearch.types import Notice, Observer

REFUSED = "refused.json"
REFUSED_STATUS = 3


class Export(Protocol):
    """Exports a model, or derives an engine by an option; see `simsearch.onnx_export.exporting`."""

    def __call__(self, source: Path, target: Path, fingerprint: str, *options: str) -> None: ...


def export_in_own_process(source: Path, target: Path, fingerprint: str, *options: str) -> None:
    """Export in a process of its own, so that torch is never imported here, and prints nothing to the terminal.

    Raises:
        ExportRefused: The model can't be exported.
        ChildProcessError: The process was killed, or had no room; that says nothing about the model.
    """
    import subprocess  # here alone, because most commands export nothing

    # -P: nothing is imported from the current folder.
    python = [sys.executable, "-P", "-m", "simsearch.onnx_export"]
    words = [*python, str(source), str(target), fingerprint, *options]
    done = subprocess.run(words, capture_output=True, encoding="utf-8", errors="replace", check=False)
    if done.returncode == 0:
        return
    reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
    raise ExportRefused(reason) if done.returncode == REFUSED_STATUS else ChildProcessError(reason)


def ensure_exported(
    name: str,
    folder: Path,
    places: Places,
    observe: Observer | None,
    precision: Precision | None = None,
    export: Export = export_in_own_process,
) -> Path:
    """The engine folder of a model; it is exported first if it never was.

    Args:
        name: The name that the user knows the model by.
        folder: The model.
        precision: None for full precision, from which the others are derived.
        export: Exports it.

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
        full = ensure_exported(name, folder, places, observe, export=export)
        _notify(observe, f"Converting {name} to {precision}, once; this takes some seconds.")
        _export_once(export, full, target, identity, "--precision", precision)
    elif base := _mapped_engine(folder, places):
        _export_once(export, base, target, identity, "--map", str(folder))
    else:
        _notify(observe, f"Exporting {name} to ONNX, once; this takes some seconds.")
        _export_once(export, folder, target, identity)
    return target


def engine_folder(folder: Path, identity: str, places: Places, precision: Precision | None = None) -> Path:
    """The folder onnx/ of a run, or the folder of the cache that is named by the fingerprint."""
    ours = places.runs is not None and folder.resolve().is_relative_to(places.runs.resolve())
    return folder / "onnx" / (precision or "") if ours else places.cache / identity


def is_ready(target: Path, identity: str) -> bool:
    """Whether the engine in this folder belongs to the model with this fingerprint."""
    return _read_record(target / FACTS).get("fingerprint") == identity


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


def _export_once(export: Export, source: Path, target: Path, identity: str, *options: str) -> None:
    """Export, unless another process is faster, and remember that a model can't be exported.

    Raises:
        ExportRefused: It can't, or a full disk or a killed process prevented it, which is not remembered.
    """
    try:
        export(source, target, identity, *options)
    except Exception as error:
        if is_ready(target, identity):
            return
        if not isinstance(error, ExportRefused):
            raise ExportRefused(str(error) or type(error).__name__) from error
        said = {"fingerprint": identity, "version": __version__, "reason": str(error)}
        target.mkdir(parents=True, exist_ok=True)
        write_atomically(target / REFUSED, json.dumps(said, indent=2).encode())
        raise


def _read_record(path: Path) -> dict[str, str]:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}
