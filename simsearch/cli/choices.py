"""What the shell can complete: the names of components, models and runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from simsearch.errors import SimsearchError

if TYPE_CHECKING:
    from simsearch.workspace import Workspace

Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def complete(kind: str | None) -> Complete:
    """A completion of names.

    Args:
        kind: A hook without `simsearch_`, for the components that it has in this workspace; None for those of all
            hooks; `models` or `runs` for the models or runs of the workspace.
    """

    def list_choices(context: click.Context, parameter: click.Parameter, start: str) -> list[CompletionItem]:
        try:
            found = list(_list_names(kind, _workspace(context)))
        except SimsearchError:  # a shell has no place for its message
            return []
        return [CompletionItem(name, help=about) for name, about in found if name.startswith(start)]

    return list_choices


def _list_names(kind: str | None, workspace: Workspace) -> Iterator[tuple[str, str]]:
    if kind == "models":
        return _models(workspace)
    return _runs(workspace) if kind == "runs" else _components(workspace, kind)


def _components(workspace: Workspace, kind: str | None) -> Iterator[tuple[str, str]]:
    for offer in workspace.registry.offers(kind):
        yield offer.component.name, offer.component.summary


def _models(workspace: Workspace) -> Iterator[tuple[str, str]]:
    yield "base", workspace.settings.tune.base
    yield from _runs(workspace)
    yield from _components(workspace, "embedders")


def _runs(workspace: Workspace) -> Iterator[tuple[str, str]]:
    for run in workspace.runs.names():
        yield run, "a run of this workspace"


def _workspace(context: click.Context) -> Workspace:
    from simsearch.home import find_folder
    from simsearch.workspace import Workspace

    return Workspace(context.params.get("folder") or find_folder(Path.cwd()))
