"""`simsearch query`: a text to hits."""

from __future__ import annotations

import shutil
from typing import Any

import click

from simsearch.cli.options import common_options_with_formatters
from simsearch.cli.session import Session
from simsearch.types import View


@click.command()
@click.argument("text", nargs=-1, required=True)
@click.option("-k", type=click.IntRange(1), help="How many results.  [default: 10]")
@click.option("--mode", type=click.Choice(["hybrid", "dense", "lexical"]), help="Meaning, words, or both.")
@common_options_with_formatters
def command(session: Session, text: tuple[str, ...], **wishes: Any) -> None:
    """Search the index for TEXT."""
    formatter = session.registry.formatter(session.format)
    hits = session.workspace.query(" ".join(text), **wishes)
    with formatter.guarded():
        shown = formatter.value(hits, View(shutil.get_terminal_size().columns, session.colour))
    if not isinstance(shown, str):
        raise formatter.blame(f"gave a {type(shown).__name__}, not text")
    click.echo(shown)
