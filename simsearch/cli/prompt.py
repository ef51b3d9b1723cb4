"""A prompt for one question after another, with a history."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from simsearch.cli.terminal import say_error
from simsearch.errors import InputError
from simsearch.home import Home

PROMPT = "query> "
LONGEST = 1000


def converse(answer: Callable[[str], None], home: Path) -> None:
    """Answer lines until Ctrl-D. Ctrl-C discards the line that is being written, or stops the answer.

    Args:
        home: The folder that keeps the history.
    """
    with _history(Home(home).query_history):
        while True:
            try:
                line = input(PROMPT)
                if line.strip():
                    answer(line)
                    click.echo()
            except InputError as error:
                say_error(error)
            except KeyboardInterrupt:
                click.echo()
            except EOFError:
                click.echo()
                return


@contextlib.contextmanager
def _history(path: Path) -> Iterator[None]:
    """Arrow keys and earlier questions, if this Python has readline."""
    try:
        import readline
    except ImportError:
        yield
        return
    with contextlib.suppress(OSError):
        readline.read_history_file(path)
    readline.set_history_length(LONGEST)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            readline.write_history_file(path)
