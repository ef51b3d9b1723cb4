"""The run of one command: its workspace, and what it prints."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simsearch.cli.terminal import no_colour, print_json, print_result

if TYPE_CHECKING:
    from simsearch.plugins.registry import Registry
    from simsearch.workspace import Workspace


@dataclass
class Session:
    """The common options; opens the workspace on first use."""

    folder: Path | None
    format: str
    quiet: bool
    debug: bool

    @cached_property
    def workspace(self) -> Workspace:
        from simsearch.cli.progress import ProgressLine
        from simsearch.home import find_folder
        from simsearch.workspace import Workspace

        workspace = Workspace(self.folder or find_folder(Path.cwd()))
        workspace.registry.listen("progress", ProgressLine(sys.stderr, quiet=self.quiet))
        for problem in workspace.registry.problems:
            self.warn(str(problem))
        return workspace

    @property
    def registry(self) -> Registry:
        return self.workspace.registry

    @property
    def colour(self) -> bool:
        """Whether to print in colour: stdout is a terminal, and the user allows colours."""
        return sys.stdout.isatty() and not no_colour()

    def show(self, value: Any, text: str) -> None:
        """Print the result: the value as JSON, or its text."""
        if self.format == "json":
            print_json(json.dumps(value, indent=2, ensure_ascii=False))
        else:
            print_result(text if sys.stdout.isatty() else click.unstyle(text))

    def note(self, text: str) -> None:
        """Print something to stderr that the user may want to know."""
        if not self.quiet:
            click.echo(text, err=True)

    def warn(self, text: str) -> None:
        """Print a warning to stderr."""
        if not self.quiet:
            click.secho(f"warning: {text}", err=True, fg="yellow")
