"""What the shell offers to complete: components of a hook, and models."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from simsearch.workspace import Workspace

Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def complete(kind: str | None) -> Complete:
    """Completes the names of the components that one hook has, or all have; with `models` and `runs` those of them."""

    def offered(context: click.Context, parameter: click.Parameter, beginning: str) -> list[CompletionItem]:
        kinds = {"models": _models, "runs": _runs}
        found = kinds[kind](context) if kind in kinds else _components(kind)
        return [CompletionItem(name, help=about) for name, about in found if name.startswith(beginning)]

    return offered


def _components(kind: str | None) -> Iterator[tuple[str, str]]:
    from simsearch.plugins.registry import Registry

    for offer in Registry.load().offers(kind):
        yield offer.component.name, offer.component.summary


def _models(context: click.Context) -> Iterator[tuple[str, str]]:
    yield "base", _workspace(context).settings.tune.base
    yield from _runs(context)
    yield from _components("embedders")


def _runs(context: click.Context) -> Iterator[tuple[str, str]]:
    for run in _workspace(context).runs.names():
        yield run, "a run of this workspace"


def _workspace(context: click.Context) -> Workspace:
    from simsearch.home import find_folder
    from simsearch.workspace import Workspace

    return Workspace(context.params.get("folder") or find_folder(Path.cwd()))
