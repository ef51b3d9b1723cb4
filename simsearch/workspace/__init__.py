"""The workspace: the folder that contains .simsearch/, and the interface for Python users.

Each subject has a class in a file of its own; Workspace has the methods of all of them.
"""

from __future__ import annotations

from simsearch.workspace.indexing import Indexing
from simsearch.workspace.judging import Judging
from simsearch.workspace.tuning import Tuning
from simsearch.workspace.upkeep import Upkeep

__all__ = ["Workspace"]


class Workspace(Tuning, Indexing, Judging, Upkeep):
    """A folder with its models and its index.

    Args:
        folder: The folder that contains .simsearch/, which is created by the first command that writes.
        settings: Settings to use instead of simsearch.toml and the environment.
        registry: Plugins to use instead of the installed ones.
    """
