"""`simsearch forget`: removes files from the index."""

from __future__ import annotations

from pathlib import Path

import click

from simsearch.cli.options import common_options
from simsearch.cli.session import Session
from simsearch.wording import counted


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@common_options
def command(session: Session, paths: tuple[Path, ...]) -> None:
    """Remove what was indexed under each PATH; the files themselves stay."""
    removed = session.workspace.forget(*paths)
    session.show({"removed": removed}, f"{counted(removed, 'file', 'files')} forgotten.")
