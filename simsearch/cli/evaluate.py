"""`simsearch evaluate`: how well the index answers questions with known answers."""

from __future__ import annotations

from pathlib import Path

import click

from simsearch.cli.options import common_options
from simsearch.cli.session import Session


@click.command()
@click.argument("queries", type=click.Path(path_type=Path))
@click.argument("qrels", type=click.Path(path_type=Path))
@click.option(
    "--measures",
    default="nDCG@10 R@100 RR",
    show_default=True,
    metavar="NAMES",
    help="As ir-measures has them.",
)
@click.option("--mode", type=click.Choice(["hybrid", "dense", "lexical"]), help="As query has it.")
@click.option("--per-query", is_flag=True, help="Give each question's values too.")
@common_options
def command(
    session: Session, queries: Path, qrels: Path, measures: str, mode: str | None, per_query: bool
) -> None:
    """Measure the index on QUERIES (.jsonl of _id and text) with the judgements QRELS (query, document, grade).

    Documents are ranked by their best chunk.
    """
    evaluation = session.workspace.evaluate(queries, qrels, measures, mode=mode)
    value = {"measures": evaluation.measures, "queries": evaluation.queries}
    if per_query:
        value["per_query"] = evaluation.per_query
    rows = [f"{name:10}{mean:8.4f}" for name, mean in evaluation.measures.items()]
    if per_query:
        rows += [
            "\t".join([query, *(f"{values.get(name, 0):.4f}" for name in evaluation.measures)])
            for query, values in evaluation.per_query.items()
        ]
    session.show(value, "\n".join([*rows, f"{evaluation.queries} questions"]))
