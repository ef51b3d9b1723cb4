"""What holds for the options of every command."""

from collections.abc import Iterator

import click

from simsearch.cli.main import cli
from tests.conftest import Run


def commands(group: click.Group, context: click.Context) -> Iterator[click.Command]:
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None
        yield found
        if isinstance(found, click.Group):
            yield from commands(found, context)


def test_no_two_parameters_of_a_command_share_a_name() -> None:
    """One would overwrite the other, as an argument `folder` did with what --workspace says."""
    found = list(commands(cli, click.Context(cli)))
    assert len(found) > 10
    for command in found:
        names = [parameter.name for parameter in command.params]
        assert len(names) == len(set(names)), command.name


def test_an_export_leaves_the_workspace_where_it_is(run: Run) -> None:
    ran = run("export", "out", "--workspace", ".")
    assert ran.status == 1
    assert "out/.simsearch" not in ran.err
    assert "There is no index" in ran.err
