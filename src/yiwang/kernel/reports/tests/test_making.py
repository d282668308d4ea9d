"""A report is made piece by piece, from the metrics alone, inside its reader's scope; then issued.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from yiwang.kernel.cases.tests.town import TOWN, Town
from yiwang.kernel.errors import NotAllowed, Refusal, SomebodyElseDecided
from yiwang.kernel.people.models import Term
from yiwang.kernel.people.queries import actor_for
from yiwang.kernel.people.rules import Actor
from yiwang.kernel.practice import practices
from yiwang.kernel.records.metrics import figure_of
from yiwang.kernel.records.models import TrailEntry
from yiwang.kernel.reports.actions import ask_report, issue_report, month_asked
from yiwang.kernel.reports.counting import narrowed, period_of
from yiwang.kernel.reports.document import (
    Cell,
    Document,
    Paragraph,
    Table,
    as_json,
    from_json,
)
from yiwang.kernel.reports.making import draft
from yiwang.kernel.reports.models import MonthlyReport
from yiwang.kernel.reports.months import Month
from yiwang.kernel.reports.queries import areas_offered, reports_seen
from yiwang.kernel.reports.tasks import make_reports
from yiwang.shell.figures import Part

from .months import MONTH, lived, person

pytestmark = pytest.mark.django_db
APRIL = timedelta(days=25)


@pytest.fixture
def town(at: datetime, actor: Callable[..., Any]) -> Town:
    return lived(at, actor)


def cells(document: Document) -> list[Cell]:
    return [cell for block in document.blocks if isinstance(block, Table)
            for row in block.rows for cell in row]


def sentences(document: Document) -> list[str]:
    return [block.text.zh for block in document.blocks if isinstance(block, Paragraph)]


def made(reader: Actor, area: str, at: datetime, month: str = MONTH) -> Document:
    return draft(narrowed(reader, area), "events", area, Month.of(month), at=at)


def rows(document: Document, title: str) -> dict[str, list[str]]:
    return {row[0].text.zh: [cell.text.zh for cell in row[1:]]
            for block in document.blocks if isinstance(block, Table) and block.title.zh == title
            for row in block.rows}


def finished(report: MonthlyReport, at: datetime) -> MonthlyReport:
    while make_reports(at=at):
        pass
    report.refresh_from_db()
    return report


def test_every_number_is_its_metrics_own(town: Town, at: datetime) -> None:
    leader = town.people["leader"]
    found = [cell for cell in cells(made(leader, TOWN, at + APRIL)) if cell.metric]
    assert {cell.by for cell in found} == {
        "", "area", "kind", "track", "channel", "handler", "clause"}
    for cell in found:
        metric = practices.metric(cell.metric)
        period = period_of(Month.of(cell.month), at + APRIL)
        whole = metric.rows(leader, period)
        value = figure_of(metric, Part(cell.by, cell.key).of(whole), period).value
        shown = cell.text.zh.removesuffix("%")
        assert shown == ("—" if value is None else str(value)), cell


def test_the_lead_tells_the_metrics_numbers(town: Town, at: datetime) -> None:
    told = re.findall(r"[\d.]+%?", sentences(made(town.people["leader"], TOWN, at + APRIL))[0])
    period = period_of(Month.of(MONTH), at + APRIL)
    wanted = []
    for name in ("opened", "closed", "closed_in_time", "closed_late", "in_time", "returned",
                 "open", "overdue"):
        metric = practices.metric(f"events.{name}")
        value = figure_of(metric, metric.rows(town.people["leader"], period), period).value
        wanted.append(f"{value}%" if name == "in_time" else str(value))
    assert told == ["2026", "3", *wanted]


def test_what_was_lived_is_what_is_told(town: Town, at: datetime) -> None:
    document = made(town.people["leader"], TOWN, at + APRIL)
    figures = rows(document, "主要指标")
    assert figures["新收（件）"] == ["8", "2", "+300.0%", "无记录", "无记录"]
    assert figures["按时办结（件）"][0] == "5"
    assert figures["超时办结（件）"][:3] == ["1", "0", "基数为 0"]
    assert figures["退回重办（件）"][0] == "3"
    units = rows(document, "各承办单位")
    assert units["城建管理办公室"][0] == "6"
    assert units["城建管理办公室"][3:] == ["3", "2", "0", "1"], "returns by type"
    assert rows(document, "承办单位退回，按依据") == {
        "职责不符：法定职责在别的单位": ["1"]}
    assert any(text.endswith("核查退回重办 3 件：阶段性闭环 2 件、错误办理 1 件。")
               for text in sentences(document))


def test_the_first_month_on_record_is_shown_and_not_compared(town: Town, at: datetime) -> None:
    document = made(town.people["leader"], TOWN, at + APRIL, "2026-02")
    assert rows(document, "主要指标")["新收（件）"][:3] == ["2", "1", "记录不全，不比"]


def test_a_month_that_is_not_over_is_not_compared(town: Town, at: datetime) -> None:
    document = made(town.people["leader"], TOWN, at + timedelta(days=1))
    assert rows(document, "主要指标")["新收（件）"][2] == "未满月，不比"
    assert any("本月未满" in text for text in sentences(document))


def test_a_town_without_a_case_is_told_in_words(at: datetime, actor: Callable[..., Any]) -> None:
    document = made(actor("leader"), TOWN, at)
    assert rows(document, "主要指标")["新收（件）"][0] == "无记录"
    assert any("本月没有上报" in text for text in sentences(document))


def test_a_report_of_a_village_counts_the_village(town: Town, at: datetime) -> None:
    document = made(town.people["leader"], TOWN + "221", at + APRIL)
    assert rows(document, "主要指标")["新收（件）"][0] == "7"
    assert list(rows(document, "各区域")) == ["霞南村"]


def test_an_office_is_told_that_it_sees_its_own(town: Town, at: datetime) -> None:
    document = made(town.people["police"], TOWN, at + APRIL)
    assert "只含本单位经办的事件。" in sentences(document)
    assert rows(document, "主要指标")["办结（件）"][0] == "1"


def test_a_document_reads_back_as_it_was_stored(town: Town, at: datetime) -> None:
    document = made(town.people["leader"], TOWN, at + APRIL)
    assert from_json(as_json(document)) == document


def test_the_background_makes_it_piece_by_piece(town: Town, at: datetime,
                                                monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yiwang.kernel.reports.tasks.SLICE", 0.0)
    by = actor_for(person("leader"), at.date())
    report = ask_report("events", TOWN, MONTH, by=by, at=at + APRIL)
    assert make_reports(at=at + APRIL) == 1
    report.refresh_from_db()
    assert (len(report.found), report.state) == (1, "making")
    report = finished(report, at + APRIL)
    assert (len(report.found), report.state) == (report.total, "draft")
    assert from_json(report.body) == made(by, TOWN, at + APRIL)


def test_asking_again_puts_a_new_draft_in_the_place_of_the_old(town: Town, at: datetime) -> None:
    by = actor_for(person("leader"), at.date())
    for _ in range(2):
        report = ask_report("events", TOWN, MONTH, by=by, at=at + APRIL)
    assert [one.pk for one in reports_seen(by, "events")] == [report.pk]


def test_a_report_of_somebody_without_roles_breaks_off(town: Town, at: datetime) -> None:
    somebody = person("leader")
    report = ask_report("events", TOWN, MONTH, by=actor_for(somebody, at.date()), at=at)
    Term.objects.filter(person=somebody).update(until=at.date() - timedelta(days=1))
    assert finished(report, at).state == "broken"


@pytest.mark.parametrize(("role", "area", "asked"), [
    ("leader", TOWN, "330206"), ("village_cadre", TOWN + "221", TOWN), ("grid_worker", TOWN, TOWN),
    ("leader", TOWN, ""),
])
def test_nobody_reports_beyond_their_area(
    actor: Callable[..., Any], at: datetime, role: str, area: str, asked: str
) -> None:
    with pytest.raises(NotAllowed):
        ask_report("events", asked, MONTH, by=actor(role, area=area), at=at)


@pytest.mark.parametrize("text", ["2026-04", "2026-3", "", "下月"])
def test_a_month_to_come_or_none_is_refused(at: datetime, text: str) -> None:
    with pytest.raises(Refusal) as said:
        month_asked(text, at)
    assert said.value.field == "month"


@pytest.fixture
def drafted(town: Town, at: datetime) -> MonthlyReport:
    by = actor_for(person("leader"), at.date())
    return finished(ask_report("events", TOWN, MONTH, by=by, at=at + APRIL), at + APRIL)


def test_a_number_comes_when_it_is_issued_and_then_nothing_changes(
    town: Town, drafted: MonthlyReport, at: datetime
) -> None:
    head = town.people["head"]
    assert from_json(drafted.body).is_draft
    issued = issue_report(drafted, by=head, at=at + APRIL)
    document = from_json(issued.body)
    assert document.number.zh == "霞浦街道月报〔2026〕1号"
    assert document.sign[-1].zh == "2026年4月4日"
    town.closed()
    issued.refresh_from_db()
    assert from_json(issued.body) == document
    assert [entry.verb for entry in TrailEntry.objects.filter(
            stream=f"report/{issued.pk}").order_by("seq")] == [
        "ask_report", "make_report", "issue_report"]
    with pytest.raises(Refusal, match="已经签发"):
        issue_report(issued, by=head, at=at + APRIL)


def test_a_second_issue_says_what_it_replaces(
    town: Town, drafted: MonthlyReport, at: datetime
) -> None:
    head = town.people["head"]
    issue_report(drafted, by=head, at=at + APRIL)
    again = finished(ask_report("events", TOWN, MONTH, by=actor_for(
        person("adjudicator"), at.date()), at=at + APRIL), at + APRIL)
    document = from_json(issue_report(again, by=head, at=at + APRIL).body)
    assert document.number.en.endswith("[2026] No. 2")
    assert sentences(document)[0] == "本期更正并替代霞浦街道月报〔2026〕1号。"


def test_a_month_that_is_not_over_is_not_issued(town: Town, at: datetime) -> None:
    by = actor_for(person("leader"), at.date())
    report = finished(ask_report("events", TOWN, MONTH, by=by, at=at), at)
    with pytest.raises(Refusal, match="本月未满"):
        issue_report(report, by=by, at=at + APRIL)


def test_who_may_not_issue_is_refused(
    drafted: MonthlyReport, at: datetime, actor: Callable[..., Any]
) -> None:
    for by in (actor("dispatcher"), actor("leader", area="330206006")):
        with pytest.raises(NotAllowed):
            issue_report(drafted, by=by, at=at)


def test_what_is_issued_is_seen_by_those_who_see_the_area(
    drafted: MonthlyReport, town: Town, at: datetime, actor: Callable[..., Any]
) -> None:
    def seen(by: Actor) -> int:
        return reports_seen(by, "events").count()

    others = [actor("dispatcher"), town.people["build"], actor("village_cadre", area=TOWN + "221")]
    assert [seen(by) for by in others] == [0, 0, 0], "a draft is its maker's"
    issue_report(drafted, by=town.people["head"], at=at + APRIL)
    assert [seen(by) for by in others] == [1, 0, 0]
    assert seen(actor_for(person("office", team=town.build), at.date())) == 0


def test_areas_are_those_of_the_roles_and_below(town: Town, actor: Callable[..., Any]) -> None:
    assert [code for code, _ in areas_offered(actor("leader"), "events")] == [TOWN, TOWN + "221"]
    cadre = actor("village_cadre", area=TOWN + "221")
    assert [code for code, _ in areas_offered(cadre, "events")] == [TOWN + "221"]


def test_two_who_issue_the_same_draft_take_one_number(
    town: Town, drafted: MonthlyReport, at: datetime
) -> None:
    seen_by_both = [MonthlyReport.objects.get(pk=drafted.pk) for _ in range(2)]
    issue_report(seen_by_both[0], by=town.people["head"], at=at + APRIL)
    with pytest.raises(SomebodyElseDecided):
        issue_report(seen_by_both[1], by=town.people["leader"], at=at + APRIL)
    drafted.refresh_from_db()
    assert drafted.serial == 1


def test_shares_are_of_the_whole(town: Town, at: datetime) -> None:
    sources = rows(made(town.people["leader"], TOWN, at + APRIL), "各来源")
    assert sum(Decimal(share.removesuffix("%")) for _, share in sources.values()) == 100
