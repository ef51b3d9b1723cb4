"""The ONNX graph of a model: found, or exported once in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from simsearch.embedding.folders import fingerprint
from simsearch.errors import ExportRefused
from simsearch.settings import Settings
from simsearch.types import Notice, Observer


def ensure_exported(folder: Path, settings: Settings, runs: Path | None, observe: Observer | None) -> Path:
    """The engine folder of a model: beside a run as onnx/, otherwise in the cache by fingerprint."""
    ours = runs is not None and folder.resolve().is_relative_to(runs.resolve())
    if ours and (folder / "onnx" / "embedder.json").is_file():
        return folder / "onnx"
    identity = fingerprint(folder)
    target = folder / "onnx" if ours else Path(settings.cache) / identity
    if not (target / "embedder.json").is_file():
        if observe:
            observe(Notice(f"Exporting {folder.name} to ONNX, once; this takes some seconds."))
        run_export(folder, target, identity)
    return target


def run_export(folder: Path, target: Path, identity: str) -> None:
    """Export in a process of its own, so that torch never enters this one.

    Raises:
        ExportRefused: The export failed, or its vectors differ from the model's.
    """
    words = [sys.executable, "-m", "simsearch.exporting", str(folder), str(target), identity]
    done = subprocess.run(words, capture_output=True, encoding="utf-8", errors="replace", check=False)
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise ExportRefused(f"{folder} can't be exported to ONNX: {last}")
