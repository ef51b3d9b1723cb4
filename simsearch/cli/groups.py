"""Groups of commands in which one need not be named."""

from __future__ import annotations

import click

from simsearch.wording import suggestion


class GroupWithDefault(click.Group):
    """A group that runs its command `list` where no other is named, options and all."""

    default = "list"

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        named = arguments and (
            not arguments[0].startswith("-") or arguments[0] in self.get_help_option_names(context)
        )
        if not named and not context.resilient_parsing:  # a shell that completes has yet to name it
            arguments = [self.default, *arguments]
        return super().parse_args(context, arguments)

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, known = arguments[0], self.list_commands(context)
        if not name.startswith("-") and name not in known:
            context.fail(
                f"No command is called '{name}'{suggestion(name, known)}; there are: {', '.join(known)}."
            )
        return super().resolve_command(context, arguments)
