"""Output for a terminal: wrapped at spaces, coloured if wanted, and without other control characters."""

from __future__ import annotations

import contextlib
import io
import os
import re
import sys

import click

WIDEST = 100
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_OBEYED = re.compile(r"\x1b(?!\[[\d;]*m)|[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f]")
"""Control characters, except tabs, line breaks and the beginning of a colour."""


def no_colour() -> bool:
    """Whether the user wants no colours, see https://no-color.org."""
    return bool(os.environ.get("NO_COLOR"))


def prepare_streams() -> None:
    """Let no stream fail: a closed one leads nowhere, and characters that an encoding lacks are escaped."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")


def print_result(text: str) -> None:
    """Print to stdout: to a program every character as it is, to a terminal no control characters. A reader that stops
    early, such as `head`, ends the program without an error."""
    try:
        if sys.stdout.isatty():
            click.echo(_OBEYED.sub("?", text))
        else:
            click.echo(text, color=True)  # otherwise click would remove a colour that is part of a file name
    except BrokenPipeError:
        discard_output()
        sys.exit(0)


def print_json(text: str) -> None:
    """Print JSON to stdout: whatever its encoding, all characters arrive."""
    print_result(text if _is_utf8(sys.stdout.encoding) else _NOT_ASCII.sub(_escape, text))


def discard_output() -> None:
    """Lead stdout nowhere, so that nothing fails when it is flushed at the end."""
    with contextlib.suppress(OSError, ValueError):  # a stream of a test has no file
        target, nowhere = sys.stdout.fileno(), os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, target)
        os.close(nowhere)


def _is_utf8(encoding: str | None) -> bool:
    return (encoding or "").lower().replace("-", "").replace("_", "") in ("utf8", "utf8sig")


def _escape(found: re.Match[str]) -> str:
    import json

    return json.dumps(found[0])[1:-1]


def say_error(error: Exception) -> None:
    """Print an error to stderr."""
    text = f"error: {error}"
    click.secho(
        wrap_for_terminal(text) if sys.stderr.isatty() else text, err=True, fg=None if no_colour() else "red"
    )


def wrap_for_terminal(text: str) -> str:
    """Lines wrapped at spaces, because a terminal breaks them anywhere."""
    import shutil
    import textwrap

    width = min(shutil.get_terminal_size().columns, WIDEST)
    return "\n".join(
        textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)
        for line in _OBEYED.sub("?", text).splitlines()
    )
