"""`guidang completion SHELL`: the script that lets the shell complete verbs and options.

Not for installing it: where that belongs differs from shell to shell, and the help says it.
"""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from connector.commands.spoken import verb
from ingest.message import N_

HELP = N_(
    "Prints the completion script for bash, zsh or fish.\n\n"
    "For bash: guidang completion bash > ~/.local/share/bash-completion/completions/guidang\n"
    'For zsh: eval "$(guidang completion zsh)" in ~/.zshrc\n'
    "For fish: guidang completion fish > ~/.config/fish/completions/guidang.fish"
)


@verb("completion", HELP)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print it."""
    made = get_completion_class(shell)
    if made is None:
        raise click.UsageError(shell)
    click.echo(made(context.find_root().command, {}, "guidang", "_GUIDANG_COMPLETE").source())
