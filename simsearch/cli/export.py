"""`simsearch export`: writes the index as files that other systems can import."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Literal

import click

from simsearch.cli.options import common_options
from simsearch.cli.session import Session
from simsearch.wording import counted


@click.command()
@click.argument("target", metavar="FOLDER", type=click.Path(path_type=Path))
@click.option(
    "--vectors",
    type=click.Choice(["npy", "parquet"]),
    default="npy",
    show_default=True,
    help="Format of the vectors.",
)
@common_options
def command(session: Session, target: Path, vectors: Literal["npy", "parquet"]) -> None:
    """Write the index to FOLDER: vectors.npy or vectors.parquet, and chunks.jsonl with one line for each vector.

    `simsearch index FOLDER` restores it without embedding anything again.
    """
    report = session.workspace.export(target, vectors)
    session.show(
        asdict(report),
        f"{counted(report.chunks, 'chunk', 'chunks')} of {counted(report.files, 'file', 'files')}, "
        f"made with {report.model}: {report.folder}",
    )
