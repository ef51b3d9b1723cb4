"""Tables of the reference, made from the code while the site is built, so that they can't be out of date.

A page asks for one with a line of its own:

    [[commands]]                        the help of every built-in command
    [[settings]]                        every setting of simsearch.toml
    [[fields simsearch.types.Hit]]      the fields of a dataclass, with the texts of its docstring
"""

from __future__ import annotations

import importlib
import inspect
import re
import types
import typing
from collections.abc import Iterator
from dataclasses import MISSING, fields
from typing import Any

import click

from simsearch.builtin.commands import COMMANDS
from simsearch.cli.main import cli
from simsearch.settings import IndexSettings, QuerySettings, Settings, TuneSettings, UseSettings

MARKER = re.compile(r"^\[\[(commands|settings|fields (?P<record>\S+))\]\]$", re.MULTILINE)
SECTIONS = {"tune": TuneSettings, "index": IndexSettings, "query": QuerySettings, "use": UseSettings}
OF_THE_SYSTEM = {"cache": "the user's cache folder", "hub_cache": "the hub's own choice"}


def on_page_markdown(markdown: str, **_: Any) -> str:
    """The page with its tables: called by mkdocs for each page."""
    return MARKER.sub(fill, markdown)


def fill(marker: re.Match[str]) -> str:
    if marker["record"]:
        return fields_table(marker["record"])
    return settings_tables() if marker[1] == "settings" else "\n\n".join(command_helps())


def command_helps() -> Iterator[str]:
    """A section for each built-in command: its help as the terminal shows it."""
    root = click.Context(cli, info_name="simsearch")
    for name in COMMANDS:
        yield from helps(cli.get_command(root, name), click.Context(cli, info_name="simsearch"), name, "##")


def helps(command: click.Command | None, parent: click.Context, name: str, level: str) -> Iterator[str]:
    assert command is not None
    context = click.Context(command, info_name=name, parent=parent, terminal_width=88)
    yield f"{level} {context.command_path}\n\n```text\n{command.get_help(context)}\n```"
    for below in command.list_commands(context) if isinstance(command, click.Group) else ():
        yield from helps(command.get_command(context, below), context, below, f"{level}#")


def fields_table(name: str) -> str:
    """A row for each field of a dataclass."""
    module, _, record = name.rpartition(".")
    cls = getattr(importlib.import_module(module), record)
    purposes = descriptions(cls)
    rows = [f"| `{field.name}` | {purposes.get(field.name, '')} |" for field in fields(cls)]
    return "\n".join(["| key | meaning |", "| --- | --- |", *rows])


def settings_tables() -> str:
    sections = [section_table(name, section) for name, section in SECTIONS.items()]
    return "\n\n".join([section_table("", Settings), *sections])


def section_table(section: str, settings: type[Any]) -> str:
    """A row for each setting of one section."""
    rows = [f"## [{section}]\n" if section else "## Top level\n"]
    rows += [
        "| setting | type | default | environment variable | what it does |",
        "| --- | --- | --- | --- | --- |",
    ]
    hints, purposes = typing.get_type_hints(settings), descriptions(settings)
    for field in fields(settings):
        if field.name not in SECTIONS:
            default = OF_THE_SYSTEM.get(field.name) or written(field.default)
            variable = f"SIMSEARCH_{section}_{field.name}" if section else f"SIMSEARCH_{field.name}"
            cells = f"{kind(hints[field.name])} | {default} | `{variable.upper()}` | {purposes[field.name]}"
            rows.append(f"| `{field.name}` | {cells} |")
    return "\n".join(rows)


def descriptions(cls: type[Any]) -> dict[str, str]:
    """Each field and its text in the Args of the docstring."""
    _, _, text = (inspect.getdoc(cls) or "").partition("Args:\n")
    found = re.findall(r"^    (\w+): (.*?)(?=^    \w|^\w|\Z)", text, re.MULTILINE | re.DOTALL)
    return {name: " ".join(purpose.split()).replace("|", "\\|") for name, purpose in found}


def kind(hint: Any) -> str:
    """A type as a user of the file would call it."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return kind(next(member for member in typing.get_args(hint) if member is not type(None)))
    if typing.get_origin(hint) is typing.Literal:
        return " or ".join(f"`{choice}`" for choice in typing.get_args(hint))
    if typing.get_origin(hint) is tuple:
        return "list of text"
    return {str: "text", int: "integer", float: "number", bool: "true or false"}[hint]


def written(default: Any) -> str:
    """A default as it would be written in the file."""
    if default in (None, (), "", MISSING):
        return "none"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"
