"""`simsearch index`: updates the index of folders."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from simsearch.cli.options import PathOrUrl, common_options, component_option, device_option, model_option
from simsearch.cli.session import Session
from simsearch.decoding import GUESSED
from simsearch.locations import Location
from simsearch.wording import counted

if TYPE_CHECKING:
    from simsearch.indexing import FileNotice, IndexReport, Kind, Skipped

NO_TEXT = "no text"
NAMED = 2
"""Files that are named for each reason; `--format json` names them all."""

NOTICES: dict[Kind, str] = {
    "without_text": "Without text",
    "partly_read": "Partly read",
    "guessed_encoding": "Encoding guessed",
}
"""What begins the row about a kind of notice."""


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=PathOrUrl())
@click.option("--include", multiple=True, metavar="GLOB", help="Index only files that match; repeatable.")
@click.option("--exclude", multiple=True, metavar="GLOB", help="Leave out files that match; repeatable.")
@component_option("--chunker", kind="chunkers", help="Chunker, which cuts documents.  [default: structure]")
@component_option(
    "--reader",
    "readers",
    kind="readers",
    help="Reader for its file types, such as csv:text=body; repeatable.",
    multiple=True,
)
@model_option("--model", "Model to embed with, instead of the promoted one.")
@component_option("--engine", kind="engines", help="Engine that reads and embeds files.  [default: local]")
@device_option("Device to embed on; auto embeds few texts on the CPU.")
@click.option("--dry-run", is_flag=True, help="List what would be done, and change nothing.")
@click.option(
    "--for", "for_time", metavar="TIME", help="Stop after a time such as 10m; the next run continues."
)
@component_option(
    "--copy-from", kind="stores", help="Copy the index of another store, such as local, and embed nothing."
)
@click.option("--watch", is_flag=True, help="Keep running, and index again whenever a file changes.")
@click.option("--download", is_flag=True, help="Allow fetching the model from the hub.")
@common_options
def command(
    session: Session,
    paths: tuple[Location, ...],
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    readers: tuple[str, ...],
    dry_run: bool,
    copy_from: str | None,
    watch: bool,
    for_time: str | None,
    **overrides: Any,
) -> None:
    """Index the files under each PATH: new and changed ones are embedded, vanished ones removed.

    Keyword search finds documents as soon as they are read; their vectors follow, newest files first.

    PATH is a folder, a text file, a .jsonl corpus, a .csv or .tsv table, or a URL of one, such as
    https://example.org/docs or s3://bucket/docs. Without PATH, those of simsearch.toml are used.
    """
    if copy_from:
        _copy(session, copy_from, bool(paths or dry_run or for_time or watch))
        return
    overrides |= {"include": include or None, "exclude": exclude or None, "readers": readers or None}
    if watch and (dry_run or for_time):
        raise click.UsageError(f"--watch and {'--dry-run' if dry_run else '--for'} don't go together.")
    if watch:
        _watch(session, paths, overrides)
        return
    try:
        report = session.workspace.index(*paths, dry_run=dry_run, for_time=for_time, **overrides)
    except KeyboardInterrupt:
        session.note("Stopped. What was committed is kept; the next `simsearch index` continues.")
        raise SystemExit(130) from None
    session.show(report.to_json(), describe(report, dry_run))


def _copy(session: Session, store: str, with_others: bool) -> None:
    if with_others:
        raise click.UsageError(
            "--copy-from copies a whole index: leave out PATH, --dry-run, --for and --watch."
        )
    try:
        report = session.workspace.copy_index(store)
    except KeyboardInterrupt:
        session.note("Stopped. What was copied is kept; the same command continues.")
        raise SystemExit(130) from None
    session.show(report.to_json(), f"{describe(report)}\nThe copy holds the same as {store}.")


def _watch(session: Session, paths: tuple[Location, ...], overrides: dict[str, Any]) -> None:
    """The first report whole, then a line for each round that did something, until Ctrl-C."""
    reports = session.workspace.watch(*paths, **overrides)
    try:
        first = next(reports)
        session.show(first.to_json(), describe(first))
        session.note("Watching; Ctrl-C ends it.")
        for report in reports:
            if report.added or report.changed or report.removed:
                session.show(report.to_json(), f"{time.strftime('%H:%M:%S')}  {_counts(report)}")
    except KeyboardInterrupt:
        pass
    session.note("No longer watching.")


def describe(report: IndexReport, dry_run: bool = False) -> str:
    """The report for a terminal."""
    rows = [f"{planned.action:6}  {planned.path}" for planned in report.plan]
    rows.append(f"{'Would be: ' if dry_run else ''}{_counts(report, dry_run)}")
    if report.coverage and report.coverage.pending:
        rows.append(
            f"{report.coverage.with_vectors} of {report.coverage.chunks} chunks have vectors; "
            "run `simsearch index` again to embed the rest."
        )
    if report.truncated:
        rows.append(f"{counted(report.truncated, 'chunk was', 'chunks were')} cut to what the model reads.")
    rows += [str(missing) for missing in report.missing_roots]
    rows += describe_notices(report.notices)
    rows += _skipped(report.skipped)
    return "\n".join(rows)


def describe_notices(notices: Sequence[FileNotice], named: int = NAMED) -> list[str]:
    """A row for each kind of notice: how many files it is about, and the first of them with what is said.

    Args:
        named: Files to name of each kind.
    """
    rows = []
    for kind, about in NOTICES.items():
        files: dict[str, list[str]] = {}
        for notice in notices:
            if notice.kind == kind:
                files.setdefault(notice.path, []).append(notice.notice)
        if files:
            shown = [_described(path, said) for path, said in islice(files.items(), named)]
            rows.append(f"{about} {len(files)}: {', '.join(shown)}{', …' if len(files) > named else ''}")
    return rows


def _described(path: str, notices: Sequence[str]) -> str:
    """A file with what is said of it beyond the kind of notice."""
    said = [notice.removeprefix(NO_TEXT).removeprefix(GUESSED).removeprefix(": ") for notice in notices]
    return f"{path} ({'; '.join(filter(None, said))})" if any(said) else path


def _skipped(skipped: Sequence[Skipped]) -> list[str]:
    """A row a reason, the most frequent first, with the first files' names."""
    files: Counter[str] = Counter()
    names: dict[str, list[str]] = {}
    for item in skipped:
        files[item.reason] += item.files
        names.setdefault(item.reason, []).append(item.path)
    rows = []
    for reason, count in files.most_common():
        shown = ", ".join(names[reason][:NAMED])
        rows.append(f"Skipped {count}: {reason} ({shown}{', …' if len(names[reason]) > NAMED else ''})")
    return rows


def _counts(report: IndexReport, dry_run: bool = False) -> str:
    files = f"{report.added} added, {report.changed} changed, {report.removed} removed, {report.unchanged} unchanged"
    if dry_run:
        return f"{files}."
    return (
        f"{files}; {counted(report.chunks, 'chunk', 'chunks')}, {report.embedded} embedded in {report.seconds:.1f} s"
        f"{_devices(report.devices)}"
        f"{', none longer than the model reads' if report.chunks and not report.truncated else ''}."
    )


def _devices(devices: Mapping[str, int]) -> str:
    """What embedded, and how many of the chunks where there are several."""
    if len(devices) < 2:
        return "".join(f" on {name}" for name in devices)
    return f" ({', '.join(f'{count} on {name}' for name, count in devices.items())})"
