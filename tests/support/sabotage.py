"""A plugin file for the workspaces of these tests: a reader and an embedder that kill processes when they are told to.

The file `orders/read a.txt` lets a process be killed when a.txt is read, `orders/embed WORD` when a text with the word
is embedded. It holds the name of a file with the number of the process; `self` is the process that reads or embeds. An
order is carried out once, and `self, always` whenever it applies.
"""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Sequence
from pathlib import Path

from simsearch import Component, Document, Truncation, hookimpl
from simsearch.testing.stores.examples import ExampleModel
from simsearch.types import Role, Vectors

ORDERS = Path("orders")
MODEL = ExampleModel()


class Words:
    """A token is a word."""

    limit = 100

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(self.spans(text)) for text in texts]

    def spans(self, text: str) -> list[tuple[int, int]]:
        return [match.span() for match in re.finditer(r"\w+", text)]


class Embedder(ExampleModel):
    """Hashed words."""

    tokens = Words()
    truncation = Truncation()

    def encode(self, texts: Sequence[str], role: Role = "document") -> Vectors:
        carry_out("embed", texts)
        return super().encode(texts, role)


def read(path: Path, content: bytes) -> list[Document]:
    carry_out("read", [path.name])
    return [Document(content.decode())]


def carry_out(verb: str, texts: Sequence[str]) -> None:
    """Carry out the orders whose word is in one of the texts."""
    for order in ORDERS.glob(f"{verb} *"):
        word = order.name.removeprefix(f"{verb} ")
        if any(re.search(rf"\b{re.escape(word)}\b", text) for text in texts):
            _kill(order)


def _kill(order: Path) -> None:
    target, _, always = order.read_text().partition(", ")
    if not always:
        order.unlink()
    process = os.getpid() if target == "self" else int(Path(target).read_text())
    os.kill(process, signal.SIGKILL)


@hookimpl
def simsearch_readers() -> list[Component]:
    return [Component("orders", "Text, and what is to be killed", lambda: read, (".txt",))]


@hookimpl
def simsearch_embedders() -> list[Component]:
    return [Component("hashed-words", "Random directions of words", Embedder)]
