"""Rules, the order they are asked in, the linter and the dry run."""

from datetime import date
from uuid import UUID

import pytest

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.dispatch import Rule, first_rule
from yiwang.kernel.cases.kind_codes import kind_fits
from yiwang.kernel.cases.linter import Ground, lint

A, B = UUID(int=1), UUID(int=2)
ON = date(2026, 3, 10)
TOWN = "330206005"
GROUND = Ground(kinds=("GB/E.01.10", "GB/E.05.06"), areas=(TOWN + "001", TOWN + "221"))


def rule(number: int, kind: str = "", area: str = "", team: UUID = A, hours: str = "any",
         rank: int = 100, since: date = date(2020, 1, 1), until: date | None = None) -> Rule:
    return Rule(number, kind, area, hours, rank, team, Words("", f"team {team.int}"), since, until)


@pytest.mark.parametrize(("pattern", "kind", "fits"), [
    ("", "GB/E.05.06", True), ("GB", "GB/E.05.06", True), ("GB/E.05", "GB/E.05.06", True),
    ("GB/E.05.06", "GB/E.05.06", True), ("GB/E.0", "GB/E.05.06", False),
    ("GB/E.05.06", "GB/E.05", False),
])
def test_a_kind_covers_its_own_subtree(pattern: str, kind: str, fits: bool) -> None:
    assert kind_fits(pattern, kind) is fits


@pytest.mark.parametrize(("rules", "winner"), [
    ([rule(1), rule(2, kind="GB/E.05")], 2),
    ([rule(1, kind="GB/E.05"), rule(2, kind="GB/E.05", area=TOWN + "221")], 2),
    ([rule(1, kind="GB/E.05.06"), rule(2, kind="GB/E.05", area=TOWN + "221")], 1),
    ([rule(1, kind="GB/E.05.06"), rule(2, rank=1)], 2),
    ([rule(1, hours="off"), rule(2)], 2),
    ([rule(1, until=date(2026, 3, 9)), rule(2)], 2),
    ([rule(1, since=date(2026, 3, 11)), rule(2)], 2),
    ([rule(1, area=TOWN + "001")], None),
    ([], None),
])
def test_the_narrowest_rule_in_force_decides(rules: list[Rule], winner: int | None) -> None:
    first = first_rule(rules, kind="GB/E.05.06", area=TOWN + "221001002", hours="working", on=ON)
    assert (first.number if first else None) == winner


def codes(*rules: Rule, ground: Ground = GROUND) -> set[tuple[str, tuple[int, ...]]]:
    return {(finding.code, finding.rules) for finding in lint(rules, ground, on=ON)}


def test_one_rule_for_all_is_clean() -> None:
    assert codes(rule(1)) == set()


def test_a_gap_is_found_by_kind_hours_and_day() -> None:
    assert codes() == {("gap", ())}
    assert codes(rule(1, hours="working")) == {("gap", ())}
    assert codes(rule(1, until=date(2026, 6, 1))) == {("gap", ())}
    assert codes(rule(1, hours="working"), rule(2, hours="off", team=B)) == set()


def test_two_rules_alike_that_name_different_teams_overlap() -> None:
    assert ("overlap", (1, 2)) in codes(rule(1), rule(2, team=B))
    assert ("overlap", (1, 2)) not in codes(rule(1), rule(2))
    ended = rule(1, until=date(2026, 4, 1))
    assert codes(ended, rule(2, team=B, since=date(2026, 4, 2))) == set()


def test_a_covered_rule_is_dead() -> None:
    assert ("dead", (2,)) in codes(rule(1, rank=1), rule(2, kind="GB/E.05", team=B))
    halves = (rule(1, hours="working", rank=1), rule(2, hours="off", rank=1, team=B))
    assert ("dead", (3,)) in codes(*halves, rule(3, kind="GB/E.05"))
    assert ("dead", (3,)) not in codes(halves[0], rule(3, kind="GB/E.05"), rule(4))


def test_owners_who_left_are_named() -> None:
    gone = Ground(GROUND.kinds, GROUND.areas, closed={A}, unstaffed={B})
    found = codes(rule(1, team=A), rule(2, kind="GB/E.05", team=B), ground=gone)
    assert found == {("closed", (1,)), ("unstaffed", (2,))}


def test_unknown_kinds_and_areas_are_named() -> None:
    found = codes(rule(1), rule(2, kind="GB/E.99"), rule(3, area="330481"))
    assert {("unknown_kind", (2,)), ("unknown_area", (3,))} <= found
