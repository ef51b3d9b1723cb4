"""`simsearch check`: verifies the workspace and rebuilds what can be rebuilt."""

from __future__ import annotations

from dataclasses import asdict

import click

from simsearch.cli.options import common_options
from simsearch.cli.session import Session


@click.command()
@click.option(
    "--repair", is_flag=True, help="Rebuild the derived files from SQLite; nothing is embedded again."
)
@common_options
def command(session: Session, repair: bool) -> None:
    """Verify hashes, counts, segments, vectors and the model's fingerprint; exit with 1 if something is wrong."""
    problems = session.workspace.check(repair=repair)
    rows = [f"{problem.what}: {problem.where}\n  {problem.fix}" for problem in problems]
    session.show(
        {"problems": [asdict(problem) for problem in problems]}, "\n".join(rows) or "Nothing is wrong."
    )
    if problems and not repair:
        raise SystemExit(1)
