"""The cockpit's promise: every number opens into its rows and equals its export to the digit."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from yiwang.kernel.cases.moves import make_move
from yiwang.kernel.cases.tests.town import Town, make_town
from yiwang.kernel.people.actions import add_person, grant_term
from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.practice import practices
from yiwang.kernel.records.metrics import Period, figure_of, parts_of

CODES = [metric.code for metric in practices["events"].metrics]


def sign_in(role: str, area: str, at: datetime) -> Client:
    person = add_person(account=f"{role}{area}", name=role, unit_code="330206005", by=SYSTEM, at=at)
    grant_term(person, role=role, area=area, since=date(2020, 1, 1), by=SYSTEM, at=at)
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def lived(db: None, actor: Callable[..., Any]) -> Town:
    """A town with open, late, closed, rated and reopened cases of this month."""
    at = timezone.localtime() - timedelta(minutes=30)
    town = make_town(at, actor)
    town.open()
    town.assigned()
    rated = town.closed()
    from yiwang.kernel.cases.may import reporter_of

    make_move(rated, "rate", by=reporter_of(rated), at=at, given={"stars": "3"})
    town.closed()
    town.open(area="330206005001001001")
    return town


def text_of(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def shown_value(page: str) -> str:
    found = re.search(r"data-value>([^<]*)<", page)
    assert found
    return found.group(1).strip()


@pytest.mark.parametrize("code", CODES)
def test_page_csv_and_xlsx_say_the_same_number(lived: Town, code: str) -> None:
    leader = sign_in("leader", "330206005", lived.at)
    page = shown_value(text_of(leader.get(f"/figures/{code}")))
    lines = list(csv.reader(io.StringIO(
        b"".join(leader.get(f"/figures/{code}/file.csv")).decode("utf-8-sig"))))
    book = CalamineWorkbook.from_filelike(io.BytesIO(
        b"".join(leader.get(f"/figures/{code}/file.xlsx").streaming_content)))  # type: ignore[attr-defined]
    sheet = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    in_csv, in_sheet = lines[1][1], sheet[1][1]
    assert page == (in_csv or "—")
    assert (float(in_csv) if in_csv else "") == in_sheet
    assert len(lines) == len(sheet)


def test_a_count_is_the_number_of_its_rows(lived: Town) -> None:
    leader = sign_in("leader", "330206005", lived.at)
    page = text_of(leader.get("/figures/events.open"))
    assert shown_value(page) == "3" == str(page.count('scope="row" class="number"'))


def test_a_part_is_counted_from_its_own_rows(lived: Town) -> None:
    leader = sign_in("leader", "330206005", lived.at)
    assert shown_value(text_of(leader.get(
        "/figures/events.open?by=area&key=330206005001"))) == "1"
    assert shown_value(text_of(leader.get(
        f"/figures/events.open?by=holder&key={lived.build.id}"))) == "1"
    assert shown_value(text_of(leader.get("/figures/events.opened?by=kind&key=GB2021/E.05"))) == "5"


def test_figures_stop_at_the_readers_scope(lived: Town) -> None:
    cadre = sign_in("village_cadre", "330206005001", lived.at)
    assert shown_value(text_of(cadre.get("/figures/events.open"))) == "1"
    assert cadre.get("/figures/events.open/file.csv").status_code == 403
    worker = sign_in("grid_worker", "330206005", lived.at)
    assert worker.get("/figures/events.open").status_code == 403


@pytest.mark.parametrize("query", ["since=x", "since=2026-05-01&until=2026-01-01", "by=moon&key=1",
                                   "by=area&key=%27", "by=holder&key=1", "since=0001-01-01"])
def test_nonsense_is_told_not_crashed_on(lived: Town, query: str) -> None:
    leader = sign_in("leader", "330206005", lived.at)
    assert leader.get(f"/figures/events.open?{query}").status_code == 422


def test_the_cockpit_shows_every_figure_as_a_door(lived: Town) -> None:
    leader = sign_in("leader", "330206005", lived.at)
    page = text_of(leader.get("/cockpit/"))
    for metric in practices["events"].metrics:
        assert (f"/figures/{metric.code}?" in page) is metric.on_board


def test_formulas_in_a_title_stay_text(lived: Town) -> None:
    lived.open(title="=1+1")
    leader = sign_in("leader", "330206005", lived.at)
    text = b"".join(leader.get("/figures/events.open/file.csv")).decode()
    assert "'=1+1" in text
    assert ",=1+1" not in text


@pytest.mark.parametrize(("code", "is_now"), [
    ("events.open", True), ("events.overdue", True), ("events.closed", False)])
def test_what_there_is_now_has_no_period(lived: Town, code: str, is_now: bool) -> None:
    leader = sign_in("leader", "330206005", lived.at)
    page = text_of(leader.get(f"/figures/{code}?since=2026-01-01&until=2026-02-02"))
    file = b"".join(leader.get(
        f"/figures/{code}/file.csv?since=2026-01-01&until=2026-02-02")).decode()
    assert ("2026-01-01 至 2026-02-02" in page) is not is_now
    assert ("期间" in file) is not is_now
    assert page.count("截至") == 1
    assert "截至" in file


def test_a_unit_fits_its_number(lived: Town) -> None:
    leader = sign_in("leader", "330206005", lived.at)
    leader.cookies["language"] = "en"
    page = text_of(leader.get("/figures/events.open?by=area&key=330206005001"))
    assert "1<small> case</small>" in page
    assert "1 case</span>" in page
    assert "3<small> cases</small>" in text_of(leader.get("/figures/events.open"))


@pytest.mark.parametrize("code", CODES)
def test_parts_taken_in_one_walk_are_the_parts_taken_one_by_one(
    lived: Town, actor: Callable[..., Any], code: str,
) -> None:
    metric, reader = practices.metric(code), actor("leader")
    period = Period.month_of(timezone.localtime())
    rows = metric.rows(reader, period)
    parts = parts_of(metric, rows, {"by_area": F("area"), "by_state": F("state")},
                     {"area": lambda group: group["by_area"]}, period)
    assert parts.whole == figure_of(metric, rows, period)
    for area, found in parts.by["area"].items():
        assert found == figure_of(metric, rows.filter(area=area), period)
    assert sum(found.rows for found in parts.by["area"].values()) == parts.whole.rows
    assert parts_of(metric, rows, {}, {}, period).whole == parts.whole
