"""``yiwang completion SHELL``: what a shell needs to complete commands and options."""

import click
from click.shell_completion import get_completion_class

from yiwang.algorithms.words import Words

from .speaking import both

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_YIWANG_COMPLETE"  # click looks for it by the name of the program


@click.command(help=both(Words(
    "输出命令补全脚本。bash：写入 ~/.bashrc 一行 eval \"$(yiwang completion bash)\"；"
    "zsh 同样写入 ~/.zshrc；fish：yiwang completion fish > "
    "~/.config/fish/completions/yiwang.fish。",
    "Print the script that completes commands. bash: put the line "
    "eval \"$(yiwang completion bash)\" into ~/.bashrc; zsh: the same into ~/.zshrc; "
    "fish: yiwang completion fish > ~/.config/fish/completions/yiwang.fish.")))
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print the script."""
    root = click.get_current_context().find_root().command
    found = get_completion_class(shell)
    if found is None:
        raise click.BadParameter(shell)
    click.echo(found(root, {}, "yiwang", VARIABLE).source())
