"""The options that all commands have, and those that several have."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import click

from simsearch.cli.choices import complete
from simsearch.cli.session import Session
from simsearch.devices import DeviceSetting
from simsearch.locations import Location, parse_location

Decorator = Callable[[Callable[..., None]], Callable[..., None]]


class PathOrUrl(click.Path):
    """A path or a URL; the shell completes paths."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Location:  # type: ignore[override]
        return parse_location(value)


def common_options(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command --workspace, --format, --quiet and --debug; it gets a Session as first argument."""
    return _with_options(function, click.Choice(["text", "json"]))


def common_options_with_formatters(function: Callable[..., None]) -> Callable[..., None]:
    """The same as common_options, but --format takes the name of any formatter."""
    return _with_options(function, click.STRING)


def component_option(*names: str, kind: str, help: str, multiple: bool = False) -> Decorator:
    """An option that takes a component string; the shell completes what the hook `kind` offers."""
    return click.option(*names, metavar="SPEC", shell_complete=complete(kind), help=help, multiple=multiple)


def model_option(name: str, help: str) -> Decorator:
    """An option that takes a model: a name, a folder or a run."""
    return click.option(name, metavar="MODEL", shell_complete=complete("models"), help=help)


def device_option(help: str) -> Decorator:
    """An option that takes a device."""
    return click.option(
        "--device", type=click.Choice(get_args(DeviceSetting)), help=f"{help}  [default: auto]"
    )


def _with_options(function: Callable[..., None], formats: click.ParamType[str]) -> Callable[..., None]:
    @click.option(
        "--workspace",
        "folder",
        type=click.Path(file_okay=False, path_type=Path),
        metavar="DIR",
        help="Folder that holds .simsearch/.  [default: this folder or the nearest parent with one]",
    )
    @click.option(
        "--format",
        "format",
        type=formats,
        default="text",
        show_default=True,
        help="Format of the output.",
        shell_complete=complete("formatters") if formats is click.STRING else None,
    )
    @click.option("--quiet", is_flag=True, help="Suppress progress, notes and warnings on stderr.")
    @click.option("--debug", is_flag=True, help="Show the traceback of an error.")
    @functools.wraps(function)
    def with_session(folder: Path | None, format: str, quiet: bool, debug: bool, **arguments: Any) -> None:
        function(Session(folder, format, quiet, debug), **arguments)

    return with_session
