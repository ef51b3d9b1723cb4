"""`simsearch static`: tables from models."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from simsearch import InputError
from simsearch.cli import Session, common_options
from simsearch_static.places import FACTS, VECTORS, tables


@click.group()
def command() -> None:
    """Make tables of token vectors, for instant queries."""


@command.command()
@click.argument("model")
@click.option("--name", help="What to call the table.  [default: the model's name]")
@click.option("--dimensions", type=click.IntRange(1), default=256, show_default=True)
@click.option("--overwrite", is_flag=True, help="Replace the table of that name where there is one already.")
@common_options
def make(session: Session, model: str, name: str | None, dimensions: int, overwrite: bool) -> None:
    """Distil MODEL (a name on this machine, a folder or a run) into a table."""

    workspace = session.workspace
    folder = workspace.models.find(model)
    target = tables() / (name or Path(model).name)
    if (target / FACTS).is_file() and not overwrite:
        raise InputError(
            f"There is a table '{target.name}' already; give this one a --name, or --overwrite the other."
        )
    from simsearch_static.making import make_table

    facts = make_table(model, folder, target, dimensions, session.registry.observe)
    size = (target / VECTORS).stat().st_size / 1e6
    session.show(
        {"table": target.name, "folder": str(target), **asdict(facts)},
        f"Table {target.name}: {facts.tokens} tokens of {facts.dimensions} numbers, {size:.1f} MB.\n"
        f"Now: simsearch index FOLDER --model static:table={target.name}",
    )
