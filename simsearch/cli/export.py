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
@click.option(
    "--layout",
    type=click.Choice(["files", "parts"]),
    default="files",
    show_default=True,
    help="One file of each kind, or Parquet parts that hold everything.",
)
@common_options
def command(
    session: Session, target: Path, vectors: Literal["npy", "parquet"], layout: Literal["files", "parts"]
) -> None:
    """Write the index to FOLDER: vectors.npy or vectors.parquet, and chunks.jsonl with one line for each vector.

    With `--layout parts`, for an index of any size, documents/ and chunks/ with the vectors are written as Parquet
    parts instead.

    `simsearch index FOLDER` restores it without embedding anything again.
    """
    report = session.workspace.export(target, vectors, layout)
    session.show(
        asdict(report),
        f"{counted(report.chunks, 'chunk', 'chunks')} of {counted(report.files, 'file', 'files')}, "
        f"made with {report.model}: {report.folder}",
    )
