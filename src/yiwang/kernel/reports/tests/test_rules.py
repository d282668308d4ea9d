"""Months, comparisons and what stands out: numbers in, words out."""

from datetime import date
from decimal import Decimal

import pytest

from yiwang.algorithms.words import Words
from yiwang.kernel.reports.months import Month, year_up_to
from yiwang.kernel.reports.rules import (
    StandoutRules,
    UnitMonth,
    change_words,
    of_kinds,
    of_overdue,
    of_returns,
    of_the_total,
    of_units,
)


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-1", "2026-00", "٢٠٢٦-10", "26-10",
                                  "2026-10-01", "1066-10", "x-10"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no month"):
        Month.of(text)


def test_a_month_knows_its_days_and_its_neighbours() -> None:
    february = Month.of("2028-02")
    assert (february.first, february.last) == (date(2028, 2, 1), date(2028, 2, 29))
    assert str(Month.of("2026-01").later(-1)) == "2025-12"
    assert not february.is_over(date(2028, 2, 29))
    assert february.is_over(date(2028, 3, 1))
    assert [str(one) for one in year_up_to(Month.of("2026-03"))][::12] == ["2025-03", "2026-03"]
    assert february.words == Words("2028年2月", "February 2028")


@pytest.mark.parametrize(("now", "before", "said"), [
    ("74", "68", "+8.8%"), ("1", "3", "-66.7%"), ("5", "5", "持平"), ("0", "4", "-100.0%"),
    ("3", "0", "基数为 0"), ("0", "0", "持平"), (None, "4", "—"), ("4", None, "—"),
    ("1", "8", "-87.5%"), ("1005", "1000", "+0.5%"),
])
def test_a_count_is_compared_by_per_cent(now: str | None, before: str | None, said: str) -> None:
    assert str(change_words(_number(now), _number(before))) == said


def test_a_share_by_points_and_a_mean_by_difference() -> None:
    now, before = Decimal("89.5"), Decimal("94.0")
    assert str(change_words(now, before, is_share=True)) == "-4.5 个百分点"
    assert change_words(now, before, is_share=True).en == "-4.5 points"
    assert str(change_words(Decimal("3.8"), Decimal("3.2"), is_mean=True)) == "+0.6"


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@pytest.mark.parametrize(("opened", "before", "said"), [
    (0, 5, "本月没有上报。"), (12, 10, "新收 12 件，比上月的 10 件多 20.0%。"),
    (8, 10, "新收 8 件，比上月的 10 件少 20.0%。"), (119, 100, ""), (30, 9, ""), (30, 0, ""),
    (30, None, ""),
])
def test_a_total_is_told_where_it_changed_much(opened: int, before: int | None, said: str) -> None:
    assert "".join(map(str, of_the_total(opened, before))) == said


NAMES = {"a": Words("积水", "flooding"), "b": Words("垃圾", "rubbish")}


def test_the_commonest_kind_and_the_one_that_grew() -> None:
    told = of_kinds({"a": 30, "b": 12}, {"a": 29, "b": 4}, NAMES)
    assert [one.zh for one in told] == [
        "最多的类别是积水，30 件，占 71.4%。", "增加最多的类别是垃圾，由 4 件到 12 件。"]
    assert len(of_kinds({"a": 30}, {"a": 30}, NAMES)) == 1, "nothing grew"
    assert len(of_kinds({"a": 3}, {}, NAMES)) == 1, "too few to tell of growth"
    assert len(of_kinds({"a": 30}, None, NAMES)) == 1, "not comparable"
    assert not of_kinds({}, {}, NAMES)


def test_units_are_told_by_bounds() -> None:
    units = [UnitMonth(Words("甲", "A"), 20, 6, 3), UnitMonth(Words("乙", "B"), 10, 1, 0),
             UnitMonth(Words("丙", "C"), 9, 9, 9)]
    assert [one.zh for one in of_units(units)] == [
        "甲按时办结率 70.0%，20 件中超时 6 件。", "办结 10 件以上而没有退回重办的单位：乙。"]
    assert not of_units([]), "no unit, no sentence"
    assert "C closed 0.0% in time" in of_units(units, StandoutRules(least=1))[0].en


def test_returns_are_told_by_type_and_what_is_overdue_now() -> None:
    types = [(Words("阶段性闭环", "half-way closing"), 2), (Words("错误办理", "wrong"), 0)]
    assert [one.zh for one in of_returns(2, types)] == ["核查退回重办 2 件：阶段性闭环 2 件。"]
    assert not of_returns(0, types)
    assert "1 open case is overdue" in of_overdue(1)[0].en
    assert not of_overdue(0)


@pytest.mark.parametrize("bad", [{"least": 0}, {"good": Decimal(0)}, {"change": Decimal(0)}])
def test_bounds_make_sense(bad: dict[str, Decimal]) -> None:
    with pytest.raises(ValueError, match=r"least|share"):
        StandoutRules(**bad)  # type: ignore[arg-type]
