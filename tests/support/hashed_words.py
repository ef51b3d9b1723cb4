"""A fast embedder of the tests' own, by the plugin hook: a text is the sum of its words' random directions."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from simsearch import Component, Truncation, Workspace, hookimpl
from simsearch.plugins.discovery import Found, Origin
from simsearch.plugins.registry import Registry
from simsearch.settings import IndexSettings, Settings
from simsearch.testing.stores.examples import ExampleModel
from simsearch.types import Role, Vectors


class Words:
    """A token is a word or a mark."""

    def __init__(self, limit: int = 120) -> None:
        self.limit = limit

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(self.spans(text)) for text in texts]

    def spans(self, text: str) -> list[tuple[int, int]]:
        return [match.span() for match in re.finditer(r"\w+|[^\w\s]", text)]


class HashedWords(ExampleModel):
    """The embedder, another model for each seed; `embedded` lists the document strings that it was given."""

    truncation = Truncation()

    def __init__(self, seed: int = 0, dimension: int = 64, limit: int = 120) -> None:
        super().__init__(seed, dimension)
        self.tokens = Words(limit)
        self.embedded: list[str] = []

    def encode(self, texts: Sequence[str], role: Role = "document") -> Vectors:
        self.embedded += texts if role == "document" else []
        return super().encode(texts, role)


def open_workspace(
    folder: Path, embedder: HashedWords | None = None, index: IndexSettings | None = None
) -> Workspace:
    """A workspace whose indexes are made with hashed words, by default those of one embedder."""
    build = (lambda: embedder) if embedder else HashedWords

    class Plugin:
        @hookimpl
        def simsearch_embedders(self) -> list[Component]:
            return [Component("hashed-words", "Random directions of words", build)]

    registry = Registry.load(only=())
    registry.add(Found(Origin("hashed", "hashed-words", "1", "tests.support.hashed_words"), Plugin))
    settings = Settings(cache=str(folder / "cache"), index=index or IndexSettings(model="hashed-words"))
    return Workspace(folder, settings, registry)


def indexed(folder: Path, files: Mapping[str, str]) -> Workspace:
    """A workspace with these files in its index."""
    workspace = open_workspace(folder)
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    workspace.index(*{folder / Path(path).parts[0] for path in files})
    return workspace


AS_PACKAGE = """
from tests.support.hashed_words import HashedWords

@hookimpl
def simsearch_embedders():
    return [Component("hashed-words", "Random directions of words", HashedWords)]
"""
"""The same plugin for a process of its own, see tests/support/plugin_packages.py."""
