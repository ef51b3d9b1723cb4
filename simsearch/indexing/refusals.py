"""Files that took long or did harm and were refused in the end (a PDF that leads its parser round in circles, say):
they are not tried again until they change, or the readers do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from simsearch.files import write_atomically
from simsearch.storage.protocols import FileRecord


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

    def remember(self, file: FileRecord, reason: str) -> None:
        """Keep a refusal, and at once: a run that is killed at the next file has come past this one."""
        self._reasons[file.path] = (file.size, file.modified, reason)
        value = {"readers": self._readers, "files": self._reasons}
        write_atomically(self._path, json.dumps(value, indent=2).encode())

    def _read(self) -> dict[str, Any]:
        try:
            value = json.loads(self._path.read_text(encoding="utf-8"))
            return dict(value["files"]) if value["readers"] == self._readers else {}
        except (OSError, ValueError, KeyError, TypeError):
            return {}
