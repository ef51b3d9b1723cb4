"""simsearch: tune an embedding model on your own pairs, prove it is better, search your folder with it."""

import os
from typing import TYPE_CHECKING, Any

from simsearch.components import Component, Event, Notice, Progress
from simsearch.errors import InputError, SimsearchError, UnreadableFile
from simsearch.hooks import hookimpl

if TYPE_CHECKING:
    from simsearch.types import (
        Chunk,
        Document,
        Embedder,
        FoundDocument,
        Heading,
        Hit,
        Mark,
        MiningData,
        Pair,
        PairColumns,
        PairFile,
        Split,
        TokenCounter,
        TrainingData,
        Truncation,
        View,
    )
    from simsearch.workspace import Workspace

# onnxruntime sends telemetry as soon as it is imported anywhere, unless this is set before.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

__version__ = "0.1.0"
__all__ = [
    "Chunk",
    "Component",
    "Document",
    "Embedder",
    "Event",
    "FoundDocument",
    "Heading",
    "Hit",
    "InputError",
    "Mark",
    "MiningData",
    "Notice",
    "Pair",
    "PairColumns",
    "PairFile",
    "Progress",
    "SimsearchError",
    "Split",
    "TokenCounter",
    "TrainingData",
    "Truncation",
    "UnreadableFile",
    "View",
    "Workspace",
    "__version__",
    "hookimpl",
]


def __getattr__(name: str) -> Any:
    # A plugin that only declares components must not pay for what its components work with.
    if name not in __all__:
        raise AttributeError(f"module 'simsearch' has no attribute {name!r}")
    if name == "Workspace":
        from simsearch.workspace import Workspace

        return Workspace
    from simsearch import types

    return getattr(types, name)


def __dir__() -> list[str]:
    return __all__
