"""What the command line says, in the reader's language: help, usage errors, refusals.

A help text is written ``中文 · English`` (``both(Words(…))`` makes one); the half that is read is
chosen when it is shown.
"""

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import click

from yiwang.algorithms.words import LANGUAGES, Language, Words, reading_language

BETWEEN = " · "
NO_BREAK_BEFORE = "，。；：、！？）”》…"

_TOKEN = re.compile(r"[!-~–→é]+ *|.", re.DOTALL)
_EXTRA = re.compile(r"^(?P<text>.*?)(?:\s+\[(?P<extra>[^\[\]]+)\])?$", re.DOTALL)
HEADINGS = {"Options": Words("选项", "Options"), "Commands": Words("命令", "Commands")}
CLICK_SAYS = {  # what click says of a value, by a part of its sentence
    "does not exist": Words("没有这个文件或文件夹", "there is no such file or folder"),
    "does not match the format": Words("日期写成 2026-11-24", "write the day as 2026-11-24"),
    "is not a valid integer": Words("要是一个整数", "not a whole number"),
    "is not a valid UUID": Words("不是编号", "not an id"),
    "is a directory": Words("这是一个文件夹", "it is a folder"),
    "is a file": Words("这是一个文件", "it is a file"),
}
PHRASES = {
    "Show this message and exit.": Words("显示这段说明", "show this help"),
    "required": Words("必填", "required"),
}


def both(words: Words) -> str:
    """A help text that holds both languages, for click's ``help=``."""
    return f"{words.zh}{BETWEEN}{words.en}"


def spoken(text: str) -> str:
    """The half of a help text in the reader's language; a text without halves as it is.

    A trailing ``[required]`` or ``[default: …]`` that click adds is kept and translated.
    """
    found = _EXTRA.match(text)
    body, extra = (found["text"], found["extra"]) if found else (text, None)
    zh, halved, en = body.partition(BETWEEN)
    said = str(Words(zh.strip(), en.strip())) if halved else str(PHRASES.get(body, body))
    if extra is None:
        return said
    more = [str(PHRASES.get(part, part)) for part in extra.split("; ")]
    if reading_language() == "zh":
        more = [part.replace("default: ", "默认 ") for part in more]
    return f"{said} [{str(Words('；', '; ')).join(more)}]"


def chosen_language(args: Sequence[str]) -> tuple[Language, list[str]]:
    """The language asked for (``--lang``, ``YIWANG_LANG``, ``LANG``), and the other arguments."""
    rest: list[str] = []
    asked = ""
    words = iter(args)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif word == "--lang":
            asked = next(words, "?")
        elif word.startswith("--lang="):
            asked = word.removeprefix("--lang=") or "?"
        else:
            rest.append(word)
    return _language(asked), rest


def _language(asked: str) -> Language:
    if asked and asked not in LANGUAGES:
        raise click.UsageError("--lang: zh, en")
    wanted = (asked, *(os.environ.get(name, "") for name in ("YIWANG_LANG", "LC_ALL", "LANG")))
    first = next((text for text in wanted if text), "zh")
    return "en" if first.lower().startswith("en") else "zh"


class Formatter(click.HelpFormatter):
    """Help in one language, wrapped by the columns that characters really take."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """``用法：yiwang …``."""
        said = str(Words("[选项]", "[OPTIONS]")), str(Words("命令 [参数]…", "COMMAND [ARGS]..."))
        shown = args.replace("[OPTIONS]", said[0]).replace("COMMAND [ARGS]...", said[1])
        self.write(f"{Words('用法：', 'Usage: ')}{prog} {shown}\n")

    def write_heading(self, heading: str) -> None:
        """``选项：`` / ``Options:``."""
        said = str(HEADINGS.get(heading, heading))
        self.write(f"{said}{Words('：', ':')}\n")

    def write_text(self, text: str) -> None:
        """A paragraph, indented as the section is."""
        self._write_wrapped(spoken(text), self.current_indent, first=" " * self.current_indent)

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Two columns: the name, and what it does."""
        listed = list(rows)
        column = min(max((columns(name) for name, _ in listed), default=0), col_max) + col_spacing
        for name, text in listed:
            start = " " * self.current_indent + name
            gap = self.current_indent + column - columns(start)
            if gap < col_spacing:
                self.write(start + "\n")
                start, gap = "", self.current_indent + column
            self._write_wrapped(
                spoken(text), self.current_indent + column, first=start + " " * gap
            )

    def _write_wrapped(self, text: str, indent: int, *, first: str) -> None:
        for number, line in enumerate(wrapped(text, max(self.width - indent, 20))):
            self.write(((" " * indent if number else first) + line).rstrip() + "\n")


def columns(text: str) -> int:
    """The columns a text takes on a terminal: a full-width character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def wrapped(text: str, room: int) -> Iterator[str]:
    """Lines of at most ``room`` columns; words stay whole, no line starts with a stop."""
    for paragraph in text.split("\n"):
        line = ""
        for token in _TOKEN.findall(paragraph):
            fits = columns(line) + columns(token.rstrip()) <= room
            if line and not fits and token not in NO_BREAK_BEFORE:
                yield line.rstrip()
                line = ""
            line += token
        yield line.rstrip()


class Context(click.Context):
    """A context that formats with :class:`Formatter`."""

    formatter_class = Formatter


def complaint(wrong: click.ClickException) -> Words:
    """A usage error in both languages; what click says where we have no words of our own."""
    said = wrong.format_message()
    if isinstance(wrong, click.MissingParameter) and wrong.param is not None:
        hint = wrong.param.get_error_hint(wrong.ctx) if wrong.ctx else wrong.param.name
        return Words(f"缺少 {hint}。", f"{hint} is missing.")
    if isinstance(wrong, click.NoSuchOption):
        return Words(f"没有选项 {wrong.option_name}。", said)
    if isinstance(wrong, NoSuchCommand):
        return wrong.words
    if isinstance(wrong, click.BadParameter):
        hint = wrong.param.get_error_hint(wrong.ctx) if wrong.param and wrong.ctx else ""
        why = _why(wrong)
        return Words(f"{hint} 的值不对：{why}", f"{hint}: {why}")
    return Words(spoken(said), spoken(said))


def _why(wrong: click.BadParameter) -> str:
    if isinstance(wrong.param, click.Parameter) and wrong.param.type in (click.FLOAT, click.INT):
        return str(Words("要是一个数", "not a number"))
    for sign, words in CLICK_SAYS.items():
        if sign in wrong.message:
            return str(words)
    return spoken(wrong.message)


class NoSuchCommand(click.UsageError):
    """A name the table of commands does not have."""

    def __init__(self, name: str, ctx: click.Context) -> None:
        self.words = Words(f"没有命令 {name}。", f"There is no command {name}.")
        super().__init__(str(self.words), ctx)


def say_complaint(wrong: click.ClickException) -> None:
    """To standard error: what was wrong, and where help is."""
    click.echo(str(complaint(wrong)), err=True)
    ctx: Any = getattr(wrong, "ctx", None)
    if isinstance(wrong, click.UsageError) and ctx is not None:
        hint = Words("用 {it} --help 看说明。", "See {it} --help.").filled(it=ctx.command_path)
        click.echo(str(hint), err=True)
