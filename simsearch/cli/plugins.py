"""`simsearch plugins`: what is installed, what is broken and why, and whether it fulfils its contract."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from functools import partial
from itertools import groupby
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import click

from simsearch.cli.choices import complete
from simsearch.cli.groups import GroupWithDefault
from simsearch.cli.options import common_options
from simsearch.cli.session import Session
from simsearch.plugins.component_strings import parameters
from simsearch.plugins.registry import Offer, PluginProblem, Registry

if TYPE_CHECKING:
    from simsearch.testing import CheckResult

COLOURS = {"passed": "green", "failed": "red", "skipped": "yellow"}
WIDTH = 80
INDENT = " " * 11


@click.group(cls=GroupWithDefault)
def command() -> None:
    """List, show, check, write or trust plugins (without a command: list)."""


@command.command("list")
@common_options
def list_plugins(session: Session) -> None:
    """List every component by hook, with the package of those that are not built in, and the problems of plugins."""
    registry = _registry(session)
    value = {
        "components": [_component(offer) for offer in registry.offers()],
        "problems": [_problem(problem) for problem in registry.problems],
    }
    session.show(value, "\n".join([*_list_lines(registry.offers()), *_broken(registry.problems)]))


@command.command()
@click.argument("name", shell_complete=complete(None))
@common_options
def show(session: Session, name: str) -> None:
    """Show a component, or all of a package: what it does, its arguments with defaults, and the data it accepts."""
    registry = _registry(session)
    offers, problems = registry.named(name)
    documentation = [_documentation(registry, offer) for offer in offers]
    value = {
        "components": [
            {**_component(offer), "documentation": text}
            for offer, text in zip(offers, documentation, strict=True)
        ],
        "problems": [_problem(problem) for problem in problems],
    }
    session.show(value, "\n\n".join([*map(_card, offers, documentation), *_broken(problems)]))


@command.command()
@click.argument("name", shell_complete=complete(None))
@common_options
def check(session: Session, name: str) -> None:
    """Test a package, a plugin or a component against the contracts of simsearch.testing.

    NAME may have arguments, as in `simsearch plugins check temporal:column=day`. The exit status is 1 if a
    contract is broken.
    """
    from simsearch.testing import check_components

    verdicts = check_components(_registry(session), name)
    session.show([asdict(verdict) for verdict in verdicts], "\n".join(_table(verdicts)))
    if any(verdict.outcome == "failed" for verdict in verdicts):
        sys.exit(1)


@command.command()
@click.argument("name")
@click.option(
    "--hooks",
    required=True,
    metavar="HOOK,…",
    help="Hooks to implement, such as splitters,losses; `simsearch plugins` lists them.",
)
@common_options
def new(session: Session, name: str, hooks: str) -> None:
    """Write a complete plugin package into the folder NAME: code, tests, README, CI file."""
    from simsearch.cli.plugin_package import make_package

    files = make_package(Path.cwd(), name, hooks.split(","), _registry(session))
    text = "\n".join(
        [
            *(f"  {path}" for path in files),
            f"Install it with `pip install --editable ./{name}`, then try `simsearch plugins check {name}`.",
        ]
    )
    session.show({"files": [path.as_posix() for path in files]}, text)


@command.command()
@click.option("--revoke", is_flag=True, help="Revoke trust in this folder's plugins.")
@common_options
def trust(session: Session, revoke: bool) -> None:
    """Trust the plugin files that this folder's simsearch.toml names now or later.

    They are programs like any other: read them first. Your consent is kept in your own configuration.
    """
    from simsearch.home import find_folder
    from simsearch.plugins.discovery import is_local
    from simsearch.plugins.loading import consent
    from simsearch.settings import load_settings

    folder = (session.folder or find_folder(Path.cwd())).resolve()
    files = [name for name in load_settings(folder).plugins or () if is_local(name)]
    if revoke:
        consent().withdraw(folder)
    else:
        consent().give(folder)
    may = "may not run" if revoke else "may run"
    text = f"Plugins of {folder} {may}: {', '.join(files) or 'it names none yet'}."
    session.show({"folder": str(folder), "trusted": not revoke, "plugins": files}, text)


def _registry(session: Session) -> Registry:
    """The plugins; their problems are part of the output, so they are not printed as warnings too."""
    return replace(session, quiet=True).registry


def _component(offer: Offer) -> dict[str, Any]:
    component = offer.component
    return {
        "name": component.name,
        "kind": offer.kind,
        "summary": component.summary,
        "accepts": list(component.accepts),
        "arguments": [_argument(each) for each in parameters(component.build).values()],
        **asdict(offer.origin),
    }


def _argument(parameter: inspect.Parameter) -> dict[str, Any]:
    annotation = (
        "" if parameter.annotation is parameter.empty else inspect.formatannotation(parameter.annotation)
    )
    required = parameter.default is parameter.empty
    return {
        "name": parameter.name,
        "type": annotation,
        "required": required,
        "default": None if required else _jsonable(parameter.default),
    }


def _jsonable(value: Any) -> Any:
    return value if isinstance(value, str | int | float | None) else str(value)


def _problem(problem: PluginProblem) -> dict[str, Any]:
    return {**asdict(problem.origin), "reason": problem.reason, "disabled": problem.disabled}


def _list_lines(offers: Sequence[Offer]) -> Iterable[str]:
    width = max((len(offer.component.name) for offer in offers), default=0)
    for kind, group in groupby(offers, lambda offer: offer.kind):
        yield click.style(kind.replace("_", " "), bold=True)
        for offer in group:
            origin = "" if offer.origin.builtin else f" ({offer.origin})"
            lines = wrap(f"{offer.component.summary}{origin}", WIDTH - width - 4, break_on_hyphens=False)
            yield f"  {offer.component.name:{width}}  {lines[0] if lines else ''}".rstrip()
            yield from (f"{' ' * (width + 4)}{line}" for line in lines[1:])


def _broken(problems: Sequence[PluginProblem]) -> Iterable[str]:
    if problems:
        yield click.style("problems", bold=True)
        yield from (f"  {problem}" for problem in problems)


def _card(offer: Offer, documentation: str) -> str:
    arguments = _component(offer)["arguments"]
    lines = [
        f"{click.style(offer.component.name, bold=True)}: {offer.component.summary}",
        f"{offer.kind.replace('_', ' ')}, from {offer.origin} ({offer.origin.module})",
    ]
    if offer.component.accepts:
        lines += wrap(f"accepts {', '.join(offer.component.accepts)}", WIDTH, subsequent_indent="  ")
    lines += ["arguments:", *map(_argument_line, arguments)] if arguments else ["no arguments"]
    return "\n".join([*lines, *(["", documentation] if documentation else [])])


def _argument_line(argument: dict[str, Any]) -> str:
    typed = f": {argument['type']}" if argument["type"] else ""
    default = ", required" if argument["required"] else f" = {argument['default']!r}"
    return f"  {argument['name']}{typed}{default}"


def _documentation(registry: Registry, offer: Offer) -> str:
    """The docstring of `build`; for a command its help."""
    if offer.kind == "commands":
        command = registry.build("commands", offer.component.name).value
        return inspect.cleandoc(command.help or "") if isinstance(command, click.Command) else ""
    build = offer.component.build
    return inspect.getdoc(build.func if isinstance(build, partial) else build) or ""


def _table(verdicts: Sequence[CheckResult]) -> Iterable[str]:
    for (kind, component), group in groupby(verdicts, lambda verdict: (verdict.kind, verdict.component)):
        yield click.style(f"{component} ({kind.replace('_', ' ')})", bold=True)
        for verdict in group:
            outcome = click.style(f"{verdict.outcome:7}", fg=COLOURS[verdict.outcome])
            reason = f": {verdict.reason}" if verdict.reason else ""
            first, *rest = wrap(f"{verdict.contract}{reason}", WIDTH - len(INDENT), break_on_hyphens=False)
            yield f"  {outcome}  {first}"
            yield from (f"{INDENT}{line}" for line in rest)
    counts = [
        f"{sum(v.outcome == outcome for v in verdicts)} {outcome}"
        for outcome in COLOURS
        if any(v.outcome == outcome for v in verdicts)
    ]
    yield ", ".join(counts)
