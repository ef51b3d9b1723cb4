"""Groups of commands in which one need not be named."""

from __future__ import annotations

import click


class GroupWithDefault(click.Group):
    """A group that runs its command `list` where no other is named, options and all."""

    default = "list"

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        if not arguments or (
            arguments[0].startswith("-") and arguments[0] not in self.get_help_option_names(context)
        ):
            arguments = [self.default, *arguments]
        return super().parse_args(context, arguments)
