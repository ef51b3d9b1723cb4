"""What the shell offers to complete: components of a hook, and models."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import click
from click.shell_completion import CompletionItem

Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def complete(kind: str) -> Complete:
    """Completes the names of the components that one hook has, or with `models` those of models."""

    def offered(context: click.Context, parameter: click.Parameter, beginning: str) -> list[CompletionItem]:
        found = _models(context) if kind == "models" else _components(kind)
        return [CompletionItem(name, help=about) for name, about in found if name.startswith(beginning)]

    return offered


def _components(kind: str) -> Iterator[tuple[str, str]]:
    from simsearch.registry import Registry

    for offer in Registry.load().offers(kind):
        yield offer.component.name, offer.component.summary


def _models(context: click.Context) -> Iterator[tuple[str, str]]:
    from simsearch.home import find_folder
    from simsearch.workspace import Workspace

    workspace = Workspace(context.params.get("folder") or find_folder(Path.cwd()))
    yield "base", workspace.settings.tune.base
    for run in workspace.runs.names():
        yield run, "a run of this workspace"
    yield from _components("embedders")
