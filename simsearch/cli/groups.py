"""Groups of commands with a default command."""

from __future__ import annotations

import click

from simsearch.wording import suggestion


class GroupWithDefault(click.Group):
    """A group that runs its command `list` if none is named, with all options."""

    default = "list"

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        named = arguments and (
            not arguments[0].startswith("-") or arguments[0] in self.get_help_option_names(context)
        )
        if (
            not named and not context.resilient_parsing
        ):  # while a shell completes, the command is not typed yet
            arguments = [self.default, *arguments]
        return super().parse_args(context, arguments)

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, known = arguments[0], self.list_commands(context)
        if not name.startswith("-") and name not in known:
            context.fail(
                f"No command is called '{name}'{suggestion(name, known)}. The commands are: {', '.join(known)}."
            )
        return super().resolve_command(context, arguments)
