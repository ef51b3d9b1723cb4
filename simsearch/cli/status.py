"""`simsearch status`: the model, the index, and how current they are."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from simsearch.cli.options import common_options
from simsearch.cli.session import Session
from simsearch.durations import in_words
from simsearch.wording import counted

if TYPE_CHECKING:
    from simsearch.indexing import IndexedRoot
    from simsearch.status import Status
    from simsearch.storage.protocols import DenseIndex


@click.command()
@common_options
def command(session: Session) -> None:
    """Show the model, the index, how much it holds and how current it is."""
    from simsearch.querying.legibility import describe_legibility

    status = session.workspace.status()
    if status.index is None:
        index = "none yet: simsearch index FOLDER"
    else:
        index = (
            f"{counted(status.index.files, 'file', 'files')}, "
            f"{counted(status.index.documents, 'document', 'documents')}, "
            f"{counted(status.index.chunks, 'chunk', 'chunks')}"
        )
        index += f", {status.index.bytes / 1e6:.1f} MB" if status.index.bytes else ""
    rows = [
        f"workspace  {status.workspace}",
        f"model      {status.model}{_name_source(session, status)}",
        f"index      {index}",
    ]
    if status.index_model:
        stale = "" if status.fresh else ", not the current model: simsearch index switches to it"
        rows.append(f"built with {status.index_model}{stale}")
    rows += [f"root       {_describe_root(root)}" for root in status.roots]
    if status.coverage and status.coverage.pending:
        rows.append(f"vectors    {status.coverage.in_words}; {_describe_rest(status.seconds_left)}")
    if any(status.notices.values()):
        rows.append(f"reading    {_describe_notices(status)}; simsearch check lists them")
    if status.legibility:
        rows += [
            f"language   {text}" for text in describe_legibility(status.legibility, status.index_model or "")
        ]
    if status.dense:
        rows.append(f"search     {describe_search(status.dense)}")
    if status.learned:
        rows.append(
            f"weight     {status.learned.weight:g} for the dense score, learned from {status.learned.queries} questions"
        )
    if status.taught:
        rows.append(f"taught     by {status.taught} judged questions (`simsearch teach --show`)")
    if status.keeps_questions:
        rows.append("questions  are kept in .simsearch/ (the setting use.keep_questions)")
    rows += [
        f"slow       {model} is run by sentence-transformers, because it can't be exported: {reason}"
        for model, reason in status.slow.items()
    ]
    session.show(asdict(status), "\n".join(rows))


def _describe_root(root: IndexedRoot) -> str:
    files = counted(root.files, "file", "files")
    when = f"last indexed {root.indexed.replace('T', ' ')}" if root.indexed else "last run unknown"
    return f"{root.root}: {files}, {when}{'' if root.exists else '; it no longer exists'}"


def _describe_rest(seconds: float | None) -> str:
    """How to embed the other chunks, and how long that takes."""
    time = f", in about {in_words(seconds)}" if seconds else ""
    return f"simsearch index embeds the others{time}"


def _describe_notices(status: Status) -> str:
    words = {
        "without_text": ("file without text", "files without text"),
        "partly_read": ("partly read", "partly read"),
        "guessed_encoding": ("in a guessed encoding", "in a guessed encoding"),
    }
    return ", ".join(counted(count, *words[kind]) for kind, count in status.notices.items() if count)


def _name_source(session: Session, status: Status) -> str:
    """Why this model is used, unless it is the promoted one."""
    if session.workspace.settings.index.model:
        return " (the setting index.model)"
    return "" if status.promoted else " (base model; no run is promoted)"


def describe_search(dense: DenseIndex) -> str:
    """How the nearest chunks are found, in one line."""
    if dense.kind == "exact":
        return "exact" + (f", {dense.milliseconds:.1f} ms a query" if dense.measured else "")
    lists = f"{dense.approximate} chunks in inverted lists ({dense.probes} of {dense.lists} read)"
    return f"{lists}, recall@10 {dense.recall:.3f}, {dense.milliseconds:.1f} ms a query, measured {dense.measured}"
