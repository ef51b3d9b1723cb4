"""The components of simsearch-static: an embedder that looks token vectors up, and the command that makes
its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsearch import Component, hookimpl

if TYPE_CHECKING:
    import click

    from simsearch.types import Embedder


@hookimpl
def simsearch_embedders() -> list[Component]:
    return [Component("static", "Token vectors from a table, for instant queries", build_embedder)]


@hookimpl
def simsearch_commands() -> list[Component]:
    return [Component("static", "Make tables of token vectors", build_command)]


def build_embedder(table: str) -> Embedder:
    """The mean of a text's token vectors, looked up in a table that was distilled from a model.

    Args:
        table: The name that `simsearch static make` gave it, or its folder.
    """
    from simsearch_static.embedder import StaticEmbedder
    from simsearch_static.places import find_table

    return StaticEmbedder(f'static:table="{table}"', find_table(table))


def build_command() -> click.Command:
    from simsearch_static.command import command

    return command
