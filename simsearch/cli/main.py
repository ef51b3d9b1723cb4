"""The command `simsearch`: finds the file of the command, runs it, and turns errors into one message."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simsearch import __version__
from simsearch.builtin.commands import COMMANDS, in_file
from simsearch.cli.terminal import discard_output, no_colour, prepare_streams, say_error
from simsearch.errors import SimsearchError
from simsearch.wording import suggestion

if TYPE_CHECKING:
    from simsearch.plugins.registry import Offer, Registry

PLUGINS, PLUGIN = "simsearch.plugins", "simsearch.plugin"
"""Keys of the context for the registry, and for the plugin's command that is running."""


class Commands(click.Group):
    """The built-in commands, which are found without loading a plugin, and the commands of plugins."""

    def list_commands(self, context: click.Context) -> list[str]:
        return [*COMMANDS, *(offer.component.name for offer in plugin_commands(plugins(context)))]

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name in COMMANDS:
            return in_file(name)()
        registry = plugins(context)
        if not registry.has("commands", name):
            return None
        built = registry.build("commands", name)
        if not isinstance(built.value, click.Command):
            raise built.blame(f"was built as a {type(built.value).__name__}, not a click command")
        context.meta[PLUGIN] = built
        return built.value

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, *rest = arguments
        command = self.get_command(context, name)
        if command is None:
            near = suggestion(name, self.list_commands(context))
            context.fail(f"No command is called '{name}'{near}.{plugins(context).missing_hint()}")
        return name, command, rest

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except (SimsearchError, click.ClickException, click.exceptions.Exit, click.exceptions.Abort):
            raise
        except Exception as error:
            if PLUGIN not in context.meta:
                raise
            with context.meta[PLUGIN].guarded():
                raise error

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))
        try:
            registry = plugins(context)
        except SimsearchError as error:  # somebody who asks for help may need it to fix this
            formatter.write_text(f"Plugins can't be loaded: {error}")
            return
        rows = [
            (offer.component.name, f"{offer.component.summary} ({offer.origin})")
            for offer in plugin_commands(registry)
        ]
        if rows:
            with formatter.section("Commands of plugins"):
                formatter.write_dl(rows)
        if registry.problems:
            formatter.write_paragraph()
            formatter.write_text("Some plugins have problems; `simsearch plugins` shows them.")


def plugins(context: click.Context) -> Registry:
    """The plugins that the settings of the current folder load; loaded once for each command line."""
    from simsearch.home import find_folder
    from simsearch.plugins.loading import load_registry
    from simsearch.settings import load_settings

    if PLUGINS not in context.meta:
        folder = find_folder(Path.cwd())
        context.meta[PLUGINS] = load_registry(folder, load_settings(folder))
    registry: Registry = context.meta[PLUGINS]
    return registry


def plugin_commands(registry: Registry) -> list[Offer]:
    """The commands of plugins."""
    return [offer for offer in registry.offers("commands") if not offer.origin.builtin]


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="simsearch")
def cli() -> None:
    """Tune an embedding model on your own pairs, prove that it is better, and search your folder with it.

    \b
    simsearch tune pairs.csv     a better model, or an honest "no better"
    simsearch index docs/        index with the promoted model; only changed files are processed
    simsearch query "text"       search it
    """


def main() -> None:
    """Run the command line. Exit status: 0 done, 1 a SimsearchError, 2 wrong usage, 3 nothing found with
    --fail-empty, 130 stopped by Ctrl-C."""
    prepare_streams()
    try:
        cli.main(standalone_mode=False, color=False if no_colour() else None)  # None asks the stream
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (Exception, KeyboardInterrupt) as error:
        if is_interrupt(error):
            click.echo("\nStopped. Every step that had finished is kept.", err=True)
            sys.exit(130)
        if "--debug" in sys.argv or not isinstance(error, SimsearchError | OSError):
            raise
        say_error(error if isinstance(error, SimsearchError) else said_by_system(error))
        if not isinstance(error, SimsearchError):
            discard_output()  # if stdout is what failed, it would fail again at the end
        sys.exit(1)


def is_interrupt(error: BaseException | None) -> bool:
    """Whether Ctrl-C caused an error: a package that is being imported turns it into an ImportError."""
    chain: list[BaseException] = []
    while error and error not in chain:  # some packages raise an error from itself
        chain.append(error)
        error = error.__cause__ or error.__context__
    return any(isinstance(one, KeyboardInterrupt | click.exceptions.Abort) for one in chain)


def said_by_system(error: OSError) -> SimsearchError:
    """An error of the operating system as a sentence."""
    return SimsearchError(f"{error.filename or 'The system says'}: {error.strerror or error}.")
