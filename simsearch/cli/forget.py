"""`simsearch forget`: removes files from the index."""

from __future__ import annotations

import click

from simsearch.cli.options import PathOrUrl, common_options
from simsearch.cli.session import Session
from simsearch.locations import Location
from simsearch.wording import counted


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=PathOrUrl())
@common_options
def command(session: Session, paths: tuple[Location, ...]) -> None:
    """Remove what was indexed under each PATH; the files themselves stay."""
    removed = session.workspace.forget(*paths)
    session.show({"removed": removed}, f"{counted(removed, 'file', 'files')} forgotten.")
