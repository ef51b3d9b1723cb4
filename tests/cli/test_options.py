"""What holds for the options of every command."""

from collections.abc import Iterator

import click

from simsearch.cli.main import cli
from tests.conftest import Run

NO_BEGINNING = (
    " a an the of as at by for from in on to with without how what where which who whose whether when why if "
    "only no not more most all each every some any it its this that these those "
)
"""Words that are neither a noun nor a verb, which help texts in this project have begun with or might."""


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


def test_every_option_and_command_has_a_help_text_that_begins_with_a_noun_or_a_verb() -> None:
    for command in commands(cli, click.Context(cli)):
        texts = {f"{command.name}": command.help, f"{command.name} in short": command.get_short_help_str()}
        texts |= {
            f"{command.name} {parameter.opts[-1]}": parameter.help
            for parameter in command.params
            if isinstance(parameter, click.Option)
        }
        for place, text in texts.items():
            assert text and text[0].isupper(), place
            assert f" {text.split()[0].lower()} " not in NO_BEGINNING, f"{place}: {text}"


def test_an_export_leaves_the_workspace_where_it_is(run: Run) -> None:
    ran = run("export", "out", "--workspace", ".")
    assert ran.status == 1
    assert "out/.simsearch" not in ran.err
    assert "There is no index" in ran.err
