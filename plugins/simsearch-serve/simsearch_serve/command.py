"""`simsearch serve`: answer over HTTP until it is stopped."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from simsearch import InputError
from simsearch.cli import Session, common_options
from simsearch_serve.options import ServeOptions, parse_limits
from simsearch_serve.running import run
from simsearch_serve.security import is_loopback

SHORTEST_TOKEN = 16


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8756, show_default=True, help="Port; 0 takes a free one."
)
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar="NAME",
    help="Another name by which clients reach this server; repeatable.",
)
@click.option(
    "--token-file",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    metavar="FILE",
    help="File with the token that clients need; required for any address but this machine's own.",
)
@click.option("--write", is_flag=True, help="Let clients judge results, and index the known folders again.")
@click.option(
    "--workers", type=click.IntRange(1), default=1, show_default=True, help="Number of processes that answer."
)
@click.option(
    "--rerank",
    "rerankers",
    multiple=True,
    metavar="SPEC",
    help="Reranker that clients may ask for; repeatable.",
)
@click.option(
    "--limit",
    "limits",
    multiple=True,
    metavar="NAME=VALUE",
    help="Change a limit, such as `k=100`; repeatable.",
)
@common_options
def command(
    session: Session,
    host: str,
    port: int,
    names: tuple[str, ...],
    token_file: Path | None,
    write: bool,
    workers: int,
    rerankers: tuple[str, ...],
    limits: tuple[str, ...],
) -> None:
    """Answer questions over HTTP: a JSON API under /api/v1, and embeddings for OpenAI clients under /v1.

    Only programs on this machine are answered, and nothing can be changed, unless options allow more.
    """
    token = _read_token(token_file) if token_file else ""
    if not token and not is_loopback(host):
        raise InputError(
            f"--host {host} can be reached from other machines: give the token that clients need with --token-file."
        )
    for spec in rerankers:
        session.registry.reranker(spec)
    options = ServeOptions(
        session.workspace.folder, host, port, names, token, write, rerankers, limits=parse_limits(limits)
    )
    run(options, workers, partial(click.echo, err=True))


def _read_token(path: Path) -> str:
    token = path.read_text(encoding="utf-8").strip()
    if len(token) < SHORTEST_TOKEN or not token.isprintable():
        raise InputError(
            f"A token is one line of at least {SHORTEST_TOKEN} characters; "
            "`python -c 'import secrets; print(secrets.token_urlsafe(32))'` prints a good one.",
            path=path,
        )
    return token
