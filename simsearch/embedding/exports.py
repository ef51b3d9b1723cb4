"""The ONNX graph of a model: found, or exported once in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from simsearch import __version__
from simsearch.embedding.fingerprints import fingerprint
from simsearch.errors import ExportRefused
from simsearch.files import write_atomically
from simsearch.settings import Settings
from simsearch.types import Notice, Observer

READY = "embedder.json"
REFUSED = "refused.json"
REFUSED_STATUS = 3


def ensure_exported(
    name: str, folder: Path, settings: Settings, runs: Path | None, observe: Observer | None
) -> Path:
    """The engine folder of a model, exported now if it never was.

    Args:
        name: What the user calls the model.
        folder: Where it lies.
        runs: Where runs are kept; a run has its engine beside it, any other model in the cache.

    Raises:
        ExportRefused: The model can't be exported, now or at an earlier try of this version of simsearch.
    """
    identity = fingerprint(folder, Path(settings.cache))
    target = engine_folder(folder, identity, settings, runs)
    if is_ready(target, identity):
        return target
    if reason := refusal(target, identity):
        raise ExportRefused(reason)
    if observe:
        observe(Notice(f"Exporting {name} to ONNX, once; this takes some seconds."))
    _run_export(folder, target, identity)
    return target


def engine_folder(folder: Path, identity: str, settings: Settings, runs: Path | None) -> Path:
    """Beside a run as onnx/, otherwise in the cache by fingerprint."""
    ours = runs is not None and folder.resolve().is_relative_to(runs.resolve())
    return folder / "onnx" if ours else Path(settings.cache) / identity


def is_ready(target: Path, identity: str) -> bool:
    """Whether the engine there is that of the model with this fingerprint."""
    return _said(target / READY).get("fingerprint") == identity


def refusal(target: Path, identity: str) -> str | None:
    """Why this model could not be exported by this version of simsearch; None where it wasn't tried."""
    said = _said(target / REFUSED)
    if (said.get("fingerprint"), said.get("version")) != (identity, __version__):
        return None
    return said.get("reason")


def _run_export(folder: Path, target: Path, identity: str) -> None:
    """Export in a process of its own, so that torch never enters this one."""
    words = [sys.executable, "-m", "simsearch.exporting", str(folder), str(target), identity]
    done = subprocess.run(words, capture_output=True, encoding="utf-8", errors="replace", check=False)
    if done.returncode == 0:
        return
    reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
    if done.returncode == REFUSED_STATUS:  # a full disk or a killed process says nothing of the model
        said = {"fingerprint": identity, "version": __version__, "reason": reason}
        target.mkdir(parents=True, exist_ok=True)
        write_atomically(target / REFUSED, json.dumps(said, indent=2).encode())
    raise ExportRefused(reason)


def _said(path: Path) -> dict[str, str]:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}
