"""Files that took long and were refused in the end (a PDF that leads its parser round in circles, say): they are not
tried again until they change, or the readers do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from simsearch.files import write_atomically
from simsearch.plugins.registry import Registry
from simsearch.storage.protocols import FileRecord

LONG = 5.0
"""Seconds; what is refused sooner may as well be tried again."""


class Refusals:
    """What is remembered of refused files; it is derived, and can be lost.

    Args:
        path: Where it is kept.
        readers: What the readers are; where they are others by now, nothing is remembered.
    """

    def __init__(self, path: Path, readers: Sequence[str]) -> None:
        self._path = path
        self._readers = list(readers)
        self._reasons = self._read()

    def reason(self, file: FileRecord) -> str | None:
        """Why a file was refused, where it looks the same as then."""
        size, modified, reason = self._reasons.get(file.path, (None, None, None))
        return reason if (size, modified) == (file.size, file.modified) else None

    def remember(self, file: FileRecord, reason: str, seconds: float) -> None:
        """Keep a refusal that took long, and at once: a run that is killed at the next file has come past this one."""
        if seconds < LONG:
            return
        self._reasons[file.path] = (file.size, file.modified, reason)
        value = {"readers": self._readers, "files": self._reasons}
        write_atomically(self._path, json.dumps(value, indent=2).encode())

    def _read(self) -> dict[str, Any]:
        try:
            value = json.loads(self._path.read_text(encoding="utf-8"))
            return dict(value["files"]) if value["readers"] == self._readers else {}
        except (OSError, ValueError, KeyError, TypeError):
            return {}


def readers_of(registry: Registry, reader_strings: Sequence[str]) -> list[str]:
    """All that decides how a file is read: the installed readers with their versions, and how they are asked for."""
    offers = registry.offers("readers")
    return [*sorted(f"{offer.component.name} of {offer.origin}" for offer in offers), *sorted(reader_strings)]
