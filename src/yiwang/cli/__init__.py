"""The command line ``yiwang``. Nothing heavy is imported until a command needs it."""

import click

from yiwang.algorithms.words import Words

from .commands import COMMANDS
from .group import LazyGroup
from .speaking import both

ABOUT = Words(
    "一网：镇街的一张网。事有所在，责有所属，时有所限，步步留痕。\n\n"
    "--lang zh|en 选语言，可放在任何位置；也可设 YIWANG_LANG。",
    "Yiwang: one net over everything that happens in a town. "
    "Every piece of work has a place, an owner, a clock and a trail.\n\n"
    "--lang zh|en chooses the language and may stand anywhere; or set YIWANG_LANG.",
)


@click.group(cls=LazyGroup, table=COMMANDS, help=both(ABOUT))
def main() -> None:
    """Replaced by ABOUT in the reader's language."""
