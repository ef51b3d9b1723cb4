"""The runs of a workspace: folders under .simsearch/models/, and which of them is promoted."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from simsearch.arguments import suggestion
from simsearch.errors import ModelError, ModelNotFound
from simsearch.files import make_private_folder, write_atomically
from simsearch.storage.lock import WriterLock

RECORD = "run.json"
MAKING = ".making"
IDENTITY = "identity"
SCRATCH = "scratch"
REMOVING = ".removing-"


@dataclass(frozen=True, slots=True)
class Runs:
    """The runs kept in a folder, normally .simsearch/models/."""

    folder: Path

    def names(self) -> list[str]:
        """All finished runs, oldest first."""
        return sorted(path.parent.name for path in self.folder.glob(f"*/{RECORD}"))

    def record(self, name: str) -> dict[str, Any]:
        """What run.json says.

        Raises:
            ModelNotFound: There is no such run.
        """
        path = self.folder / name / RECORD
        if not path.is_file():
            known = self.names()
            raise ModelNotFound(
                f"No run is called '{name}'{suggestion(name, known)}; there are: {', '.join(known) or 'none'}."
            )
        try:
            record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise ModelError(
                f"{path} is damaged ({error}); `simsearch models remove {name}` drops it."
            ) from error
        return record

    def promoted(self) -> str | None:
        """The run whose model the workspace uses; None where no run was promoted."""
        path = self.folder / "promoted.json"
        if not path.is_file():
            return None
        try:
            return str(json.loads(path.read_text(encoding="utf-8"))["run"])
        except (ValueError, KeyError) as error:
            raise ModelError(
                f"{path} is damaged; `simsearch models use NAME` writes it anew, deleting it goes back to the base."
            ) from error

    def promote(self, name: str) -> None:
        """Make a run's model the workspace's."""
        self.record(name)
        write_atomically(self.folder / "promoted.json", json.dumps({"run": name}).encode())

    def use_base(self) -> None:
        """Go back to the base model."""
        (self.folder / "promoted.json").unlink(missing_ok=True)

    def remove(self, name: str) -> None:
        """Delete a run."""
        self.record(name)
        # Renamed first: a half-deleted folder must not pass for a run.
        doomed = (self.folder / name).rename(self.folder / f"{REMOVING}{name}")
        shutil.rmtree(doomed)

    @contextmanager
    def new(self, identity: str = "") -> Iterator[NewRun]:
        """A run in the making, one at a time; leaving without `keep` leaves at most checkpoints to go on from.

        Args:
            identity: What the run is made from; the checkpoints of a run of another identity are removed.

        Raises:
            WorkspaceLocked: Another process is tuning here.
        """
        make_private_folder(self.folder.parent)
        self.folder.mkdir(exist_ok=True)
        lock = WriterLock(self.folder, "tuning")
        try:
            self._remove_leftovers(identity)
            run = NewRun(self._free_name(), self.folder / MAKING, self.folder)
            run.scratch.mkdir(parents=True, exist_ok=True)
            (run.folder / IDENTITY).write_text(identity, encoding="utf-8")
            yield run
            shutil.rmtree(run.folder)
        finally:
            self._remove_leftovers(identity)
            lock.release()

    def _remove_leftovers(self, identity: str) -> None:
        """What killed processes left: a run half made, but for checkpoints of that identity; a run half removed."""
        making = self.folder / MAKING
        left = making / IDENTITY
        same = bool(identity) and left.is_file() and left.read_text(encoding="utf-8") == identity
        resumable = same and any((making / SCRATCH).glob("checkpoint-*"))
        doomed = [making / "model"] if resumable else [making]
        for path in [*doomed, *self.folder.glob(f"{REMOVING}*")]:
            shutil.rmtree(path, ignore_errors=True)

    def _free_name(self) -> str:
        now = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        names = [now, *(f"{now}-{i}" for i in range(2, 100))]
        return next(name for name in names if not (self.folder / name).exists())


@dataclass(frozen=True, slots=True)
class NewRun:
    """A run that is being made in `folder`."""

    name: str
    folder: Path
    home: Path

    @property
    def model(self) -> Path:
        return self.folder / "model"

    @property
    def scratch(self) -> Path:
        return self.folder / SCRATCH

    def keep(self, record: Mapping[str, Any]) -> None:
        """Write run.json into the model's folder and give the folder its name, in one step."""
        write_atomically(self.model / RECORD, json.dumps(record, indent=2, ensure_ascii=False).encode())
        self.model.rename(self.home / self.name)
