"""`simsearch models`: the runs of the workspace, the promoted one, and going back."""

from __future__ import annotations

from typing import Any

import click

from simsearch.cli.options import common_options
from simsearch.cli.session import Session
from simsearch.errors import InputError


@click.group(invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """List, show, choose, fetch or remove models."""
    if context.invoked_subcommand is None:
        context.invoke(list_models)


@command.command("list")
@common_options
def list_models(session: Session) -> None:
    """All runs, newest last, and which one is promoted."""
    runs = session.workspace.runs
    promoted = runs.promoted()
    records = [{**_summary(runs.record(name)), "promoted": name == promoted} for name in runs.names()]
    base = session.workspace.settings.tune.base
    rows = [
        f"{'*' if record['promoted'] else ' '} {record['run']:20}  nDCG@10 {record['base']:.3f} → {record['tuned']:.3f}"
        for record in records
    ]
    rows.append(f"{' ' if promoted else '*'} {base} (base)")
    session.show({"base": base, "promoted": promoted, "runs": records}, "\n".join(rows))


@command.command()
@click.argument("name")
@common_options
def show(session: Session, name: str) -> None:
    """What run.json says of a run."""
    import json

    record = session.workspace.runs.record(name)
    session.show(record, json.dumps(record, indent=2, ensure_ascii=False))


@command.command()
@click.argument("name")
@common_options
def use(session: Session, name: str) -> None:
    """Make NAME the workspace's model: a run, or `base` to go back to the base model."""
    runs = session.workspace.runs
    if name == "base":
        runs.use_base()
    else:
        runs.promote(name)
    session.show(
        {"promoted": runs.promoted()}, f"{name} is the model now; `simsearch index` moves the index to it."
    )


@command.command()
@click.argument("name")
@common_options
def remove(session: Session, name: str) -> None:
    """Delete a run; refuses one that is promoted or that the index needs."""
    workspace = session.workspace
    needed = workspace.models.in_use(workspace.status().index_model)
    if name in needed:
        raise InputError(f"The run '{name}' is in use: {needed[name]}.")
    workspace.runs.remove(name)
    session.show({"removed": name}, f"{name} is removed.")


@command.command()
@click.argument("name")
@common_options
def fetch(session: Session, name: str) -> None:
    """Fetch a model from the hub into this machine's cache: the one command that goes to the network."""
    from simsearch.embedding import find_model

    folder = find_model(name, settings=session.workspace.settings, download=True)
    session.show({"model": name, "folder": str(folder)}, f"{name} is at {folder}.")


def _summary(record: dict[str, Any]) -> dict[str, Any]:
    return {"run": record["run"], "base": record["base"]["nDCG@10"], "tuned": record["tuned"]["nDCG@10"]}
