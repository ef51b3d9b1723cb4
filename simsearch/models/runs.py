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

from simsearch.errors import ModelError, ModelNotFound, SimsearchError, StorageError
from simsearch.files import is_disk_full, make_private_folder, write_atomically
from simsearch.storage.lock import WriterLock
from simsearch.types import Notice, Observer
from simsearch.wording import suggestion

RECORD = "run.json"
CHOICE = "promoted.json"
MAKING = ".making"
IDENTITY = "identity"
SCRATCH = "scratch"
REMOVING = ".removing-"
KILLED = ".killed-"
LEAST_SPACE = 1 << 20
"""Bytes; with less left than this, whatever failed had no space."""


@dataclass(frozen=True, slots=True)
class Runs:
    """The runs kept in a folder, normally .simsearch/models/."""

    folder: Path

    def names(self) -> list[str]:
        """All finished runs, oldest first."""
        names = (path.parent.name for path in self.folder.glob(f"*/{RECORD}"))
        return sorted(name for name in names if not name.startswith("."))  # a dot: half made, or half removed

    def record(self, name: str) -> dict[str, Any]:
        """What run.json says.

        Raises:
            ModelNotFound: There is no such run.
        """
        path = self.path(name) / RECORD
        try:
            record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise ModelError(
                f"{path} is damaged ({error}); `simsearch models remove {name}` deletes it."
            ) from error
        return record

    def path(self, name: str) -> Path:
        """The folder of a run.

        Raises:
            ModelNotFound: There is no such run.
        """
        known = self.names()
        if name not in known:
            raise ModelNotFound(
                f"No run is called '{name}'{suggestion(name, known)}. The runs are: {', '.join(known) or 'none'}."
            )
        return self.folder / name

    def promoted(self) -> str | None:
        """The run whose model the workspace uses; None where no run was promoted."""
        return self._chosen().get("run")

    def precision(self) -> str | None:
        """What the workspace's model is used in; None for in full."""
        return self._chosen().get("precision")

    def promote(self, name: str, precision: str | None = None) -> None:
        """Make a run's model the workspace's."""
        self.record(name)
        self._choose({"run": name, "precision": precision})

    def use_base(self, precision: str | None = None) -> None:
        """Go back to the base model."""
        if precision:
            self._choose({"precision": precision})
        else:
            (self.folder / CHOICE).unlink(missing_ok=True)

    def remove(self, name: str) -> None:
        """Delete a run."""
        # Renamed first: a half-deleted folder must not pass for a run.
        doomed = self.path(name).rename(self.folder / f"{REMOVING}{name}")
        shutil.rmtree(doomed)

    def newest(self, count: int) -> list[str]:
        """The last runs, oldest first."""
        return self.names()[-count:] if count else []

    @contextmanager
    def new(self, identity: str = "", observe: Observer | None = None) -> Iterator[NewRun]:
        """A run in the making, one at a time; leaving without `keep` leaves at most checkpoints to go on from.

        Args:
            identity: What the run is made from; the checkpoints of a killed run of another identity are moved away,
                and are back if it is started again.
            observe: Is notified of checkpoints that are moved away.

        Raises:
            WorkspaceLocked: Another process is tuning here.
            StorageError: The disk is full.
        """
        make_private_folder(self.folder.parent)
        self.folder.mkdir(exist_ok=True)
        lock = WriterLock(self.folder, "tuning")
        try:
            self._exchange_checkpoints(identity, observe)
            self._remove_leftovers(identity)
            run = NewRun(self._free_name(), self.folder / MAKING, self.folder)
            run.scratch.mkdir(parents=True, exist_ok=True)
            (run.folder / IDENTITY).write_text(identity, encoding="utf-8")
            yield run
            shutil.rmtree(run.folder)
        except Exception as error:
            if isinstance(error, SimsearchError) or not (is_disk_full(error) or self._has_no_space()):
                raise
            raise StorageError(
                f"The disk of {self.folder} is full, so the run stopped. Free some space, and the same command "
                "resumes it."
            ) from error
        finally:
            self._remove_leftovers(identity)
            lock.release()

    def _has_no_space(self) -> bool:
        """Whether the disk is full now: torch doesn't say why it could not write."""
        return shutil.disk_usage(self.folder).free < LEAST_SPACE

    def _chosen(self) -> dict[str, str | None]:
        path = self.folder / CHOICE
        if not path.is_file():
            return {}
        try:
            return dict(json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError) as error:
            raise ModelError(
                f"{path} is damaged; `simsearch models use NAME` rewrites it; deleting it returns to the base model."
            ) from error

    def _choose(self, choice: dict[str, str | None]) -> None:
        make_private_folder(self.folder.parent)
        write_atomically(self.folder / CHOICE, json.dumps(choice).encode())

    def _exchange_checkpoints(self, identity: str, observe: Observer | None) -> None:
        """Move the checkpoints of a killed run of another identity away, and bring back those of this one."""
        making = self.folder / MAKING
        left = making / IDENTITY
        other = left.read_text(encoding="utf-8") if left.is_file() else ""
        if other and other != identity and any((making / SCRATCH).glob("checkpoint-*")):
            kept = self.folder / f"{KILLED}{other[:12]}"
            shutil.rmtree(kept, ignore_errors=True)
            making.rename(kept)
            if observe:
                text = (
                    f"The checkpoints of a killed run that trained something else are kept in {kept}; the same command "
                    "resumes it, and deleting the folder frees its space."
                )
                observe(Notice(text))
        own = self.folder / f"{KILLED}{identity[:12]}"
        if identity and own.is_dir() and not making.exists():
            own.rename(making)

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
