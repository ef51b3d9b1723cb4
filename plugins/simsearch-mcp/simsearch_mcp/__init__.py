"""The command of simsearch-mcp, which answers agents over the Model Context Protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsearch import Component, hookimpl

if TYPE_CHECKING:
    import click


@hookimpl
def simsearch_commands() -> list[Component]:
    return [Component("mcp", "Let an agent search, over the Model Context Protocol", build_command)]


def build_command() -> click.Command:
    from simsearch_mcp.command import command

    return command
