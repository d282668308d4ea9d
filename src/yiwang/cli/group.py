"""The group of commands: each is imported when it is called, and ends with a plain exit code.

0: done. 1: refused, with what to do about it on standard error. 2: wrong usage. 130: interrupted.
"""

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

import click

from yiwang.algorithms.words import reading_in
from yiwang.algorithms.working_time.errors import TermError
from yiwang.kernel.errors import Refusal

from .commands import Entry
from .speaking import Context, NoSuchCommand, chosen_language, say_complaint

REFUSED = 1
INTERRUPTED = 130


def _told(problem: Exception) -> int:
    """Say what stands in the way; an error of our own goes on with its traceback."""
    from .failures import failure_of

    failure = failure_of(problem)
    if failure is None:
        raise problem
    click.echo(str(failure), err=True)
    return REFUSED


class LazyGroup(click.Group):
    """A group over a table of commands, in one language; only our own mistakes show a traceback."""

    context_class = Context

    def __init__(self, *args: Any, table: Mapping[str, Entry] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table = dict(table or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the table: what is used first stands first."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now; ``None`` for a name that the table does not have."""
        entry = self.table.get(cmd_name)
        if entry is None:
            return None
        module, _, name = entry.target.partition(":")
        command: click.Command = getattr(import_module(module), name)
        command.context_class = Context
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command named, or a usage error in the reader's language."""
        if args and args[0] not in self.table and not args[0].startswith("-"):
            raise NoSuchCommand(args[0], ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands from the table alone: nothing is imported for ``--help``."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, str(entry.summary)) for name, entry in self.table.items()])

    def main(self, args: Sequence[str] | None = None, *rest: Any, **kwargs: Any) -> Any:
        """Run in the language chosen and exit with a code that says how it went."""
        kwargs["standalone_mode"] = False
        try:
            language, others = chosen_language(sys.argv[1:] if args is None else args)
        except click.ClickException as wrong:
            say_complaint(wrong)
            sys.exit(wrong.exit_code)
        with reading_in(language):
            sys.exit(self._run(others, *rest, **kwargs))

    def _run(self, args: list[str], *rest: Any, **kwargs: Any) -> int:
        try:
            code = super().main(args, *rest, **kwargs)
        except click.exceptions.NoArgsIsHelpError as wrong:
            wrong.show()
            return wrong.exit_code
        except click.ClickException as wrong:
            say_complaint(wrong)
            return wrong.exit_code
        except (Refusal, TermError) as refused:
            click.echo(str(refused), err=True)
            return REFUSED
        except click.Abort:
            return INTERRUPTED
        except Exception as problem:  # noqa: BLE001  (what is ours is raised again)
            return _told(problem)
        return code if isinstance(code, int) else 0
