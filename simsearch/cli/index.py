"""`simsearch index`: brings the index in line with folders."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simsearch.cli.options import common_options
from simsearch.cli.session import Session

if TYPE_CHECKING:
    from simsearch.indexing import IndexReport


@click.command()
@click.argument("paths", nargs=-1, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("--include", multiple=True, metavar="GLOB", help="Only files that match; may be repeated.")
@click.option("--exclude", multiple=True, metavar="GLOB", help="No files that match; may be repeated.")
@click.option("--chunker", metavar="SPEC", help="How documents are cut.  [default: structure]")
@click.option("--model", metavar="MODEL", help="In place of the promoted model.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
@click.option("--download", is_flag=True, help="Allow fetching the model from the hub.")
@common_options
def command(
    session: Session,
    paths: tuple[Path, ...],
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    dry_run: bool,
    **wishes: Any,
) -> None:
    """Index the files under each PATH: new and changed ones are embedded, vanished ones removed.

    PATH is a folder, a text file, a .jsonl corpus, or a .csv or .tsv table. Without PATH, those of
    simsearch.toml are used.
    """
    report = session.workspace.index(
        *paths, include=include or None, exclude=exclude or None, dry_run=dry_run, **wishes
    )
    session.show(report.to_json(), describe(report, dry_run))


def describe(report: IndexReport, dry_run: bool) -> str:
    """The report for a terminal."""
    rows = [
        f"{'Would be: ' if dry_run else ''}{report.added} added, {report.changed} changed, {report.removed} removed, "
        f"{report.unchanged} unchanged; {report.chunks} chunks, {report.embedded} embedded "
        f"in {report.seconds:.1f} s."
    ]
    if report.truncated:
        rows.append(f"{report.truncated} chunks were longer than the model reads and were cut.")
    for reason, count in Counter(skipped.reason for skipped in report.skipped).most_common():
        rows.append(f"Skipped {count}: {reason}")
    return "\n".join(rows)
