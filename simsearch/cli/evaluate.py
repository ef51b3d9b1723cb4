"""`simsearch evaluate`: measure the index on questions with known answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from simsearch.cli.judged_evaluation import show_judged
from simsearch.cli.options import common_options
from simsearch.cli.session import Session
from simsearch.settings import Fusion, Mode
from simsearch.wording import counted

if TYPE_CHECKING:
    from simsearch.querying.dense_weight import LearnedWeight
    from simsearch.querying.evaluate import Evaluation


@click.command()
@click.argument("queries", type=click.Path(path_type=Path), required=False)
@click.argument("qrels", type=click.Path(path_type=Path), required=False)
@click.option(
    "--measures",
    default="nDCG@10 R@100 RR",
    show_default=True,
    metavar="NAMES",
    help="Measures in ir-measures notation.",
)
@click.option(
    "--mode",
    type=click.Choice(get_args(Mode)),
    help="Mode to measure; all three if omitted.",
)
@click.option("--where", multiple=True, metavar="FILTER", help="Filter, same as for `query`.")
@click.option("--fusion", type=click.Choice(get_args(Fusion)), help="Fusion method, same as for `query`.")
@click.option("--weight", type=click.FloatRange(0, 1), help="Dense weight, same as for `query`.")
@click.option(
    "--taught/--untaught",
    default=None,
    help="Use or ignore what `teach` learned; --judged ignores it always.  [default: use]",
)
@click.option("--per-query", is_flag=True, help="Show the measures of each question too.")
@click.option(
    "--run-file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="Write the results as a TREC run file; for several modes, to one FILE.MODE each.",
)  # fmt: skip
@click.option(
    "--judged", is_flag=True, help="Ask the questions that were judged with `judge`; takes no files."
)
@click.option(
    "--against",
    metavar="last|FILE",
    help="Compare --judged with the last evaluation, or with its JSON output in FILE.",
)
@click.option(
    "--fail-if-worse",
    is_flag=True,
    help="Exit with status 1 if the gain's whole interval is below zero.",
)
@click.option("--learn", is_flag=True, help="Choose the dense weight of hybrid mode from these questions.")
@click.option("--unlearn", is_flag=True, help="Undo --learn; takes no files.")
@common_options
def command(
    session: Session,
    queries: Path | None,
    qrels: Path | None,
    measures: str,
    mode: Any,
    where: tuple[str, ...],
    per_query: bool,
    run_file: Path | None,
    judged: bool,
    against: str | None,
    fail_if_worse: bool,
    learn: bool,
    unlearn: bool,
    **overrides: Any,
) -> None:
    """Measure the index on QUERIES (.jsonl of _id and text) with the judgements QRELS (query, document, grade).

    Documents are ranked by their best chunk.
    """
    if unlearn:
        _show_removed(session, session.workspace.unlearn())
        return
    if judged:
        _refuse("--judged", queries=queries, qrels=qrels, per_query=per_query, run_file=run_file, learn=learn)
        if fail_if_worse and not against:
            raise click.UsageError("--fail-if-worse needs --against.")
        show_judged(session, against, fail_if_worse, mode=mode, where=where or None, **overrides)
        return
    if queries is None or qrels is None:
        raise click.UsageError("Name a file of questions and a file of judgements: QUERIES QRELS.")
    if learn:
        asked = {"mode": mode, "where": where, "per_query": per_query, "run_file": run_file}
        _refuse("--learn", **asked, **overrides)
        _show_learned(session, session.workspace.learn(queries, qrels))
        return
    modes: tuple[Mode, ...] = (mode,) if mode else ("lexical", "dense", "hybrid")
    found = session.workspace.evaluate_modes(
        queries, qrels, measures, modes, where=where or None, **overrides
    )
    if run_file:
        _write_runs(run_file, found)
    main = found[mode or session.workspace.settings.query.mode]
    value: dict[str, Any] = {"measures": main.measures, "queries": main.queries}
    value["modes"] = {
        name: {"measures": evaluation.measures, "intervals": evaluation.intervals}
        for name, evaluation in found.items()
    }
    if per_query:
        value["per_query"] = main.per_query
        value["per_query_by_mode"] = {name: evaluation.per_query for name, evaluation in found.items()}
    session.show(value, "\n".join(_describe(found, per_query)))


def _refuse(option: str, **given: Any) -> None:
    """An option is refused that would change nothing."""
    for name, value in given.items():
        if value is not None and value is not False and value != ():
            shown = name.upper() if name in ("queries", "qrels") else f"--{name.replace('_', '-')}"
            raise click.UsageError(f"{option} does not use {shown}; leave it out.")


def _describe(found: Mapping[Any, Evaluation], per_query: bool) -> Iterator[str]:
    """A row per mode with half the width of its 95 % interval; with `per_query`, a row per question."""
    names = list(next(iter(found.values())).measures)
    yield f"{'':9}" + "".join(f"{name:>18}" for name in names)
    for mode, evaluation in found.items():
        cells = []
        for name in names:
            low, high = evaluation.intervals[name]
            cells.append(f"{evaluation.measures[name]:9.4f} ± {(high - low) / 2:.4f}")
        yield f"{mode:9}" + "".join(f"{cell:>18}" for cell in cells)
    yield (
        f"{counted(next(iter(found.values())).queries, 'question', 'questions')}; ± is half the "
        "width of the 95 % interval"
    )
    if per_query:
        yield "\t".join(["question", *(f"{mode} {name}" for mode in found for name in names)])
        for query in next(iter(found.values())).per_query:
            values = (f"{e.per_query[query].get(name, 0):.4f}" for e in found.values() for name in names)
            yield "\t".join([query, *values])


def _write_runs(path: Path, found: Mapping[Any, Evaluation]) -> None:
    from simsearch.files import write_atomically
    from simsearch.querying.evaluate import run_lines

    for mode, evaluation in found.items():
        target = path if len(found) == 1 else path.with_name(f"{path.name}.{mode}")
        lines = "".join(f"{line}\n" for line in run_lines(evaluation, f"simsearch-{mode}"))
        write_atomically(target, lines.encode())


def _show_learned(session: Session, learned: LearnedWeight) -> None:
    from dataclasses import asdict

    low, high = learned.interval
    gain = f"{learned.gain:+.4f} nDCG@10 ({low:+.4f} to {high:+.4f}) on questions not used to choose it"
    text = (
        f"A dense weight of {learned.weight:g}: {gain}. `query` uses it from now on; "
        "`simsearch evaluate --unlearn` undoes this."
        if learned.kept
        else f"No single weight is reliably better than the default: the best, {learned.weight:g}, gains {gain}. "
        "The default is used."
    )
    session.show(asdict(learned), text)


def _show_removed(session: Session, removed: bool) -> None:
    text = (
        "The learned weight was removed; the default is used again."
        if removed
        else "There is no learned weight."
    )
    session.show({"unlearned": removed}, text)
