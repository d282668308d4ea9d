"""Learning: codes, teams, classes and the fewest rules that say who handles what where."""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.cases.dispatch import first_rule, rules_for
from yiwang.kernel.cases.linter import Ground, lint
from yiwang.kernel.cases.models import DispatchRule, Kind
from yiwang.kernel.people.models import Team
from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.places.models import Unit, UnitType
from yiwang.kernel.records.models import TrailEntry
from yiwang.practices.events.importing.fields import guess_mapping
from yiwang.practices.events.importing.layout import look_at
from yiwang.practices.events.learning.learned import learn
from yiwang.practices.events.learning.rule_tree import (
    Node,
    RuleLearning,
    Seen,
    fit_of,
    learn_rules,
    nodes_of,
)
from yiwang.practices.events.learning.survey import survey

from .import_files import made_source, row, taught, write_csv

ROOT = "330299"


def seen(*rows: tuple[str, str, str, int]) -> Counter[Seen]:
    return Counter({Seen(kind, area, team): count for kind, area, team, count in rows})


def test_nodes_run_from_the_widest_to_the_narrowest() -> None:
    assert nodes_of("L/01.02", "330299001002", ROOT) == [
        Node("L/01", "330299"), Node("L/01", "330299001"), Node("L/01", "330299001002"),
        Node("L/01.02", "330299"), Node("L/01.02", "330299001"), Node("L/01.02", "330299001002")]


def test_one_rule_where_one_team_does_everything() -> None:
    rules = learn_rules(seen(("L/01.01", "330299001001", "甲", 9),
                             ("L/01.02", "330299002001", "甲", 4)), ROOT)
    assert [(rule.node, rule.team, rule.cases, rule.handled) for rule in rules] == [
        (Node("L/01", ROOT), "甲", 13, 13)]


def test_an_exception_by_place_where_enough_cases_say_so() -> None:
    told = seen(("L/01.01", "330299001001", "甲", 20), ("L/01.01", "330299002001", "乙", 9),
                ("L/01.01", "330299003001", "丙", 2))
    rules = {rule.node: rule.team for rule in learn_rules(told, ROOT)}
    assert rules == {Node("L/01", ROOT): "甲", Node("L/01", "330299002"): "乙"}


_AREAS = st.sampled_from(["330299", "330299001", "330299001001", "330299001002", "330299002001"])
_KINDS = st.sampled_from(["L/01", "L/01.01", "L/01.02", "L/01.02.01", "L/02.01", "L/03"])
_SEEN = st.dictionaries(st.builds(Seen, _KINDS, _AREAS, st.sampled_from("甲乙丙")),
                        st.integers(1, 30), min_size=1, max_size=20).map(Counter)


@given(_SEEN)
def test_rules_cover_all_and_beat_the_general_ones(told: Counter[Seen]) -> None:
    rules = learn_rules(told, ROOT)
    fit = fit_of(rules, told, ROOT)
    general = [rule for rule in rules if rule.node.area == ROOT and "." not in rule.node.kind]
    assert fit.covered == fit.cases == told.total()
    assert fit.right >= fit_of(general, told, ROOT).right


@given(_SEEN)
def test_no_rule_is_spare_but_the_widest(told: Counter[Seen]) -> None:
    rules = learn_rules(told, ROOT, RuleLearning(1, 1, 0.01))
    fit = fit_of(rules, told, ROOT)
    for rule in rules:
        without = fit_of([other for other in rules if other is not rule], told, ROOT)
        assert without.covered < fit.covered or without.right < fit.right


@pytest.mark.parametrize("bounds", [(0, 1, 0.5), (1, 0, 0.5), (1, 1, 0.0), (1, 1, 1.1)])
def test_bounds_of_learning(bounds: tuple[int, int, float]) -> None:
    with pytest.raises(ValueError, match="least"):
        RuleLearning(*bounds)


def _rows() -> list[tuple[str, ...]]:
    plain = [row(编号=f"A{n}") for n in range(8)]
    other = [row(编号=f"B{n}", 镇街="西山镇", 村社="坡上村", 处置单位="西山镇城管办")
             for n in range(8)]
    return [*plain, *other, row(编号="C", 镇街="-", 村社="-", 小类="噪声", 处置单位="环保局")]


@pytest.mark.django_db
def test_places_teams_classes_and_rules_are_made(tmp_path: Path, at: datetime) -> None:
    learned = taught(write_csv(tmp_path / "a.csv", _rows()), at)
    assert (learned.streets, learned.communities, learned.units) == (2, 2, 3)
    assert learned.classes == (1, 2)
    assert dict(Unit.objects.values_list("code", "name")) == {
        "330299": "示例区", "330299001": "东风街道", "330299001001": "河口社区",
        "330299100": "西山镇", "330299100200": "坡上村"}
    assert UnitType.objects.get(unit="330299100200").kind == "village"
    assert "自编" in UnitType.objects.get(unit="330299").source
    assert {t.name: (t.kind, t.unit_code) for t in Team.objects.all()} == {
        "城管中队": ("brigade", "330299"), "西山镇城管办": ("office", "330299100"),
        "环保局": ("county", "330299")}
    assert dict(Kind.objects.values_list("code", "name")) == {
        "OLD/01": "市容", "OLD/01.01": "占道", "OLD/01.02": "噪声"}
    assert learned.fit.covered == learned.fit.cases == 17


@pytest.mark.django_db
def test_the_linter_finds_nothing_wrong_with_learned_rules(tmp_path: Path, at: datetime) -> None:
    taught(write_csv(tmp_path / "a.csv", _rows()), at)
    ground = Ground(["OLD/01.01", "OLD/01.02"], ["330299001001", "330299100200"])
    assert lint(rules_for("events"), ground, on=at.date()) == []
    decided = first_rule(rules_for("events"), kind="OLD/01.01", area="330299100200", hours="off",
                         on=at.date())
    assert decided is not None
    assert Team.objects.get(pk=decided.team).name == "西山镇城管办"


@pytest.mark.django_db
def test_learning_twice_adds_nothing(tmp_path: Path, at: datetime) -> None:
    path, source = write_csv(tmp_path / "a.csv", _rows()), made_source()
    taught(path, at, source)
    again = taught(path, at + timedelta(days=3), source)
    assert (again.new_places, again.new_teams, again.new_classes, again.new_rules) == (0, 0, 0, 0)


@pytest.mark.django_db
def test_a_rule_that_no_longer_holds_ends_the_day_before(tmp_path: Path, at: datetime) -> None:
    source = made_source()
    taught(write_csv(tmp_path / "a.csv", [row(编号=f"A{n}") for n in range(8)]), at, source)
    later = [row(编号=f"A{n}", 处置单位="新来的队") for n in range(8)]
    taught(write_csv(tmp_path / "b.csv", later), at + timedelta(days=9), source)
    assert [(r.team.name, r.until and r.until.isoformat())
            for r in DispatchRule.objects.order_by("number")] == [
        ("城管中队", "2026-03-18"), ("新来的队", None)]
    assert TrailEntry.objects.filter(verb="end_rule").count() == 1


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(tmp_path: Path, at: datetime) -> None:
    path = write_csv(tmp_path / "a.csv", _rows())
    layout = look_at(path)
    told = survey(path, layout, guess_mapping(layout.headers))
    found = learn(told, made_source(), area_name="示例区", by=SYSTEM, at=at, dry_run=True)
    assert (found.new_places, found.new_teams, found.new_classes) == (5, 3, 3)
    assert found.new_rules > 0
    assert not Unit.objects.exists()
    assert not Team.objects.exists()
    assert not DispatchRule.objects.exists()
    assert not TrailEntry.objects.exists()
