"""The table of ASVS points to files that exist, in rising numbers, each row with a state."""

import re

import pytest
from tests.conventions.source import ROOT

ROW = re.compile(
    r"^\| ([\d.–]+) \| (.+?) \| (met|n\.a\.|open) \| (.*?) ?\| (.+?) \|$", re.MULTILINE)
TEXT = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
ROWS = ROW.findall(TEXT)
NAMED = re.compile(r"`([^`]+)`")


def number(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def test_every_line_of_the_table_is_read() -> None:
    assert len(ROWS) == TEXT.count("\n| ") - 1, "a row without a known state"


def test_numbers_rise_and_cover_every_chapter() -> None:
    ends = [number(end) for row in ROWS for end in (row[0].split("–")[0], row[0].split("–")[-1])]
    assert ends == sorted(ends)
    firsts = [number(row[0].split("–")[0]) for row in ROWS]
    assert len(set(firsts)) == len(firsts)
    assert {first[0] for first in firsts} == set(range(1, 18))


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_what_is_met_names_code_and_test(row: tuple[str, ...]) -> None:
    _, _, state, code, why = row
    named = NAMED.findall(code + why)
    assert all((ROOT / path).exists() for path in named), named
    if state == "met":
        assert NAMED.findall(code)
        assert any("test_" in path for path in NAMED.findall(why)), "no test shows it"
