"""`simsearch tune`: pairs to a better model, or an honest no."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from simsearch.cli.choices import complete
from simsearch.cli.options import common_options, component_option, device_option, model_option
from simsearch.cli.session import Session
from simsearch.settings import Promote, read_processes

if TYPE_CHECKING:
    from simsearch.tuning.judging.changes import Change
    from simsearch.tuning.reporting.report import Preview, TuneReport

WIDTH, SHOWN = 80, 3


@click.command()
@click.argument("pairs", nargs=-1, metavar="[PAIRS]...", type=click.Path(path_type=Path))
@click.option(
    "--test",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Test set: a file of pairs used only to judge; PAIRS are then split into train and dev set.",
)
@click.option(
    "--judged", is_flag=True, help="Also train on the earlier judgements, and test on the later ones."
)
@click.option(
    "--from",
    "from_run",
    metavar="RUN",
    shell_complete=complete("runs"),
    help="Repeat a run; other options replace its settings.",
)
@click.option("--recipe", metavar="NAME", help="Named set of settings: classic.")
@model_option("--base", "Model to start from: a name, a folder or a run.")
@component_option(
    "--scores", kind="score_generators", help="Score generator, such as random:mean=0.9,scaling=20."
)
@component_option("--split", kind="splitters", help="Splitter, such as grouped, or column:name=split.")
@component_option("--loss", kind="losses", help="Loss, such as multiple-negatives or cosent.")
@component_option(
    "--negatives", kind="negative_miners", help="Find hard negatives, such as mined or mined:count=2."
)
@click.option(
    "--columns",
    metavar="NAMES",
    help="Names of the columns: anchor=NAME,positive=NAME,score=NAME,label=NAME,negative=NAME.",
)
@click.option(
    "--epochs", type=click.IntRange(1), help="Maximum number of epochs; the best one on the dev set is kept."
)
@click.option("--batch-size", type=click.IntRange(2), help="Pairs in each training batch.")
@click.option(
    "--learning-rate", type=click.FloatRange(0, min_open=True), help="Peak learning rate, such as 2e-5."
)
@click.option(
    "--freeze",
    type=click.IntRange(0),
    metavar="N",
    help="Freeze the embeddings and the N lowest layers.",
)
@click.option(
    "--quick",
    is_flag=True,
    default=None,
    help="Fit only a linear map on the base's vectors: takes seconds, and nothing is embedded again.",
)
@click.option("--budget", metavar="TIME", help="Fit epochs, layers and pairs to a time limit, such as 10m.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Use a seeded sample of N pairs.")
@click.option("--seed", type=click.IntRange(0), help="Random seed.")
@device_option("Device to train on.")
@click.option(
    "--promote",
    type=click.Choice(get_args(Promote)),
    help="Promote the model if it is proven better, always or never.",
)
@click.option(
    "--strict", is_flag=True, default=None, help="Stop if something serious is wrong with the pairs."
)
@click.option("--dry-run", is_flag=True, help="Examine the pairs, print the plan, and train nothing.")
@click.option("--download", is_flag=True, help="Allow fetching the base model from the hub.")
@common_options
def command(
    session: Session,
    pairs: tuple[Path, ...],
    test: Path | None,
    judged: bool,
    from_run: str | None,
    dry_run: bool,
    download: bool,
    **overrides: Any,
) -> None:
    """Fine-tune an embedding model on PAIRS and test whether it is better.

    PAIRS are .csv, .tsv, .json, .jsonl or .parquet files of two texts a row: what people ask, and what they
    should find. Some of them are never trained on: this test set judges base and tuned model alike. The tuned model
    is promoted only if it is significantly better. Without PAIRS, those of simsearch.toml are used.
    """
    if read_processes().rank:
        if not dry_run:
            _assist(session)
        return
    if dry_run:
        from simsearch.tuning.doctor.examining import refuse

        examination = session.workspace.examine(
            *pairs, test=test, judged=judged, from_run=from_run, **overrides
        )
        session.show(examination.to_json(), describe_plan(examination))
        if overrides["strict"]:
            refuse(examination.findings)
        return
    report = session.workspace.tune(
        *pairs, test=test, judged=judged, from_run=from_run, download=download, **overrides
    )
    page = session.workspace.models.runs.folder / report.run / "report.html"
    session.show(report.to_json(), describe(report, shown(page), session.workspace.settings.index.model))


def _assist(session: Session) -> None:
    """Train along, in silence: the first process reports."""
    import os
    import signal

    signal.signal(signal.SIGINT, signal.SIG_DFL)  # ends also a process that waits for others
    session.quiet = True
    session.workspace.assist_tuning()
    os._exit(0)  # nothing is left to do but to end gloo's threads, in which Python can get stuck


def describe(report: TuneReport, page: Path, searched: str | None = None) -> str:
    """The report for a terminal of 80 columns.

    Args:
        page: The report page.
        searched: The model that the settings search with, whichever is promoted; None for the promoted one.
    """
    sentences = [
        f"Stopped after {report.steps} steps, before the planned end." if report.stopped else "",
        f"{report.questions} questions judged, {evaluations(report.looks)}; trained on {report.pairs['train']} "
        f"pairs in {report.seconds:.0f} s on {report.device}{_in_processes(report.processes)}.",
        f"General-knowledge probe questions: nDCG@10 {report.probe['base']:.3f} before, "
        f"{report.probe['tuned']:.3f} after.",
        report.map.text if report.map else "",
        report.leak.text if report.leak else "",
        report.advice or "",
    ]
    verdict = f"{'Promoted' if report.promoted else 'Not promoted'}: {report.reason}"
    ends = f"Run {report.run}; report: {page}."
    if report.promoted and searched:
        ends += f" The setting index.model = {searched} takes precedence while it is set."
    elif report.promoted:
        ends += " Now: simsearch index FOLDER, then simsearch query TEXT."
    return "\n".join(
        [
            *measures(report),
            "",
            *(line for sentence in sentences for line in fill(sentence)),
            *changes("Better", report.better),
            *changes("Worse", report.worse),
            "",
            *fill(verdict),
            *fill(ends),
        ]
    )


def measures(report: TuneReport) -> list[str]:
    """The table: a model a row, a measure a column."""
    models = {"base": report.base, **report.rivals, "tuned": report.tuned}
    rows = [f"{'':12}" + "".join(f"{name:>9}" for name in report.base)]
    for name, values in models.items():
        rows.append(f"{name.replace('_', ' '):12}" + "".join(f"{values[each]:9.3f}" for each in report.base))
    return [*rows, f"{'gain':12}" + "".join(f"{report.gain[each]:+9.3f}" for each in report.base)]


def _in_processes(count: int) -> str:
    return f" in {count} processes" if count > 1 else ""


def evaluations(count: int) -> str:
    """How often these questions have judged a model, in words."""
    if count == 1:
        return "for the first time"
    ending = {1: "st", 2: "nd", 3: "rd"}.get(count % 10 if count % 100 not in (11, 12, 13) else 0, "th")
    return f"for the {count}{ending} time (the interval is widened accordingly)"


def changes(title: str, changed: Sequence[Change]) -> list[str]:
    """The first few questions that got better or worse, one a line."""
    lines = [f"  {rank(c.before):>4} → {rank(c.after):<4} {shorten(c.question, 64)}" for c in changed[:SHOWN]]
    return [f"{title}, by the rank of the right answer:", *lines] if lines else []


def rank(place: int | None) -> str:
    return "–" if place is None else str(place)


def shown(path: Path) -> Path:
    """A path as short as it can be written here."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def shorten(text: str, width: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= width else f"{text[: width - 1]}…"


def fill(text: str, indent: str = "") -> list[str]:
    """A sentence in lines of at most 80 columns."""
    return textwrap.wrap(
        text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def describe_plan(examination: Preview) -> str:
    """Findings and plan for a terminal."""
    parts = ", ".join(f"{count} {name}" for name, count in examination.pairs.items())
    found = [f"- {finding}" for finding in examination.findings] or ["- Nothing is wrong with them."]
    read = [f"- {sentence}" for reading in examination.reading for sentence in reading.sentences()]
    lines = [
        "Read:",
        *read,
        f"Pairs: {parts}.",
        *found,
        "Plan:",
        *(f"- {note}" for note in examination.notes),
    ]
    return "\n".join(wrapped for line in lines for wrapped in fill(line, "  "))
