"""`simsearch mcp`: answer an agent over stdin and stdout until it leaves."""

from __future__ import annotations

import click

from simsearch.cli import Session, common_options
from simsearch_mcp.channel import Channel
from simsearch_mcp.opening import answer_initialize


@click.command()
@click.option("--write", is_flag=True, help="Let the agent judge results, and index the known folders again.")
@click.option(
    "--idle",
    default="5m",
    show_default=True,
    metavar="TIME",
    help="Time without a question after which the model leaves memory.",
)
@common_options
def command(session: Session, write: bool, idle: str) -> None:
    """Let an agent search the index, over the Model Context Protocol on stdin and stdout.

    A client such as Claude Code starts this command by itself; docs/agents.md shows how. Nothing can be changed
    without --write.
    """
    from simsearch.durations import parse_duration

    seconds = parse_duration(idle, "--idle")
    channel = Channel.claim()
    if opening := channel.lines.get():
        if answer := answer_initialize(opening):
            channel.write(answer)
        from simsearch_mcp.stdio import Options, serve

        serve(channel, opening, answer is not None, session.workspace, Options(write, seconds))
    channel.leave()
