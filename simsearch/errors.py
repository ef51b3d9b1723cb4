"""The errors a user can meet, as one tree: each message says what happened, where, and what to do."""

from __future__ import annotations


class SimsearchError(Exception):
    """Anything simsearch refuses or can't do; its text is one message for the person at the keyboard."""


class InputError(SimsearchError):
    """A file or value that the user gave can't be used; names the file and the row where there is one."""


class SettingsError(SimsearchError):
    """A setting in simsearch.toml or a SIMSEARCH_* variable is unknown or has the wrong type."""


class PluginError(SimsearchError):
    """A plugin is broken, or what it gave back breaks its hook's contract; names the package."""


class UnknownComponent(PluginError):
    """No installed plugin offers a component of that name; names the nearest one."""


class ComponentArgumentError(PluginError):
    """A component was given an argument it doesn't take, or a value it can't use."""


class ModelError(SimsearchError):
    """A model can't be loaded, or isn't the one it should be."""


class ModelNotFound(ModelError):
    """No place has a model of that name; names each place tried and how to get it."""


class ExportRefused(ModelError):
    """The ONNX graph of a model doesn't agree with the model itself, so it was not kept."""


class WorkspaceError(SimsearchError):
    """The .simsearch folder can't be used as it is."""


class NoIndex(WorkspaceError):
    """There is no index to search yet."""


class WorkspaceLocked(WorkspaceError):
    """Another process is writing; names it."""


class OtherFormat(WorkspaceError):
    """The index was made by a simsearch of another format."""


class StorageError(WorkspaceError):
    """The store is damaged or can't be written (disk full, read-only folder)."""


class UnreadableFile(SimsearchError):
    """A reader can't make text of a file; `index` skips the file and reports this reason."""


class TableError(SimsearchError):
    """A table can't be read; the caller adds the file's name.

    Args:
        reason: What is wrong, without a full stop.
        row: The row, counted from 1; None where it is the whole file.
        option: The setting that would help, such as `encoding=cp1252`.
    """

    def __init__(self, reason: str, row: int | None = None, option: str = "") -> None:
        super().__init__(f"row {row}: {reason}" if row else reason)
        self.reason, self.row, self.option = reason, row, option
