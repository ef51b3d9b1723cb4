"""`simsearch static`: makes tables of token vectors from models."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from simsearch import InputError
from simsearch.cli import Session, common_options
from simsearch_static.places import FACTS, VECTORS, tables


@click.group()
def command() -> None:
    """Make tables of token vectors, which embed queries instantly."""


@command.command()
@click.argument("model")
@click.option("--name", help="Name of the table.  [default: the model's name]")
@click.option(
    "--dimensions", type=click.IntRange(1), default=256, show_default=True, help="Length of the vectors."
)
@click.option("--overwrite", is_flag=True, help="Replace a table of that name.")
@common_options
def make(session: Session, model: str, name: str | None, dimensions: int, overwrite: bool) -> None:
    """Distil MODEL (a name on this machine, a folder or a run) into a table."""

    workspace = session.workspace
    folder = workspace.models.find(model)
    target = tables() / (name or Path(model).name)
    if (target / FACTS).is_file() and not overwrite:
        raise InputError(
            f"There is already a table '{target.name}'; choose another --name, or replace it with --overwrite."
        )
    from simsearch_static.making import make_table

    facts = make_table(model, folder, target, dimensions, session.registry.observe)
    size = (target / VECTORS).stat().st_size / 1e6
    session.show(
        {"table": target.name, "folder": str(target), **asdict(facts)},
        f"Table {target.name}: {facts.tokens} tokens, {facts.dimensions} dimensions, {size:.1f} MB.\n"
        f"Next: simsearch index FOLDER --model static:table={target.name}",
    )
