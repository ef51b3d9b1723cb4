"""The built-in commands: each is a file of simsearch/cli, imported only when it is called."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from simsearch import Component, hookimpl

if TYPE_CHECKING:
    import click

COMMANDS = {
    "tune": "Fine-tune an embedding model on pairs, and test whether it is better.",
    "pairs": "Make training pairs from documents.",
    "index": "Update the index from folders and files.",
    "query": "Search the index.",
    "get": "Print the text of an indexed document.",
    "evaluate": "Measure the index on questions with known answers.",
    "judge": "Record which documents are right or wrong for a question.",
    "teach": "Learn from judgements how to search, if that is proven to help.",
    "status": "Show the model and the index: what it holds, and whether it is up to date.",
    "models": "List, show, choose, compare, fetch or remove models.",
    "completion": "Print the script that lets a shell complete commands, options, components and models.",
    "plugins": "List, show, check, write or trust plugins.",
    "dedupe": "List near-duplicate documents and chunks of the index.",
    "forget": "Remove folders or files from the index; the files themselves stay.",
    "export": "Write the index as files that other systems can import, and `index` can restore.",
    "check": "Verify hashes, counts, segments and vectors.",
}
"""One line about each, in the order of the help."""


@hookimpl
def simsearch_commands() -> list[Component]:
    return [Component(name, summary, in_file(name)) for name, summary in COMMANDS.items()]


def in_file(name: str) -> Callable[[], click.Command]:
    """A `build` that imports the file of the command."""

    def build() -> click.Command:
        command: click.Command = importlib.import_module(f"simsearch.cli.{name}").command
        return command

    return build
