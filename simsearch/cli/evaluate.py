"""`simsearch evaluate`: how well the index answers questions with known answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simsearch.cli.options import common_options
from simsearch.cli.session import Session

if TYPE_CHECKING:
    from simsearch.querying.evaluate import Evaluation
    from simsearch.querying.learned_weight import Learned
    from simsearch.settings import Mode


@click.command()
@click.argument("queries", type=click.Path(path_type=Path), required=False)
@click.argument("qrels", type=click.Path(path_type=Path), required=False)
@click.option(
    "--measures",
    default="nDCG@10 R@100 RR",
    show_default=True,
    metavar="NAMES",
    help="As ir-measures has them.",
)
@click.option(
    "--mode",
    type=click.Choice(["hybrid", "dense", "lexical"]),
    help="Only this one; otherwise all side by side.",
)
@click.option("--where", multiple=True, metavar="FILTER", help="As query has it.")
@click.option("--fusion", type=click.Choice(["convex", "rrf"]), help="As query has it.")
@click.option("--weight", type=click.FloatRange(0, 1), help="As query has it.")
@click.option("--per-query", is_flag=True, help="Give each question's values too.")
@click.option(
    "--run-file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="Write what was found as a TREC run; with several modes FILE.MODE each.",
)  # fmt: skip
@click.option("--learn", is_flag=True, help="Choose the share of meaning in hybrid by these questions.")
@click.option("--unlearn", is_flag=True, help="Take back what --learn chose; needs no questions.")
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
    learn: bool,
    unlearn: bool,
    **overrides: Any,
) -> None:
    """Measure the index on QUERIES (.jsonl of _id and text) with the judgements QRELS (query, document, grade).

    Documents are ranked by their best chunk.
    """
    if unlearn:
        _show_unlearned(session, session.workspace.unlearn())
        return
    if queries is None or qrels is None:
        raise click.UsageError("Give a file of questions and one of judgements: QUERIES QRELS.")
    if learn:
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
    session.show(value, "\n".join(_rows(found, per_query)))


def _rows(found: Mapping[Any, Evaluation], per_query: bool) -> Iterator[str]:
    """A mode a row with the half width of its 95 % interval; a question a row with what each mode makes of it."""
    names = list(next(iter(found.values())).measures)
    yield f"{'':9}" + "".join(f"{name:>18}" for name in names)
    for mode, evaluation in found.items():
        cells = []
        for name in names:
            low, high = evaluation.intervals[name]
            cells.append(f"{evaluation.measures[name]:9.4f} ± {(high - low) / 2:.4f}")
        yield f"{mode:9}" + "".join(f"{cell:>18}" for cell in cells)
    yield f"{next(iter(found.values())).queries} questions; ± half of the 95 % interval"
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


def _show_learned(session: Session, learned: Learned) -> None:
    from dataclasses import asdict

    low, high = learned.interval
    gain = f"{learned.gain:+.4f} nDCG@10 ({low:+.4f} to {high:+.4f}) on questions that did not choose it"
    text = (
        f"A weight of {learned.weight:g} for meaning: {gain}. `query` uses it from now on; "
        "`simsearch evaluate --unlearn` takes it back."
        if learned.kept
        else f"No single weight is surely better than weighing each question: the best, {learned.weight:g}, gains "
        f"{gain}. Nothing was kept."
    )
    session.show(asdict(learned), text)


def _show_unlearned(session: Session, there: bool) -> None:
    text = (
        "What was learned is gone; each question is weighed by itself again."
        if there
        else "Nothing was learned."
    )
    session.show({"unlearned": there}, text)
