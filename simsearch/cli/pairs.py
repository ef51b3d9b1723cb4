"""`simsearch pairs`: makes pairs from documents."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simsearch.cli.options import PathOrUrl, common_options, component_option
from simsearch.cli.session import Session
from simsearch.locations import Location
from simsearch.wording import counted

if TYPE_CHECKING:
    from simsearch.pairing import PairsReport


@click.group()
def command() -> None:
    """Make training pairs from documents."""


@command.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=PathOrUrl())
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    default="pairs.jsonl",
    show_default=True,
    help="File to write: .jsonl or .csv.",
)
@component_option(
    "--generator",
    "generators",
    kind="pair_generators",
    multiple=True,
    help="Generator to use, such as headings or links:words=1; repeatable.  [default: all]",
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    metavar="N",
    help="Maximum number of pairs of each kind, drawn at random.",
)
@click.option("--seed", type=click.IntRange(0), default=0, help="Random seed for --limit.")
@click.option("--include", multiple=True, metavar="GLOB", help="Read only files that match; repeatable.")
@click.option("--exclude", multiple=True, metavar="GLOB", help="Leave out files that match; repeatable.")
@click.option("--overwrite", is_flag=True, help="Replace the output file if it exists.")
@common_options
def make(
    session: Session,
    paths: tuple[Location, ...],
    output: Path,
    generators: tuple[str, ...],
    limit: int | None,
    seed: int,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    overwrite: bool,
) -> None:
    """Write pairs from the structure of the documents under each PATH.

    A pair is a heading and its section, a question and its answer, the text of a link and its target, a docstring
    and its code, or a term and its definition. Read and edit the file before `simsearch tune`: authors wrote these
    texts, and people ask differently.
    """
    report = session.workspace.make_pairs(
        *paths,
        output=output,
        generators=generators,
        limit=limit,
        seed=seed,
        overwrite=overwrite,
        include=include or None,
        exclude=exclude or None,
    )
    session.show(report.to_json(), describe(report))


def describe(report: PairsReport) -> str:
    """The report for a terminal."""
    rows = [
        f"{counted(report.pairs, 'pair', 'pairs')} from "
        f"{counted(report.documents, 'document', 'documents')} in {report.output}:"
    ]
    rows += [f"  {kind:12}{count:7}" for kind, count in report.kinds.items()]
    rows += [f"Left out {count}: {reason}." for reason, count in report.left_out.items()]
    for reason, count in Counter(skipped.reason for skipped in report.skipped).most_common():
        rows.append(f"Skipped {count}: {reason}")
    rows.append(f"Read and edit them, then run: simsearch tune {report.output}")
    return "\n".join(rows)
