"""The errors a user can meet. Each message says what is wrong, where, and what to do.

    SimsearchError
    ├── InputError                    a file or a value from the user
    ├── RegressionFound               the judged questions are answered worse than before
    ├── UnreadableFile                a file that no reader can turn into text; it is skipped
    ├── TableError                    a table that can't be read
    ├── SettingsError                 simsearch.toml or a SIMSEARCH_* variable
    ├── DeviceMissing                 a device that was asked for and is not on this machine
    ├── ProcessLost                   a process of several that train together ended
    ├── PluginError                   a plugin, or what it returned
    │   ├── UnknownComponent          no plugin offers that name
    │   └── ComponentArgumentError    an argument that a component doesn't take
    ├── ModelError                    a model that can't be loaded, or is not the expected one
    │   ├── ModelNotFound             no place has it
    │   └── ExportRefused             its ONNX graph computes something else
    └── WorkspaceError                the .simsearch folder
        ├── NoIndex                   there is nothing to search yet
        ├── WorkspaceLocked           another process is writing
        ├── OtherFormat               it was written by another version
        └── StorageError              it is damaged, or can't be written

A caller that wants more than the text reads the fields `path`, `row` and `fix`.
"""

from __future__ import annotations

from pathlib import Path


class SimsearchError(Exception):
    """The base of all errors that simsearch raises on purpose; its text is one message for the user.

    Args:
        problem: What is wrong, as a sentence.
        path: The file that it is about. The message begins with it.
        row: The row of the file, counted from 1.
        fix: What to do, as a sentence. The message ends with it.
    """

    def __init__(
        self, problem: str = "", *, path: Path | str | None = None, row: int | None = None, fix: str = ""
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.path = path
        self.row = row
        self.fix = fix

    def __str__(self) -> str:
        place = "" if self.path is None else str(self.path)
        if self.row is not None:
            place = f"{place}, row {self.row}" if place else f"row {self.row}"
        text = f"{place}: {self.problem}" if place else self.problem
        return f"{text} {self.fix}" if self.fix else text

    def __reduce__(self) -> tuple[object, ...]:
        """Errors of workers come from other processes; not every subclass takes the arguments of this class."""
        return type(self).__new__, (type(self), *self.args), self.__dict__


class InputError(SimsearchError):
    """A file or a value that the user gave can't be used."""


class RegressionFound(SimsearchError):
    """`evaluate --judged --fail-if-worse` found that the index answers worse than before."""


class UnreadableFile(SimsearchError):
    """A reader can't turn a file into text; `index` skips the file and reports this reason."""


class TableError(SimsearchError):
    """A table can't be read; the caller adds the name of the file.

    Args:
        reason: What is wrong, without a full stop.
        row: The row, counted from 1; None if it is about the whole file.
        option: The setting that would help, such as `encoding=cp1252`.
    """

    def __init__(self, reason: str, row: int | None = None, option: str = "") -> None:
        super().__init__(reason, row=row)
        self.reason, self.option = reason, option


class SettingsError(SimsearchError):
    """A setting in simsearch.toml or a SIMSEARCH_* variable is unknown or has the wrong type."""


class DeviceMissing(SimsearchError):
    """A device that was asked for can't be used on this machine.

    Args:
        device: The device, such as `cuda`.
        found: What there is, as a clause.
    """

    def __init__(self, device: str, found: str) -> None:
        super().__init__(
            f"The device {device} can't be used on this machine: {found}.",
            fix="Install a torch that is built for it, or use --device auto.",
        )
        self.device, self.found = device, found


class ProcessLost(SimsearchError):
    """A process of several that train together has ended, so that the others can't go on."""

    def __init__(self) -> None:
        super().__init__(
            "Training stopped because another of its processes ended.",
            fix="Run the same command again to resume from the last checkpoint.",
        )


class PluginError(SimsearchError):
    """A plugin is broken, or what it returned breaks the contract of its hook; the message names its package."""


class UnknownComponent(PluginError):
    """No installed plugin offers a component of that name; the message suggests the nearest one."""


class ComponentArgumentError(PluginError):
    """A component was given an argument that it doesn't take, or a value that it can't use."""


class ModelError(SimsearchError):
    """A model can't be loaded, or is not the expected one."""


class ModelNotFound(ModelError):
    """No place has a model of that name; the message lists the places that were tried, and how to get it."""


class ExportRefused(ModelError):
    """The ONNX graph of a model disagrees with the model itself, so it was discarded."""


class WorkspaceError(SimsearchError):
    """The .simsearch folder can't be used as it is."""


class NoIndex(WorkspaceError):
    """There is no index to search yet."""


class WorkspaceLocked(WorkspaceError):
    """Another process is writing to the workspace; the message names it."""


class OtherFormat(WorkspaceError):
    """The index was written by a simsearch with another format."""


class StorageError(WorkspaceError):
    """The store is damaged or can't be written (full disk, read-only folder)."""
