"""`simsearch get`: the text of an indexed document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from simsearch.cli.options import common_options
from simsearch.cli.session import Session

if TYPE_CHECKING:
    from simsearch.querying.indexed_documents import IndexedText


@click.command()
@click.argument("document", metavar="PATH[:FROM-TO]")
@common_options
def command(session: Session, document: str) -> None:
    """Print the text of the indexed document PATH, or its lines FROM to TO.

    The text comes from the index, never from the disk. PATH may name a part of a file, as in report.pdf#page=3, or
    be the id of a document.
    """
    from simsearch.querying.indexed_documents import split_lines

    name, lines = split_lines(document)
    texts = session.workspace.get(name, lines)
    session.show(list(map(asdict, texts)), _joined(texts))


def _joined(texts: Sequence[IndexedText]) -> str:
    """The texts one after another, each with the name of its part if there are several."""
    if len(texts) == 1:
        return texts[0].text.removesuffix("\n")
    return "\n\n".join(f"{text.path}#{text.part}\n\n{text.text.strip()}" for text in texts)
