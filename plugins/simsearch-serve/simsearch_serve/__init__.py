"""The command of simsearch-serve, which answers over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsearch import Component, hookimpl

if TYPE_CHECKING:
    import click


@hookimpl
def simsearch_commands() -> list[Component]:
    return [Component("serve", "Answer questions over HTTP", build_command)]


def build_command() -> click.Command:
    from simsearch_serve.command import command

    return command
