"""The classification that ships: what it names, how the older list translates, what it limits."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.cases.limits import limit_for
from yiwang.kernel.cases.models import Kind, KindList, TimeLimit
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.records.models import TrailEntry
from yiwang.practices.events.kinds import known_kinds, seed_kinds, translate

NAMES = {kind.code: kind.name for kind in known_kinds()}
OLDER = sorted(code for code in NAMES if code.startswith("CJ214/"))


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("GB2021/E.01.01", "私搭乱建"), ("GB2021/E.04.06", "占道经营"), ("GB2021/E.04", "街面秩序"),
        ("GB2021/E.05", "突发事件"), ("GB2021/E.05.05", "路面塌陷"), ("GB2021/C.05", "其他部件"),
        ("CJ214/E.04", "突发事件"), ("CJ214/E.05", "街面秩序"), ("CJ214/E.05.06", "占道经营"),
        ("CJ214/E.01.01", "私搭乱建"),
    ],
)
def test_codes_mean_what_their_list_says(code: str, name: str) -> None:
    assert NAMES[code].zh == name


def test_every_class_has_both_languages_and_a_parent() -> None:
    for code, name in NAMES.items():
        assert name.zh
        assert name.en.isascii()
        assert "." not in code or code.rpartition(".")[0] in NAMES


def test_local_extensions_count_down_from_99() -> None:
    own = [code for code in NAMES if code.startswith("XP/E.")]
    assert own
    assert all(code.split(".")[1] >= "90" for code in own)


@given(st.sampled_from(OLDER))
def test_an_older_code_keeps_its_name_when_translated(code: str) -> None:
    assert NAMES[translate(code)] == NAMES[code]
    assert translate(translate(code)) == translate(code)


def test_an_unknown_older_code_is_refused() -> None:
    with pytest.raises(Refusal, match=r"CJ214/E\.07\.01"):
        translate("CJ214/E.07.01")


@pytest.mark.django_db
def test_seeding_twice_changes_nothing(at: datetime) -> None:
    assert seed_kinds(by=SYSTEM, at=at) == len(NAMES)
    limits, trail = TimeLimit.objects.count(), TrailEntry.objects.count()
    assert seed_kinds(by=SYSTEM, at=at) == 0
    assert (TimeLimit.objects.count(), TrailEntry.objects.count()) == (limits, trail)
    assert (Kind.objects.count(), KindList.objects.count()) == (len(NAMES), 3)


@pytest.mark.django_db
def test_a_towns_own_limit_survives_seeding(at: datetime) -> None:
    own = TimeLimit.objects.create(
        practice="events", kind="GB2021/E.01.10", clock="working_hours", amount=1,
        since=date(2024, 1, 1), source="镇发〔2024〕1 号",
    )
    seed_kinds(by=SYSTEM, at=at)
    assert list(TimeLimit.objects.filter(kind="GB2021/E.01.10")) == [own]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "condition", "clock", "amount"),
    [
        ("GB2021/E.01.01", "正在搭建", "emergency_hours", 48),
        ("GB2021/E.01.01", "已建成", "working_days", 15),
        ("GB2021/E.01.10", "", "working_hours", 4),
        ("GB2021/E.01.12", "", "working_hours", 2),
        ("GB2021/E.05.03", "险情未控", "emergency_hours", 2),
        ("GB2021/E.05.03", "已止险待修", "working_days", 5),
        ("GB2021/E.04.06", "", "working_hours", 4),
        ("XP/E.97.97", "", "working_days", 7),
    ],
)
def test_limits(kind: str, condition: str, clock: str, amount: int, at: datetime) -> None:
    seed_kinds(by=SYSTEM, at=at)
    limit = limit_for("events", kind, on=at.date(), condition=condition)
    assert (limit.clock, limit.amount) == (clock, Decimal(amount))
    assert limit.source
