"""`refsync completion`: completion of commands and options in a shell."""

import click
from click.shell_completion import get_completion_class

from refsync.cli.common.output import write_data


@click.command("completion", short_help="Completion for bash, zsh or fish.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> int:
    """Print the lines that make SHELL complete refsync's commands, options and file names.

    \b
    Examples:
      refsync completion bash >> ~/.bashrc
      refsync completion zsh >> ~/.zshrc
      refsync completion fish > ~/.config/fish/completions/refsync.fish
    """
    kind = get_completion_class(shell)
    assert kind, "click has these shells"
    write_data(kind(ctx.find_root().command, {}, "refsync", "_REFSYNC_COMPLETE").source().encode())
    return 0
