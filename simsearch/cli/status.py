"""`simsearch status`: what the workspace holds."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from simsearch.cli.options import common_options
from simsearch.cli.session import Session

if TYPE_CHECKING:
    from simsearch.status import Status
    from simsearch.storage.protocols import DenseIndex


@click.command()
@common_options
def command(session: Session) -> None:
    """The model, the index, how much it holds and how fresh it is."""
    status = session.workspace.status()
    if status.index is None:
        index = "none yet: simsearch index FOLDER"
    else:
        index = (
            f"{status.index.files} files, {status.index.documents} documents, {status.index.chunks} chunks, "
            f"{status.index.bytes / 1e6:.1f} MB"
        )
    rows = [
        f"workspace  {status.workspace}",
        f"model      {status.model}{_chosen_by(session, status)}",
        f"index      {index}",
    ]
    if status.index_model:
        stale = "" if status.fresh else ", which is not the model now: simsearch index moves it"
        rows.append(f"made with  {status.index_model}{stale}")
    if status.dense:
        rows.append(f"search     {described(status.dense)}")
    if status.learned:
        rows.append(
            f"weight     {status.learned.weight:g} for meaning, learned from {status.learned.queries} questions"
        )
    rows += [
        f"slow       {model} is run by sentence-transformers; it can't be exported: {reason}"
        for model, reason in status.slow.items()
    ]
    session.show(asdict(status), "\n".join(rows))


def _chosen_by(session: Session, status: Status) -> str:
    """Why that model, where it is not for being promoted."""
    if session.workspace.settings.index.model:
        return " (the setting index.model)"
    return "" if status.promoted else " (base; no run is promoted)"


def described(dense: DenseIndex) -> str:
    """How the nearest chunks are found, for a terminal."""
    if dense.kind == "exact":
        return "exact" + (f", {dense.milliseconds:.1f} ms a query" if dense.measured else "")
    lists = f"{dense.approximate} chunks in inverted lists ({dense.probes} of {dense.lists} read)"
    return f"{lists}, recall@10 {dense.recall:.3f}, {dense.milliseconds:.1f} ms a query, measured {dense.measured}"
