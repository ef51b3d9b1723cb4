"""The contract of commands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from simsearch.testing.contract import Contract, demand

if TYPE_CHECKING:
    import click
    from click.testing import Result

COMMON = ("--workspace", "--format", "--quiet", "--debug")
WRONG_USAGE = 2


class CommandContract(Contract["click.Command", tuple[str, ...]]):
    """A command is a click command, explains itself, has the options of all commands, and refuses unknown options.

    An example is the words that follow `simsearch`: the name of the command, and that of a subcommand.
    """

    kind: ClassVar[str] = "commands"

    def examples(self) -> Iterable[tuple[str, ...]]:
        return [words for words, _ in self._all()]

    def test_it_is_a_click_command(self) -> None:
        import click

        kind = type(self.component).__name__
        demand(isinstance(self.component, click.Command), f"was built as a {kind}, not a click command")

    def test_help_explains_it(self) -> None:
        for words, command in self._all():
            result = self._run(*words[1:], "--help")
            named = f"`simsearch {' '.join(words)} --help`"
            demand(result.exit_code == 0, f"{named} ends with {result.exit_code}: {result.output.strip()}")
            demand(command.help or command.short_help, f"{named} doesn't say what the command does")

    def test_an_unknown_option_is_wrong_usage(self) -> None:
        for words in self.examples():
            status = self._run(*words[1:], "--no-such-option").exit_code
            named = f"`simsearch {' '.join(words)} --no-such-option`"
            demand(status == WRONG_USAGE, f"{named} ends with {status}, not {WRONG_USAGE}")

    def test_it_takes_the_options_that_all_commands_take(self) -> None:
        for words, command in self._all():
            taken = {option for parameter in command.params for option in parameter.opts}
            missing = [option for option in COMMON if option not in taken]
            demand(
                not missing or hasattr(command, "commands"),
                f"`simsearch {' '.join(words)}` doesn't have {', '.join(missing)}; mark it with "
                "simsearch.cli.common_options",
            )

    def _all(self) -> Iterator[tuple[tuple[str, ...], click.Command]]:
        """The command and, if it is a group, all commands below it, each with the words that call it."""
        waiting: list[tuple[tuple[str, ...], click.Command]] = [((self.built.name,), self.component)]
        while waiting:
            words, command = waiting.pop(0)
            yield words, command
            below = getattr(command, "commands", {})
            waiting += [((*words, name), inner) for name, inner in below.items()]

    def _run(self, *words: str) -> Result:
        """Run it in an empty folder, which it must leave empty: help and refusals write nothing."""
        from click.testing import CliRunner

        runner = CliRunner()
        with runner.isolated_filesystem() as folder:
            result = runner.invoke(self.component, words, prog_name=f"simsearch {self.built.name}")
            left = [path.name for path in Path(folder).iterdir()]
        demand(not left, f"{' '.join(words)} leaves {', '.join(left)} behind")
        return result
