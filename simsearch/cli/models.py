"""`simsearch models`: the runs of the workspace, the promoted one, and going back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simsearch.cli.choices import complete
from simsearch.cli.groups import GroupWithDefault
from simsearch.cli.options import common_options
from simsearch.cli.session import Session
from simsearch.errors import InputError

if TYPE_CHECKING:
    from simsearch.models import Models


@click.group(cls=GroupWithDefault)
def command() -> None:
    """List, show, choose, compare, fetch or remove models."""


@command.command("list")
@common_options
def list_models(session: Session) -> None:
    """List all runs, newest last, and mark the promoted one."""
    runs = session.workspace.runs
    promoted = runs.promoted()
    records = [{**_summary(runs.record(name)), "promoted": name == promoted} for name in runs.names()]
    base = session.workspace.settings.tune.base
    rows = [
        f"{'*' if record['promoted'] else ' '} {record['run']:20}  nDCG@10 {record['base']:.3f} → {record['tuned']:.3f}"
        for record in records
    ]
    rows.append(f"{' ' if promoted else '*'} {base} (base)")
    if precision := runs.precision():
        rows.append(f"The model is used as {session.workspace.model}.")
    session.show(
        {"base": base, "promoted": promoted, "precision": precision, "runs": records}, "\n".join(rows)
    )


@command.command()
@click.argument("name", shell_complete=complete("runs"))
@common_options
def show(session: Session, name: str) -> None:
    """Print the record of a run, run.json."""
    import json

    record = session.workspace.runs.record(name)
    session.show(record, json.dumps(record, indent=2, ensure_ascii=False))


@command.command()
@click.argument("name", shell_complete=complete("models"))
@common_options
def use(session: Session, name: str) -> None:
    """Make NAME the workspace's model: a run, or `base` to go back to the base model.

    NAME@int8 or NAME@fp16 uses the model at that precision; `simsearch models compare` measures what that costs.
    """
    models = session.workspace.models
    models.use(name)
    session.show(
        {"promoted": models.runs.promoted(), "model": models.current},
        _said_of(models),
    )


def _said_of(models: Models) -> str:
    if named := models.settings.index.model:
        return f"Selected, but the setting index.model = {named} takes precedence while it is set."
    return f"{models.current} is now the current model; `simsearch index` switches the index to it."


@command.command()
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=complete("models"))
@click.option(
    "--pairs",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Pairs to compare on, which no model was trained on; repeatable.  [default: the newest run's test set]",
)
@common_options
def compare(session: Session, names: tuple[str, ...], pairs: tuple[Path, ...]) -> None:
    """Judge models side by side: nDCG@10 with the interval of its gain, size and speed.

    Each NAME is a run or another model, with @int8 or @fp16 for a lower precision. Without NAME: the base, the
    promoted and the newest run, and the model in use at every precision.
    """
    from simsearch.cli.model_comparison import describe

    comparison = session.workspace.compare(*names, pairs=pairs)
    session.show(comparison.to_json(), describe(comparison))


@command.command()
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=complete("runs"))
@click.option(
    "--keep",
    type=click.IntRange(0),
    default=3,
    show_default=True,
    help="Number of newest runs to keep if no NAME is given.",
)
@common_options
def remove(session: Session, names: tuple[str, ...], keep: int) -> None:
    """Delete runs: each NAME or, without any, all but the newest ones.

    A run that is promoted or that the index needs is never deleted.
    """
    workspace, runs = session.workspace, session.workspace.runs
    needed = workspace.models.in_use(workspace.status().index_model)
    for name in names:
        if name in needed:
            raise InputError(f"The run '{name}' is in use: {needed[name]}.")
        runs.path(name)
    spared = {*needed, *runs.newest(keep)}
    doomed = names or [name for name in runs.names() if name not in spared]
    for name in doomed:
        runs.remove(name)
    session.show(
        {"removed": list(doomed), "kept": runs.names()},
        f"{len(doomed)} removed{': ' if doomed else ''}{', '.join(doomed)}; {len(runs.names())} kept.",
    )


@command.command()
@click.argument("name")
@common_options
def fetch(session: Session, name: str) -> None:
    """Fetch a model from the hub into this machine's cache; this uses the network."""
    folder = session.workspace.models.find(name, download=True)
    session.show({"model": name, "folder": str(folder)}, f"{name} is at {folder}.")


def _summary(record: dict[str, Any]) -> dict[str, Any]:
    return {"run": record["run"], "base": record["base"]["nDCG@10"], "tuned": record["tuned"]["nDCG@10"]}
