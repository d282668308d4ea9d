"""Frameworks: dated members, the track of a kind on a day, and history that keeps its names."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils.timezone import localdate, now
from hypothesis import given
from hypothesis import strategies as st

from yiwang.algorithms.working_time import ZONE
from yiwang.kernel.cases.models import Case, Kind, KindList
from yiwang.kernel.cases.tests.town import Town, make_town
from yiwang.kernel.errors import NotAllowed, Refusal, SomebodyElseDecided
from yiwang.kernel.frameworks import queries
from yiwang.kernel.frameworks.actions import (
    NewMember,
    begin_member,
    end_member,
    put_on_track,
    stamp_of,
)
from yiwang.kernel.frameworks.models import KindTrack
from yiwang.kernel.frameworks.rules import Mapping, days_of_change, member_of, numeral
from yiwang.kernel.frameworks.shipped import seed_frameworks, seed_tracks
from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.records.models import TrailEntry

OLD, NEW = date(2017, 1, 1), date(2022, 1, 1)
DAY = timedelta(days=1)
KINDS = ("GB2021/E", "GB2021/E.05", "GB2021/E.05.06", "GB2021/E.05.060", "XP/E.99")


@pytest.mark.parametrize(("kind", "day", "member"), [
    ("GB2021/E.05.06", date(2021, 12, 31), "zf"),  # the day before the tracks were renamed
    ("GB2021/E.05.06", NEW, "pa"),
    ("GB2021/E.05.060", NEW, "pa"),  # below E.05, not below E.05.06
    ("GB2021/E.01.01", NEW, "jj"),  # what the list as a whole stands on
    ("GB20210/E.01", NEW, ""),  # another list, though its name begins alike
    ("GB2021/E.05.06", date(2016, 12, 31), ""),
])
def test_the_nearest_kind_decides_on_its_day(kind: str, day: date, member: str) -> None:
    mappings = [Mapping("GB2021", "zf", OLD, NEW - DAY), Mapping("GB2021", "jj", NEW),
                Mapping("GB2021/E.05", "pa", NEW)]
    assert member_of(kind, day, mappings) == member


def test_a_framework_is_called_by_its_members() -> None:
    assert numeral([0, 1, 1, 1, 1, 2]) == "141"
    assert numeral([1, 0, 1]) == "12"


def test_versions_begin_where_the_list_changes() -> None:
    assert days_of_change([(OLD, None), (OLD, NEW - DAY), (NEW, None)]) == [OLD, NEW]


@pytest.fixture
def shipped(db: None) -> None:
    queries.forget_tracks()
    seed_frameworks(by=SYSTEM, at=now())


def test_what_ships_reads_141_and_152_and_the_later_1612(shipped: None) -> None:
    names = {(code, version.numeral) for code in ("141", "152")
             for version in queries.versions_of(code)}
    assert names == {("141", "141"), ("152", "152"), ("152", "1612")}


def test_members_bear_the_name_of_the_day(shipped: None) -> None:
    versions = queries.versions_of("141")

    def on(day: date) -> list[str]:
        version = queries.version_on(versions, day)
        assert version
        return [member.name for member in version.members if member.is_track]

    assert on(date(2021, 12, 31)) == ["综治工作", "市场监管", "综合执法", "便民服务"]
    assert on(NEW) == ["党建统领", "经济生态", "平安法治", "公共服务"]
    assert queries.version_on(versions, date(2016, 1, 1)) is None


def test_seeding_again_leaves_a_towns_own_work(shipped: None, actor: Callable[..., Any]) -> None:
    end_member("152", "rules", localdate(), source="会议", by=actor("adjudicator"), at=now(),
               seen=stamp_of("152"))
    assert seed_frameworks(by=SYSTEM, at=now()) == 0
    later = queries.version_on(queries.versions_of("152"), localdate() + DAY)
    assert later
    assert later.numeral == "1611"


def _new(code: str, name: str, since: date, *, is_track: bool = True) -> NewMember:
    return NewMember(code, 1, name, "", is_track, since, "文件")


def test_a_rename_begins_on_its_day_and_keeps_the_past(
    shipped: None, actor: Callable[..., Any],
) -> None:
    tomorrow = localdate() + DAY
    begin_member("141", _new("pa", "平安建设", tomorrow), by=actor("adjudicator"), at=now(),
                 seen=stamp_of("141"))
    assert queries.track_names(localdate())["141/pa"].zh == "平安法治"
    assert queries.track_names(tomorrow)["141/pa"].zh == "平安建设"


def test_two_people_at_once_the_second_is_told(shipped: None, actor: Callable[..., Any]) -> None:
    seen = stamp_of("141")
    begin_member("141", _new("sz", "数智", localdate()), by=actor("adjudicator"), at=now(),
                 seen=seen)
    with pytest.raises(SomebodyElseDecided):
        begin_member("141", _new("sy", "数园", localdate()), by=actor("adjudicator"), at=now(),
                     seen=seen)
    assert TrailEntry.objects.filter(stream="framework/141", verb="begin_member").count() == 1


@pytest.mark.parametrize("role", ["dispatcher", "leader", "office", "system_admin"])
def test_only_the_head_of_the_room_changes_a_framework(
    shipped: None, actor: Callable[..., Any], role: str,
) -> None:
    with pytest.raises(NotAllowed):
        begin_member("141", _new("sz", "数智", localdate()), by=actor(role, team=object()),
                     at=now(), seen=stamp_of("141"))


@pytest.mark.parametrize(("new", "code"), [
    (NewMember("pa", 1, "平安", "", True, date(2020, 1, 1), "文件"), "in_the_past"),
    (NewMember("sz", 7, "数智", "", True, date(2999, 1, 1), "文件"), "no_such_slot"),
    (NewMember("sz", 1, " ", "", True, date(2999, 1, 1), "文件"), "name_missing"),
    (NewMember("sz", 1, "数智", "", True, date(2999, 1, 1), " "), "source_missing"),
])
def test_what_a_member_needs(
    shipped: None, actor: Callable[..., Any], new: NewMember, code: str,
) -> None:
    with pytest.raises(Refusal) as refused:
        begin_member("141", new, by=actor("adjudicator"), at=now(), seen=stamp_of("141"))
    assert refused.value.code == code


@pytest.fixture
def town(shipped: None, actor: Callable[..., Any]) -> Town:
    made = make_town(now() - timedelta(minutes=5), actor)
    facts = KindList.objects.create(code="GB2021", practice="events", name="国标",
                                    since=date(2021, 1, 1), source="test")
    for code in ("E", "E.05", "E.05.06"):
        Kind.objects.create(code=f"GB2021/{code}", list=facts, name=code)
    return made


def _map(kind: str, member: str, since: date, actor: Callable[..., Any]) -> KindTrack:
    return put_on_track("141", kind, member, since, source="文件", by=actor("adjudicator"),
                        at=now(), seen=stamp_of("141"))


def test_kinds_on_no_track_are_named_until_they_are_mapped(
    town: Town, actor: Callable[..., Any],
) -> None:
    today = localdate()
    assert queries.gaps("141", today) == ["GB2021/E", "GB2021/E.05", "GB2021/E.05.06"]
    _map("GB2021/E.05", "pa", date(2022, 3, 1), actor)  # the past had a gap: it may be filled
    assert queries.gaps("141", today) == ["GB2021/E"]
    with pytest.raises(Refusal) as refused:
        _map("GB2021/E.05.06", "gg", today - DAY, actor)  # it stood on a track yesterday
    assert refused.value.code == "in_the_past"
    _map("GB2021/E.05.06", "gg", today, actor)
    assert member_of("GB2021/E.05.06", today - DAY, queries.mappings_of("141")) == "pa"


def test_a_track_ends_only_when_no_kind_is_left_on_it(
    town: Town, actor: Callable[..., Any],
) -> None:
    today = localdate()
    _map("GB2021", "pa", today, actor)

    def end(last_day: date) -> None:
        end_member("141", "pa", last_day, source="会议", by=actor("adjudicator"), at=now(),
                   seen=stamp_of("141"))

    with pytest.raises(Refusal) as refused:
        end(today)
    assert refused.value.code == "still_mapped"
    _map("GB2021", "gg", today + DAY, actor)
    end(today)
    assert queries.gaps("141", today + DAY) == []
    with pytest.raises(Refusal) as refused:
        _map("GB2021/E.05", "pa", today, actor)
    assert refused.value.code == "no_such_track"


DATES = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@st.composite
def mappings(draw: st.DrawFn) -> list[Mapping]:
    """Per kind a chain of periods, as the actions leave them."""
    found = []
    for kind in ("", "GB2021", *KINDS):
        begins = sorted(draw(st.sets(DATES, max_size=2)))
        ends = [begin - DAY for begin in begins[1:]] + [None]
        found += [Mapping(kind, draw(st.sampled_from(("pa", "gg"))), begin, end)
                  for begin, end in zip(begins, ends, strict=False)]
    return found


@given(mapped=mappings(), kind=st.sampled_from(KINDS), day=DATES)
def test_the_days_before_a_change_never_move(mapped: list[Mapping], kind: str, day: date) -> None:
    last = max((one.since for one in mapped if one.kind == kind), default=date.min)
    begins = max(day, last + DAY)
    after = [one if one.kind != kind or one.until is not None else
             Mapping(one.kind, one.member, one.since, begins - DAY) for one in mapped]
    after.append(Mapping(kind, "new", begins))
    for back in range(1, 40):
        before = begins - back * DAY
        assert member_of(kind, before, after) == member_of(kind, before, mapped)
    assert member_of(kind, begins, after) == "new"


def test_rows_by_track_say_what_the_rule_says(town: Town, actor: Callable[..., Any]) -> None:
    """The column in the database and the rule in Python agree, on both sides of each border."""
    seed_tracks("141", [
        Mapping("GB2021", "zf", OLD, date(2025, 12, 31)), Mapping("GB2021", "jj", date(2026, 1, 1)),
        Mapping("GB2021/E.05", "pa", date(2026, 1, 1)),
        Mapping("GB2021/E.05.06", "gg", date(2026, 1, 10)),
    ], source="test", by=SYSTEM, at=now())
    moment = now().replace(year=2025, month=12, day=31, hour=15, minute=59, second=59)
    for kind in KINDS:
        for shift in (timedelta(), timedelta(seconds=1), timedelta(days=9), timedelta(days=20)):
            case = town.open()
            Case.objects.filter(pk=case.pk).update(kind=kind, opened_at=moment + shift)
    held = queries.mappings_of("141")
    sheet = queries.TrackSheet()
    rows = Case.objects.annotate(track=queries.track_column("141"), era=sheet.era)
    assert {row.track for row in rows} == {"zf", "jj", "pa", "gg", ""}
    for row in rows:
        opened = row.opened_at.astimezone(ZONE).date()
        assert row.track == member_of(row.kind, opened, held), (row.kind, opened)
        assert sheet.track_of(row.kind, row.era) == f"141/{row.track}", (row.kind, opened)
