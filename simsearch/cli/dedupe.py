"""`simsearch dedupe`: near-duplicates in the index."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from simsearch.cli.options import common_options
from simsearch.cli.session import Session
from simsearch.near_duplicates import NEAR_COSINE

if TYPE_CHECKING:
    from simsearch.querying.dedupe import Duplicates
    from simsearch.storage.protocols import ChunkRecord


@click.command()
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1),
    default=NEAR_COSINE,
    show_default=True,
    help="Lowest cosine of near-duplicates.",
)
@common_options
def command(session: Session, threshold: float) -> None:
    """List near-duplicate documents and chunks. Every chunk is compared with every other."""
    found = session.workspace.duplicates(threshold)
    value = {
        "documents": [list(group) for group in found.documents],
        "chunks": [
            [{"path": r.path, "id": r.id, "lines": r.lines, "start": r.start, "text": r.text} for r in group]
            for group in found.chunks
        ],
    }
    session.show(value, "\n".join(_describe(found)))


def _describe(found: Duplicates) -> Iterator[str]:
    yield f"Groups of near-duplicate documents: {len(found.documents)}"
    for names in found.documents:
        yield f"  {', '.join(names)}"
    yield f"Groups of near-duplicate chunks: {len(found.chunks)}"
    for group in found.chunks:
        yield f"  {', '.join(map(_locate, group))}"


def _locate(record: ChunkRecord) -> str:
    where = record.path if record.path.endswith(record.id) else f"{record.path} {record.id}"
    return f"{where}:{record.lines[0]}-{record.lines[1]}" if record.lines else where
