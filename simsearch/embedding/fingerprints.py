"""The identity of a model: sha256 over everything that decides its vectors."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from simsearch.files import hash_file, write_atomically

DECIDING = (".safetensors", ".bin", ".json", ".txt", ".model")
"""Weights, the configuration of the modules, prompts, and all kinds of tokenizer files."""

ASIDE = ("onnx", "openvino", "scratch")
OWN = ("run.json", "trained.json")
KNOWN = "fingerprints.json"


def fingerprint(folder: Path, cache: Path | None = None) -> str:
    """sha256 over the files of a model that decide its vectors, hexadecimal.

    Args:
        folder: A sentence-transformers model.
        cache: Folder that remembers fingerprints until a file changes its size or time.
    """
    files = _deciding_files(folder)
    return _look_up(folder, files, cache, lambda: _hash_files(files))


def sha256_of(path: Path, cache: Path | None = None) -> str:
    """sha256 of a file, hexadecimal, remembered in the same way."""
    return _look_up(path, [(path.name, path)], cache, lambda: hash_file(path))


def _look_up(
    path: Path, files: Sequence[tuple[str, Path]], cache: Path | None, find: Callable[[], str]
) -> str:
    marks = [[name, stat.st_size, stat.st_mtime_ns] for name, file in files for stat in [file.stat()]]
    known = _read(cache / KNOWN) if cache else {}
    key = str(path.resolve())
    entry = known.get(key)
    if entry and entry["files"] == marks:
        return str(entry["fingerprint"])
    found = find()
    if cache:
        _remember(cache, {**known, key: {"files": marks, "fingerprint": found}})
    return found


def _hash_files(files: Sequence[tuple[str, Path]]) -> str:
    digest = hashlib.sha256()
    for name, path in files:
        digest.update(name.encode() + b"\0" + hash_file(path).encode())
    return digest.hexdigest()


def _deciding_files(folder: Path) -> list[tuple[str, Path]]:
    """The files with their names relative to the folder, in order."""
    depths = ("*", "*/*", "*/*/*")  # the modules of a Router are one folder deeper
    files = [path for depth in depths for path in folder.glob(depth) if path.suffix in DECIDING]
    named = [(path.relative_to(folder).as_posix(), path) for path in files if path.is_file()]
    return sorted((name, path) for name, path in named if name not in OWN and name.split("/")[0] not in ASIDE)


def _read(path: Path) -> dict[str, dict[str, object]]:
    try:
        known: dict[str, dict[str, object]] = json.loads(path.read_text(encoding="utf-8"))
        return known if isinstance(known, dict) else {}
    except (OSError, ValueError):
        return {}


def _remember(cache: Path, known: dict[str, dict[str, object]]) -> None:
    with contextlib.suppress(OSError):  # without a cache it only takes longer
        cache.mkdir(parents=True, exist_ok=True)
        write_atomically(cache / KNOWN, json.dumps(known, indent=1).encode())
