"""What a terminal is given: lines broken at blanks, colours where they are wanted, and nothing else that it obeys."""

from __future__ import annotations

import os
import re
import sys

import click

WIDEST = 100
_OBEYED = re.compile(r"\x1b(?!\[[\d;]*m)|[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f]")
"""Control characters, but for tabs, line breaks and what begins a colour."""


def no_colour() -> bool:
    """Whether the user wants none, see https://no-color.org."""
    return bool(os.environ.get("NO_COLOR"))


def print_result(text: str) -> None:
    """Print to stdout: to a program every character as it is, to a terminal none that it obeys."""
    if sys.stdout.isatty():
        click.echo(_OBEYED.sub("?", text))
    else:
        click.echo(text, color=True)  # otherwise a colour in a file's name would be left out


def say_error(error: Exception) -> None:
    """Print an error to stderr."""
    text = f"error: {error}"
    click.secho(wrapped(text) if sys.stderr.isatty() else text, err=True, fg=None if no_colour() else "red")


def wrapped(text: str) -> str:
    """Lines broken at blanks; a terminal breaks them anywhere."""
    import shutil
    import textwrap

    width = min(shutil.get_terminal_size().columns, WIDEST)
    return "\n".join(
        textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)
        for line in _OBEYED.sub("?", text).splitlines()
    )
