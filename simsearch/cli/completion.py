"""`simsearch completion`: prints what a shell needs to complete commands, options, components and models."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from simsearch.cli.options import common_options
from simsearch.cli.session import Session

PROGRAM, VARIABLE = "simsearch", "_SIMSEARCH_COMPLETE"


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@common_options
def command(session: Session, shell: str) -> None:
    """Print the script that lets SHELL complete commands, options, components and models.

    \b
    bash   echo 'eval "$(simsearch completion bash)"' >> ~/.bashrc
    zsh    echo 'eval "$(simsearch completion zsh)"' >> ~/.zshrc
    fish   simsearch completion fish > ~/.config/fish/completions/simsearch.fish
    """
    made = get_completion_class(shell)
    assert made is not None
    script = made(click.get_current_context().find_root().command, {}, PROGRAM, VARIABLE).source()
    session.show({"shell": shell, "script": script}, script)
