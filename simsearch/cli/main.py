"""The command `simsearch`: finds the command's file, runs it, and turns errors into one sentence."""

from __future__ import annotations

import importlib
import sys

import click

from simsearch import __version__
from simsearch.arguments import suggestion
from simsearch.errors import SimsearchError

COMMANDS = ("tune", "pairs", "index", "query", "evaluate", "status", "models", "plugins", "forget", "check")


class CommandFiles(click.Group):
    """Loads simsearch/cli/NAME.py only when NAME is asked for."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command = importlib.import_module(f"simsearch.cli.{name}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = arguments[0]
        if not name.startswith("-") and name not in COMMANDS:
            context.fail(f"No command is called '{name}'{suggestion(name, COMMANDS)}.")
        return super().resolve_command(context, arguments)


@click.group(
    cls=CommandFiles, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="simsearch")
def cli() -> None:
    """Tune an embedding model on your own pairs, prove that it is better, and search your folder with it.

    \b
    simsearch tune pairs.csv     a better model, or an honest "no better"
    simsearch index docs/        the promoted model feeds the index; only changed files are redone
    simsearch query "text"       search it
    """


def main() -> None:
    """Run the command line: exit 0 done, 1 a SimsearchError, 2 wrong usage, 130 stopped by Ctrl-C."""
    debug = "--debug" in sys.argv
    try:
        cli.main(standalone_mode=False)
    except SimsearchError as error:
        if debug:
            raise
        click.secho(f"error: {error}", err=True, fg="red")
        sys.exit(1)
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.exceptions.Abort):
        click.echo("\nStopped; the workspace is as it was after the last finished step.", err=True)
        sys.exit(130)
