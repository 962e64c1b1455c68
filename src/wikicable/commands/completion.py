"""``wikicable completion``: what makes a shell complete commands, options and names of formats."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from wikicable.commands import options
from wikicable.commands.output import print_text

VARIABLE = "_WIKICABLE_COMPLETE"
"""The variable of the environment by which the shell asks the program."""


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@options.debug
def completion(shell: str) -> None:
    """Print what makes a shell complete commands, options and formats.

    \b
    wikicable completion bash >> ~/.bashrc
    wikicable completion zsh >> ~/.zshrc
    wikicable completion fish > ~/.config/fish/completions/wikicable.fish
    """  # noqa: D301  \b is click's: it keeps the lines as they are
    kind = get_completion_class(shell)
    assert kind is not None, "click knows these three"
    made = kind(click.get_current_context().find_root().command, {}, "wikicable", VARIABLE)
    print_text(made.source_template % made.source_vars() + "\n")
