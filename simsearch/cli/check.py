"""`simsearch check`: verifies the workspace and rebuilds what can be rebuilt."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from simsearch.cli.index import describe_notices
from simsearch.cli.options import common_options
from simsearch.cli.session import Session
from simsearch.errors import SimsearchError

if TYPE_CHECKING:
    from simsearch.indexing import Missing

NAMED = 100
"""Files that are named for each kind of notice; `--format json` names them all."""


@click.command()
@click.option(
    "--repair", is_flag=True, help="Rebuild the derived files from SQLite; nothing is embedded again."
)
@common_options
def command(session: Session, repair: bool) -> None:
    """Verify hashes, counts, segments, vectors and the model's fingerprint; exit with 1 if something is wrong."""
    problems = session.workspace.check(repair=repair)
    notices = [] if problems else session.workspace.notices()
    rows = [f"{problem.what}: {problem.where}\n  {problem.fix}" for problem in problems]
    missing = _find_missing(session)
    rows += [str(one) for one in missing]
    rows = [*(rows or ["Nothing is wrong."]), *describe_notices(notices, named=NAMED)]
    values = {
        "problems": [asdict(problem) for problem in problems],
        "notices": [notice.to_json() for notice in notices],
        "missing": [asdict(one) for one in missing],
    }
    session.show(values, "\n".join(rows))
    if problems and not repair:
        raise SystemExit(1)


def _find_missing(session: Session) -> tuple[Missing, ...]:
    """Indexed folders and files that no longer exist; none of an index that can't be read, which is a problem."""
    try:
        return session.workspace.missing()
    except SimsearchError:
        return ()
