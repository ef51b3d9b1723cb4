"""simsearch: tune an embedding model on your own pairs, prove it is better, search your folder with it."""

import os
from typing import TYPE_CHECKING, Any

from simsearch.errors import InputError, SimsearchError, UnreadableFile
from simsearch.hooks import hookimpl
from simsearch.types import (
    Chunk,
    Component,
    Document,
    Embedder,
    Event,
    FoundDocument,
    Heading,
    Hit,
    Mark,
    MiningData,
    Notice,
    Pair,
    PairColumns,
    PairFile,
    Progress,
    Split,
    TokenCounter,
    TrainingData,
    Truncation,
    View,
)

if TYPE_CHECKING:
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
    # Workspace imports most of the package, and a plugin that only declares components must not pay for that.
    if name == "Workspace":
        from simsearch.workspace import Workspace

        return Workspace
    raise AttributeError(f"module 'simsearch' has no attribute {name!r}")
