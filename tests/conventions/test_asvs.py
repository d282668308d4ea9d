"""The table of ASVS: every requirement of levels 1 and 2 once, what it names exists, sums agree."""

import re
from collections import Counter

import pytest
from tests.conventions.source import ROOT

ROW = re.compile(
    r"^\| ([\d.]+) \| ([12]) \| (.+?) \| (met|n\.a\.|open) \| (.*?) ?\| (.+?) \|$", re.MULTILINE)
TEXT = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
ROWS = ROW.findall(TEXT)
NAMED = re.compile(r"`([^`]+/[^`]+)`")
# The last number of levels 1 and 2 of each section of ASVS 5.0.0 (May 2025); those of level 3 come
# behind it, and sections of level 3 alone are not here.
LAST = """1.1.2 1.2.9 1.3.11 1.4.3 1.5.2 2.1.3 2.2.3 2.3.4 2.4.1 3.2.2 3.3.4 3.4.6 3.5.5 3.7.2 4.1.3
4.2.1 4.3.2 4.4.4 5.1.1 5.2.3 5.3.2 5.4.3 6.1.3 6.2.12 6.3.4 6.4.4 6.5.5 6.6.3 6.8.4 7.1.3 7.2.4
7.3.2 7.4.5 7.5.2 7.6.2 8.1.2 8.2.3 8.3.1 8.4.1 9.1.3 9.2.4 10.1.2 10.2.2 10.3.4 10.4.11 10.5.5
10.6.2 10.7.3 11.1.2 11.2.3 11.3.3 11.4.4 11.5.1 11.6.1 12.1.3 12.2.2 12.3.4 13.1.1 13.2.5 13.3.2
13.4.5 14.1.2 14.2.4 14.3.3 15.1.3 15.2.3 15.3.7 16.1.1 16.2.5 16.3.4 16.4.3 16.5.3 17.1.1 17.2.4
17.3.2"""
LEVEL_1 = 70  # the standard's own count; 183 more make level 2


def wanted() -> list[str]:
    numbers = []
    for last in LAST.split():
        section, _, count = last.rpartition(".")
        numbers += [f"{section}.{number}" for number in range(1, int(count) + 1)]
    return numbers


def test_every_line_of_the_table_is_read() -> None:
    assert len(ROWS) == TEXT.count("\n| ") - 1, "a row without a known state or level"


def test_each_requirement_stands_there_once_in_order() -> None:
    assert [row[0] for row in ROWS] == wanted()
    assert Counter(row[1] for row in ROWS) == {"1": LEVEL_1, "2": 183}


def test_the_sums_above_the_table_are_those_of_the_table() -> None:
    count = Counter(row[3] for row in ROWS)
    assert (f"**{count['met']} met · {count['n.a.']} not applicable · {count['open']} open**"
            in TEXT)
    assert f"the {len(ROWS)} requirements" in TEXT


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_row_keeps_what_it_promises(row: tuple[str, ...]) -> None:
    *_, state, code, why = row
    named = NAMED.findall(code + why)
    assert all((ROOT / path).is_file() for path in named), named
    if state == "met":
        assert code, "no code is named"
        tests = [path for path in NAMED.findall(why) if "test_" in path]
        assert tests, "no test shows it"
        assert all("def test_" in (ROOT / path).read_text(encoding="utf-8") for path in tests)
    else:
        assert len(why) > 3, "why is it not?"
