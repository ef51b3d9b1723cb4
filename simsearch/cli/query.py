"""`simsearch query`: search the index."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from simsearch.cli.options import common_options_with_formatters, component_option
from simsearch.cli.session import Session
from simsearch.cli.terminal import print_json, print_result
from simsearch.locations import is_url
from simsearch.settings import Fusion, Mode
from simsearch.types import Hit, View

if TYPE_CHECKING:
    from simsearch.querying.searcher import Answer

EMPTY = 3
"""Exit status of --fail-empty if nothing is found."""

FOR_PROGRAMS = ("json", "jsonl", "csv")
"""Formats with paths relative to the workspace; all others show them relative to the current folder."""


class QueryCommand(click.Command):
    """Explains how to search for a text that begins with a hyphen, which looks like an option."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        given = list(args)
        try:
            return super().parse_args(context, args)
        except click.UsageError as error:
            known = {name for parameter in self.params for name in parameter.opts}
            text = next((word for word in given if self._is_text(word, known)), None)
            if text:
                hint = (
                    f"put -- before a text that begins with a hyphen: simsearch query -- {shlex.quote(text)}"
                )
                raise click.UsageError(
                    f"{error.format_message()} To search for it, {hint}", error.ctx
                ) from error
            raise

    def _is_text(self, word: str, known: Collection[str]) -> bool:
        return word.startswith("-") and word.strip("-") != "" and word.partition("=")[0] not in known


@click.command(cls=QueryCommand)
@click.argument("text", nargs=-1)
@click.option("-k", type=click.IntRange(1), help="Number of results.  [default: 10]")
@click.option(
    "--mode",
    type=click.Choice(get_args(Mode)),
    help="Search by meaning (dense), by words (lexical), or by both.",
)
@click.option(
    "--where",
    multiple=True,
    metavar="FILTER",
    help="Filter, such as 'language:en and (year>=2020 or path:docs/*)'; repeatable.",
)
@click.option(
    "--chunks", is_flag=True, default=None, help="Show every matching chunk, not each document once."
)
@click.option(
    "--fold",
    is_flag=True,
    default=None,
    help="Group results that are nearly the same, not only identical ones.",
)
@click.option("--like", type=click.Path(dir_okay=False, exists=True, path_type=Path), metavar="FILE",
              help="Find documents similar to FILE, which need not be indexed.")  # fmt: skip
@click.option("--fusion", type=click.Choice(get_args(Fusion)), help="Method to combine both rankings.")
@click.option(
    "--weight", type=click.FloatRange(0, 1), help="Weight of the dense score in hybrid mode, 0 to 1."
)
@component_option("--rerank", kind="rerankers", help="Reranker for the best results.")
@click.option("--taught/--untaught", default=None, help="Use or ignore what `teach` learned.  [default: use]")
@click.option("--explain", is_flag=True, help="Explain how the results were found.")
@click.option("--fail-empty", is_flag=True, help=f"Exit with status {EMPTY} if nothing is found.")
@common_options_with_formatters
def command(
    session: Session,
    text: tuple[str, ...],
    where: tuple[str, ...],
    like: Path | None,
    explain: bool,
    fail_empty: bool,
    **overrides: Any,
) -> None:
    """Search the index for TEXT.

    `-` reads one question per line from stdin and answers each with one JSON object; without TEXT, on a terminal,
    questions are asked one after another. Words in "double quotes" must be found as they stand.
    """
    overrides["where"] = where or None
    if like is not None and text:
        raise click.UsageError("--like replaces TEXT; use only one of them.")
    if like is None and not text and not sys.stdin.isatty():
        raise click.UsageError(
            "There is nothing to search for: type a TEXT, or - to read questions from stdin."
        )
    if text == ("-",) and session.format not in ("text", "json", "jsonl"):
        raise click.UsageError(
            f"- prints one JSON object per line; --format {session.format} does not apply."
        )
    formatter = session.registry.formatter(session.format)

    def show(answer: Answer) -> None:
        view = View(
            shutil.get_terminal_size().columns, session.colour, answer.explanation if explain else None
        )
        hits = (
            answer.hits
            if session.format in FOR_PROGRAMS
            else _relative_to_here(answer.hits, session.workspace.folder)
        )
        with formatter.guarded():
            shown = formatter.value(hits, view)
        if not isinstance(shown, str):
            raise formatter.blame(f"returned a {type(shown).__name__}, not text")
        if shown:
            (print_json if session.format in ("json", "jsonl") else print_result)(shown)

    with session.workspace.open_searcher(**overrides) as searcher:
        ask = partial(session.workspace.ask, searcher=searcher)
        if text == ("-",):
            found = _answer_stdin(ask, explain)
        elif like is not None:
            answer = session.workspace.ask_like(like, searcher)
            show(answer)
            found = bool(answer.hits)
        elif text:
            answer = ask(" ".join(text))
            show(answer)
            found = bool(answer.hits)
        else:
            from simsearch.cli.prompt import converse

            converse(lambda line: show(ask(line)), session.workspace.home)
            return
    if fail_empty and not found:
        sys.exit(EMPTY)


def _relative_to_here(hits: Sequence[Hit], folder: Path) -> tuple[Hit, ...]:
    """The hits with their paths relative to the current folder."""

    def named(path: str) -> str:
        return path if is_url(path) else Path(os.path.relpath(folder / path)).as_posix()

    if Path.cwd() == folder:
        return tuple(hits)
    return tuple(
        replace(
            hit,
            path=named(hit.path),
            duplicates=tuple(map(named, hit.duplicates)),
            folded=tuple(replace(other, path=named(other.path)) for other in hit.folded),
        )
        for hit in hits
    )


def _answer_stdin(ask: Callable[[str], Answer], explain: bool) -> bool:
    """Answer each line of stdin with a line on stdout at once; returns whether every question had hits."""
    everything = True
    for line in sys.stdin.buffer:
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if not text.strip():
            continue
        answer = ask(text)
        row: dict[str, Any] = {"query": text, "hits": [asdict(hit) for hit in answer.hits]}
        if explain:
            row["explanation"] = asdict(answer.explanation)
        print_json(json.dumps(row, ensure_ascii=False))
        everything = everything and bool(answer.hits)
    return everything
