"""`simsearch tune`: pairs to a better model, or an honest no."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simsearch.cli.options import common_options
from simsearch.cli.session import Session

if TYPE_CHECKING:
    from simsearch.tuning.report import Examination, TuneReport


@click.command()
@click.argument("pairs", nargs=-1, metavar="[PAIRS]...", type=click.Path(path_type=Path))
@click.option(
    "--test",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Pairs that only judge; PAIRS then only train.",
)
@click.option("--recipe", metavar="NAME", help="A named set of settings: classic.")
@click.option("--base", metavar="MODEL", help="The model to start from: a name, a folder or a run.")
@click.option("--scores", metavar="SPEC", help="Score generator, such as random:mean=0.9,scaling=20.")
@click.option("--split", metavar="SPEC", help="Splitter, such as grouped, or column:name=split.")
@click.option("--loss", metavar="SPEC", help="Loss, such as multiple-negatives or cosent.")
@click.option(
    "--columns", metavar="NAMES", help="Which columns hold what: anchor=NAME,positive=NAME,score=NAME."
)
@click.option("--epochs", type=click.IntRange(1), help="At most so many; the best by the dev part is kept.")
@click.option("--batch-size", type=click.IntRange(2))
@click.option("--learning-rate", type=click.FloatRange(0, min_open=True))
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Use a seeded sample of N pairs.")
@click.option("--seed", type=click.IntRange(0), help="Of everything left to chance.")
@click.option(
    "--promote", type=click.Choice(["auto", "always", "never"]), help="auto: only what is proven better."
)
@click.option(
    "--strict", is_flag=True, default=None, help="Stop if something serious is wrong with the pairs."
)
@click.option("--dry-run", is_flag=True, help="Look the pairs over, print the plan, and train nothing.")
@click.option("--download", is_flag=True, help="Allow fetching the base model from the hub.")
@common_options
def command(
    session: Session, pairs: tuple[Path, ...], test: Path | None, dry_run: bool, download: bool, **wishes: Any
) -> None:
    """Fine-tune an embedding model on PAIRS and prove whether it is better.

    PAIRS are .csv, .tsv, .json, .jsonl or .parquet files of two texts a row: what people ask, and what they
    should find. A part of them is never trained on and judges base and tuned model alike; the tuned model
    is promoted only if it is better beyond chance. Without PAIRS, those of simsearch.toml are used.
    """
    if dry_run:
        examination = session.workspace.examine(*pairs, test=test, **wishes)
        session.show(examination.to_json(), describe_plan(examination))
        return
    report = session.workspace.tune(*pairs, test=test, download=download, **wishes)
    session.show(report.to_json(), describe(report))


def describe(report: TuneReport) -> str:
    """The report for a terminal."""
    rows = [f"{'':10}{'base':>8}{'tuned':>8}{'gain':>8}"]
    for name, base in report.base.items():
        rows.append(f"{name:10}{base:8.3f}{report.tuned[name]:8.3f}{report.gain[name]:+8.3f}")
    looks = (
        "for the first time"
        if report.looks == 1
        else f"for the {report.looks}th time; each look makes luck likelier"
    )
    return "\n".join(
        [
            *rows,
            "",
            f"{report.questions} questions judged, {looks}; trained on {report.pairs['train']} pairs "
            f"in {report.seconds:.0f} s.",
            f"{'Promoted' if report.promoted else 'Not promoted'}: {report.reason}",
            f"Run {report.run}."
            + (" Now: simsearch index FOLDER, then simsearch query TEXT." if report.promoted else ""),
        ]
    )


def describe_plan(examination: Examination) -> str:
    """Findings and plan for a terminal."""
    parts = ", ".join(f"{count} {name}" for name, count in examination.pairs.items())
    found = [f"- {finding}" for finding in examination.findings] or ["- Nothing is wrong with them."]
    return "\n".join([f"Pairs: {parts}.", *found, "Plan:", *(f"- {note}" for note in examination.notes)])
