"""The command line: both languages, exit codes, and how little it imports."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from yiwang.algorithms.words import reading_language
from yiwang.cli import main
from yiwang.cli.commands import COMMANDS
from yiwang.cli.speaking import columns, wrapped

FRIDAY = ("--from", "2022-03-11 16:30")


def run(*args: str, **env: str) -> Result:
    clean = {"YIWANG_LANG": "", "LC_ALL": "", "LANG": "C.UTF-8", **env}
    return CliRunner(env=clean).invoke(main, list(args), prog_name="yiwang")


def test_deadline_in_words() -> None:
    result = run("deadline", "--kind", "working-hours", *FRIDAY, "--amount", "4")
    assert result.exit_code == 0
    assert result.stdout.startswith("2022-03-14 周一 10:30\n工作时 4 小时：")


def test_deadline_for_machines() -> None:
    result = run("deadline", "--kind", "工作日", *FRIDAY, "--amount", "3", "--json")
    found = json.loads(result.stdout)
    assert found["due_at"] == "2022-03-16T18:00:00+08:00"
    assert set(found["derivation"]) == {"zh", "en"}


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["deadline", "--kind", "working-hours", *FRIDAY, "--amount", "0"], 1),
        (["deadline", "--kind", "working-days", *FRIDAY, "--amount", "1.5"], 1),
        (["deadline", "--kind", "working-days", *FRIDAY, "--amount", "nan"], 1),
        (["deadline", "--kind", "working-days", *FRIDAY, "--amount", "1", "--hours", "x"], 1),
        (["deadline", "--kind", "weeks", *FRIDAY, "--amount", "1"], 2),
        (["deadline", "--kind", "working-days", "--from", "now", "--amount", "1"], 2),
        (["deadline", "--kind", "working-days", *FRIDAY, "--amount", "x"], 2),
        (["deadline", "--amount", "1"], 2),
        (["deadline", "--nothing"], 2),
        (["nothing"], 2),
        (["--lang", "fr"], 2),
        ([], 2),
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_exit_codes_and_one_language(args: list[str], code: int, lang: str) -> None:
    result = run(*args, YIWANG_LANG=lang)
    assert result.exit_code == code
    assert result.stderr
    assert "Traceback" not in result.output
    if lang == "en":
        assert not any("一" <= letter <= "鿿" for letter in result.stderr)


def test_help_in_both_languages() -> None:
    for args in (["--help"], ["deadline", "--help"]):
        zh, en = run(*args), run(*args, "--lang", "en")
        assert zh.exit_code == en.exit_code == 0
        assert zh.stdout.startswith("用法：yiwang")
        assert en.stdout.startswith("Usage: yiwang")
        assert "Show this" not in zh.stdout
        assert not any("一" <= letter <= "鿿" for letter in en.stdout)
        assert all(columns(line) <= 80 for line in (zh.stdout + en.stdout).splitlines())


def test_every_command_of_the_table_is_listed() -> None:
    said = run("--help").stdout
    assert all(f"  {name} " in said for name in COMMANDS)


@pytest.mark.parametrize(
    ("env", "starts"),
    [
        ({"LANG": "en_GB.UTF-8"}, "Usage"),
        ({"LANG": "zh_CN.UTF-8"}, "用法"),
        ({"LANG": "en_GB.UTF-8", "YIWANG_LANG": "zh"}, "用法"),
        ({"LANG": ""}, "用法"),
    ],
)
def test_the_language_of_the_environment(env: dict[str, str], starts: str) -> None:
    assert run("--help", **env).stdout.startswith(starts)
    assert reading_language() == "zh"  # nothing of it is left behind


def test_a_new_announcement_makes_a_deadline_firm(tmp_path: Path) -> None:
    rows = [{"name": "元旦", "date": "2099-01-01", "isOffDay": True}]
    file = tmp_path / "2099.json"
    file.write_text(json.dumps({"year": 2099, "papers": [], "days": rows}), encoding="utf-8")
    args = ["deadline", "--kind", "working-days", "--from", "2099-03-02", "--amount", "1"]
    assert "（暂定）" in run(*args).stdout
    assert "（暂定）" not in run(*args, "--year-file", str(file)).stdout


def test_wrapping_counts_columns_and_keeps_words() -> None:
    lines = list(wrapped("时限 working-hours 起算，到期。" * 5, 21))
    assert all(columns(line) <= 23 for line in lines)
    assert not any(line.startswith(("，", "。")) for line in lines)
    assert "".join(lines).count("working-hours") == 5


def test_importing_the_command_line_brings_no_django() -> None:
    code = "import sys, yiwang.cli; print('django' in sys.modules, 'numpy' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["False", "False"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_names_the_program(shell: str) -> None:
    script = run("completion", shell).stdout
    assert "_YIWANG_COMPLETE" in script
    assert f"{shell}_complete" in script


@pytest.mark.parametrize(("line", "at", "offered"), [
    ("yiwang di", "1", "dispatch"), ("yiwang dispatch ev", "2", "evaluate"),
    ("yiwang dispatch evaluate --j", "3", "--json"), ("yiwang completion z", "2", "zsh"),
])
def test_words_are_completed(line: str, at: str, offered: str) -> None:
    result = run(_YIWANG_COMPLETE="bash_complete", COMP_WORDS=line, COMP_CWORD=at)
    assert f"plain,{offered}" in result.stdout.splitlines()


# These start or change something and print no facts a machine would read.
WITHOUT_JSON = {"demo", "serve", "migrate", "work", "completion"}


def test_every_command_that_prints_facts_prints_them_for_machines() -> None:
    without = {name for name, command in leaves(main)
               if not any("--json" in parameter.opts for parameter in command.params)}
    assert without == WITHOUT_JSON


def leaves(group: click.Group, path: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command by its whole name."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from leaves(command, f"{path}{name} ")
        elif command is not None:
            yield f"{path}{name}", command
