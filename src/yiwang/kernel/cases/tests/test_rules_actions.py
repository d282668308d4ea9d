"""Rules are added, changed from a day on and ended: dated, in scope, with the linter's consent."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yiwang.algorithms.words import Words
from yiwang.kernel.cases import rules_queries as queries
from yiwang.kernel.cases.calendar import calendar_now
from yiwang.kernel.cases.dispatch import rules_for
from yiwang.kernel.cases.dry_run import try_rules
from yiwang.kernel.cases.models import DispatchRule, Kind, KindList
from yiwang.kernel.cases.rules_actions import add_rule, change_rule, end_rule
from yiwang.kernel.cases.rules_changes import Wanted, standing
from yiwang.kernel.errors import NotAllowed, Refusal, SomebodyElseDecided
from yiwang.kernel.people.models import Person, Team, Term
from yiwang.kernel.places.models import Cell, Layer, Unit
from yiwang.kernel.records.models import TrailEntry

from .town import TOWN, Town

TODAY = date(2026, 3, 10)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def ground(town: Town) -> None:
    """Two villages, a list of three kinds, and somebody in each of the two offices."""
    queries.forget_warnings()
    Unit.objects.create(code=TOWN, name="霞浦街道")
    for code in (TOWN + "001", TOWN + "221"):
        Unit.objects.create(code=code, name=f"村{code[-3:]}")
    facts = KindList.objects.create(code="GB2021", practice="events", name="国标",
                                    since=date(2021, 1, 1), source="test")
    for code in ("E", "E.01", "E.01.10", "E.05", "E.05.06", "E.05.07"):
        Kind.objects.create(code=f"GB2021/{code}", list=facts, name=code)
    person = Person.objects.create(account="li", name="李")
    for team in (town.build, town.police):
        Term.objects.create(person=person, role="office", area=TOWN, team=team,
                            since=date(2020, 1, 1))


@pytest.fixture
def wanted(town: Town) -> Wanted:
    return Wanted("GB2021/E", "", town.build.id, TODAY, source="主任办公会")


def test_a_rule_is_added_with_a_trail(town: Town, wanted: Wanted) -> None:
    rule = add_rule("events", wanted, by=town.people["head"], at=town.at)
    assert (rule.number, rule.since, rule.until, rule.team_id) == (1, TODAY, None, town.build.id)
    entry = TrailEntry.objects.get(stream="dispatch/events")
    assert (entry.verb, entry.changes["number"]) == ("add_rule", 1)
    assert entry.by == town.people["head"].ref
    assert queries.stamp_of("events") == 1


def test_a_change_ends_the_old_rule_the_day_before(town: Town, wanted: Wanted) -> None:
    head = town.people["head"]
    old = add_rule("events", wanted, by=head, at=town.at)
    new = change_rule(old, replace(wanted, team=town.police.id, since=TODAY + 5 * DAY), by=head,
                      at=town.at)
    old.refresh_from_db()
    assert (old.until, old.team_id) == (TODAY + 4 * DAY, town.build.id)
    assert (new.number, new.since, new.team_id) == (2, TODAY + 5 * DAY, town.police.id)
    entry = TrailEntry.objects.filter(verb="change_rule").get()
    assert entry.note["instead_of"] == 1
    with pytest.raises(Refusal, match="已结束"):
        change_rule(old, replace(wanted, since=TODAY + 6 * DAY), by=head, at=town.at)


def test_a_rule_is_ended_or_withdrawn(town: Town, wanted: Wanted) -> None:
    head = town.people["head"]
    rule = add_rule("events", wanted, by=head, at=town.at)
    with pytest.raises(Refusal) as said:
        end_rule(rule, TODAY - 2 * DAY, by=head, at=town.at)
    assert said.value.field == "last_day"
    end_rule(rule, TODAY - DAY, by=head, at=town.at)
    rule.refresh_from_db()
    assert rule.until == rule.since - DAY
    with pytest.raises(Refusal):
        end_rule(rule, TODAY, by=head, at=town.at)


@pytest.mark.parametrize(("changed", "field"), [
    ({"kind": "GB2021/E.99"}, "kind"),
    ({"area": TOWN + "777"}, "area"),
    ({"hours": "lunch"}, "hours"),
    ({"rank": 0}, "rank"),
    ({"rank": 1000}, "rank"),
    ({"since": TODAY - DAY}, "since"),
    ({"until": TODAY - DAY}, "until"),
    ({"source": "  "}, "source"),
    ({"team": "00000000-0000-0000-0000-000000000000"}, "team"),
])
def test_what_no_rule_may_say_is_refused_by_its_field(
    town: Town, wanted: Wanted, changed: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refusal) as said:
        add_rule("events", replace(wanted, **changed), by=town.people["head"], at=town.at)
    assert said.value.field == field
    assert not DispatchRule.objects.exists()


@pytest.mark.parametrize(("role", "scope", "area", "may"), [
    ("adjudicator", TOWN, "", True),  # the whole ground is this town
    ("adjudicator", TOWN, TOWN + "221", True),
    ("adjudicator", TOWN + "221", TOWN + "221", True),
    ("adjudicator", TOWN + "221", TOWN + "001", False),
    ("adjudicator", TOWN + "221", "", False),
    ("adjudicator", "330206006", "", False),
    ("dispatcher", TOWN, "", False),
    ("leader", TOWN, TOWN + "221", False),
])
def test_who_may_change_rules(
    town: Town, wanted: Wanted, actor: Callable[..., Any], role: str, scope: str, area: str,
    may: bool,
) -> None:
    by = actor(role, area=scope)
    if may:
        assert add_rule("events", replace(wanted, area=area), by=by, at=town.at).area == area
        return
    with pytest.raises(NotAllowed):
        add_rule("events", replace(wanted, area=area), by=by, at=town.at)


def test_a_second_town_takes_the_whole_ground_out_of_reach(town: Town, wanted: Wanted) -> None:
    Unit.objects.create(code="330206006001", name="别处")
    assert queries.whole_ground() == "330206"
    with pytest.raises(NotAllowed):
        add_rule("events", wanted, by=town.people["head"], at=town.at)


def test_new_errors_need_a_reason_and_old_ones_do_not(town: Town, wanted: Wanted) -> None:
    head = town.people["head"]
    add_rule("events", wanted, by=head, at=town.at)
    twin = replace(wanted, team=town.police.id)
    with pytest.raises(Refusal) as said:
        add_rule("events", twin, by=head, at=town.at)
    assert said.value.code == "rule_errors"
    assert any("不同的单位" in item.zh for item in said.value.missing)
    add_rule("events", twin, by=head, at=town.at, despite="过渡期两家同管")
    note = TrailEntry.objects.order_by("-seq").first()
    assert note is not None
    assert note.note["despite"] == "过渡期两家同管"
    assert ["overlap", [1, 2]] in note.note["findings"]
    add_rule("events", replace(wanted, kind="GB2021/E.05"), by=head, at=town.at)


def test_who_comes_second_is_told(town: Town, wanted: Wanted) -> None:
    head = town.people["head"]
    seen = queries.stamp_of("events")
    add_rule("events", wanted, by=head, at=town.at, seen=seen)
    with pytest.raises(SomebodyElseDecided):
        add_rule("events", replace(wanted, kind="GB2021/E.05"), by=head, at=town.at, seen=seen)
    assert DispatchRule.objects.count() == 1


def test_the_ground_is_read_from_the_tables(town: Town, wanted: Wanted) -> None:
    Layer.objects.create(code="governance", name="治理网格")
    for code, until in ((TOWN + "221001", None), (TOWN + "221002", date(2025, 1, 1))):
        Cell.objects.create(code=code, layer_id="governance", name=code, since=date(2020, 1, 1),
                            until=until)
        DispatchRule.objects.create(number=int(code[-1]), practice="events", area=code,
                                    team=town.build, since=date(2020, 1, 1))
    Team.objects.filter(id=town.police.id).update(until=date(2026, 3, 9))
    empty = Team.objects.create(code="empty", name="空", kind="office", unit_code=TOWN,
                                since=date(2020, 1, 1))
    for number, team in ((3, town.police), (4, empty)):
        DispatchRule.objects.create(number=number, practice="events", team=team,
                                    since=date(2020, 1, 1))
    found = queries.ground_of("events", rules_for("events"), on=TODAY)
    assert found.kinds == ["GB2021/E.01.10", "GB2021/E.05.06", "GB2021/E.05.07"]
    assert found.areas == [TOWN + "001", TOWN + "221", TOWN + "221001"]
    assert set(found.closed) == {town.police.id}
    assert set(found.unstaffed) == {empty.id}
    codes = {(f.code, f.rules) for f in queries.lint_now("events", on=TODAY)}
    assert {("closed", (3,)), ("unstaffed", (4,)), ("unknown_area", (2,))} <= codes


def test_gaps_are_put_together_by_where_they_are(town: Town) -> None:
    DispatchRule.objects.create(number=1, practice="events", kind="GB2021/E.05", team=town.build,
                                area=TOWN + "001", since=date(2020, 1, 1))
    groups = queries.grouped_gaps(queries.lint_now("events", on=TODAY))
    assert {(group.kinds, group.areas) for group in groups} == {
        (("GB2021/E.05.06", "GB2021/E.05.07"), (TOWN + "221",)),
        (("GB2021/E.01.10",), (TOWN + "001", TOWN + "221")),
    }


def test_warnings_are_counted_once_a_change(
    town: Town, wanted: Wanted, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert queries.rules_warnings("events") == 0
    with CaptureQueriesContext(connection) as seen:
        queries.rules_warnings("events")
    assert len(seen) == 0
    monkeypatch.setattr(queries, "TRUSTED", 0.0)
    with CaptureQueriesContext(connection) as seen:
        queries.rules_warnings("events")
    assert len(seen) == 1
    head = town.people["head"]
    add_rule("events", wanted, by=head, at=town.at)
    add_rule("events", replace(wanted, team=town.police.id), by=head, at=town.at, despite="试")
    DispatchRule.objects.update(since=date(2020, 1, 1))
    assert queries.rules_warnings("events") >= 1


def test_a_dry_run_counts_by_rule_and_names_what_differs(town: Town, wanted: Wanted) -> None:
    case = town.assigned()
    cases = queries.tried_cases(town.people["head"], "events", at=town.at)
    assert [c.id for c in cases] == [case.id]
    assert queries.tried_cases(town.people["police"], "events", at=town.at) == []
    nobody = try_rules([], cases, calendar=calendar_now())
    assert (nobody.undecided, nobody.elsewhere, nobody.same) == (1, 0, 0)
    wanted = replace(wanted, team=town.police.id, since=TODAY + DAY)
    tomorrow = wanted.as_rule(7, Words("平安科", "safety"))
    run = try_rules(standing([tomorrow], TODAY + DAY), cases, calendar=calendar_now())
    assert (run.elsewhere, run.decided[7], run.differing[0].id) == (1, 1, case.id)
    assert (run.differing[0].was.zh, run.differing[0].would.en) == ("城建管理办公室", "safety")
