"""Reporting: where it lands, once only, what is refused at which field, and what is kept sealed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from yiwang.algorithms.coordinates import wgs84_to_gcj02
from yiwang.kernel.cases.models import Case, Reporter
from yiwang.kernel.cases.needs import Incomplete
from yiwang.kernel.people.rules import RESIDENT
from yiwang.kernel.records.files import store_photo
from yiwang.kernel.records.models import Attachment, TrailEntry
from yiwang.kernel.records.sealed import unseal
from yiwang.kernel.records.trail import broken_links
from yiwang.practices.events.actions import Report, report_event, report_me_too
from yiwang.practices.events.actions.where import Where
from yiwang.practices.events.queries.nearby import similar_cases
from yiwang.practices.events.rules import initials, is_phone

from .ground import (
    DISPUTE,
    EAST,
    IN_EAST,
    IN_WEST,
    OUTSIDE,
    RUBBISH,
    TOWN,
    VILLAGE,
    WEST,
    lay_out,
    picture,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ground(at: datetime, settings: Any, tmp_path: Path) -> None:
    settings.FILES = tmp_path / "files"
    lay_out(at)


@pytest.fixture
def plain() -> Report:
    return Report(RUBBISH, Where(point=IN_WEST), text="菜场东门垃圾三天没人清")


def wrong(report: Report, at: datetime) -> dict[str, str]:
    with pytest.raises(Incomplete) as caught:
        report_event(report, by=RESIDENT, at=at)
    assert not Case.objects.exists()
    return {name: words.en for name, words in caught.value.wrong.items()}


def test_a_report_becomes_a_case_in_its_cell(plain: Report, at: datetime) -> None:
    case = report_event(plain, by=RESIDENT, at=at)
    assert (case.area, case.state, case.channel) == (WEST, "reported", "resident")
    assert case.number == "XP-2026-000001"
    assert case.title == "暴露生活垃圾：菜场东门垃圾三天没人清"
    assert len(case.follow_code) == 10
    assert case.due_at is not None


def test_the_same_key_is_one_case(plain: Report, at: datetime) -> None:
    once = replace(plain, once_key=str(uuid4()),
                   photos=(store_photo(picture(), name="a.jpg"),))
    first, again = (report_event(once, by=RESIDENT, at=at) for _ in range(2))
    assert first.id == again.id
    assert Case.objects.count() == 1
    assert Attachment.objects.count() == 1


def test_points_of_other_datums_land_in_the_right_cell(plain: Report, at: datetime) -> None:
    there = wgs84_to_gcj02(121.8699, 29.895)  # read as WGS-84 it would lie in the eastern cell
    case = report_event(replace(plain, where=Where(point=there, datum="gcj02")),
                        by=RESIDENT, at=at)
    assert case.area == WEST
    assert (case.original_x, case.original_y) == there
    assert case.longitude == pytest.approx(121.8699, abs=1e-6)


def test_the_distance_from_fix_to_tapped_point_is_kept_in_metres(
    plain: Report, at: datetime
) -> None:
    case = report_event(replace(plain, where=Where(point=IN_WEST, gps=IN_EAST)),
                        by=RESIDENT, at=at)
    assert case.gps_metres == pytest.approx(966, abs=2)


@pytest.mark.parametrize(("spot", "area"), [(VILLAGE, VILLAGE), (TOWN, TOWN)])
def test_a_village_can_be_chosen_instead_of_a_point(
    plain: Report, at: datetime, spot: str, area: str
) -> None:
    case = report_event(replace(plain, where=Where(spot=spot)), by=RESIDENT, at=at)
    assert (case.area, case.longitude) == (area, None)


def test_outside_the_town_is_said_and_may_be_sent_without_a_place(
    plain: Report, at: datetime
) -> None:
    far = replace(plain, where=Where(point=OUTSIDE))
    assert wrong(far, at)["place"].startswith("This point lies outside the town.")
    sent = report_event(replace(far, where=Where(point=OUTSIDE, anywhere=True)),
                        by=RESIDENT, at=at)
    assert (sent.area, sent.longitude, sent.datum) == (TOWN, None, "")


@pytest.mark.parametrize(("change", "field"), [
    ({"kind": ""}, "kind"), ({"kind": "GB2021/E.77"}, "kind"), ({"text": " \x00\n "}, "text"),
    ({"text": "字" * 10_001}, "text"), ({"address": "路" * 201}, "address"),
    ({"phone": "no number"}, "phone"), ({"name": "名" * 61}, "name"), ({"where": Where()}, "place"),
    ({"where": Where(spot="330299999")}, "place"), ({"where": Where(spot="place:x")}, "place"),
])
def test_what_is_wrong_is_said_at_its_field(
    plain: Report, at: datetime, change: dict[str, Any], field: str
) -> None:
    assert list(wrong(replace(plain, **change), at)) == [field]


def test_ten_thousand_characters_emoji_and_rare_characters_survive(
    plain: Report, at: datetime
) -> None:
    text = "𠮷野家门前🗑️👨‍👩‍👧 \u202bعربي" + "字" * 9_970
    case = report_event(replace(plain, text=f"{text}\x07\r\n"), by=RESIDENT, at=at)
    case.refresh_from_db()
    assert case.text == text


def test_name_and_phone_are_sealed_apart_from_the_case(plain: Report, at: datetime) -> None:
    case = report_event(replace(plain, name="王五", phone="13800001234"), by=RESIDENT, at=at)
    reporter = Reporter.objects.get(case=case)
    assert unseal(reporter.phone_sealed) == "13800001234"
    assert b"13800001234" not in bytes(reporter.phone_sealed)
    said = str(list(TrailEntry.objects.values_list("changes", "note")))
    assert "13800001234" not in said
    assert "王五" not in said


def test_photos_stand_in_the_trail_by_digest_and_the_chain_holds(
    plain: Report, at: datetime
) -> None:
    photo = store_photo(picture(), name="a.jpg")
    case = report_event(replace(plain, text="", photos=(photo,)), by=RESIDENT, at=at)
    entries = list(TrailEntry.objects.filter(stream=f"case/{case.id}").order_by("seq"))
    assert [entry.verb for entry in entries] == ["open", "attach"]
    assert photo.stored_digest in str(entries[1].note)
    assert not broken_links(entries)


def test_similar_cases_are_near_of_the_same_kind_and_not_private(
    plain: Report, at: datetime
) -> None:
    report_event(plain, by=RESIDENT, at=at)
    report_event(replace(plain, where=Where(point=IN_EAST)), by=RESIDENT, at=at)
    report_event(replace(plain, kind=DISPUTE), by=RESIDENT, at=at)
    near = similar_cases(RUBBISH, IN_WEST[0] + 0.0005, IN_WEST[1], at=at)
    assert [one.metres for one in near] == [39]  # from the middle of a 50-metre square
    assert similar_cases(DISPUTE, *IN_WEST, at=at) == []


def test_me_too_is_joined_and_not_counted(plain: Report, at: datetime) -> None:
    same = report_event(plain, by=RESIDENT, at=at)
    mine = report_me_too(same.id, by=RESIDENT, at=at)
    assert (mine.state, mine.merged_into_id, mine.counted) == ("merged", same.id, False)
    assert mine.follow_code != same.follow_code
    assert mine.text == ""


def test_the_cell_counts_on_the_day(plain: Report, at: datetime) -> None:
    assert report_event(replace(plain, where=Where(point=IN_EAST)), by=RESIDENT, at=at).area == EAST


@pytest.mark.parametrize(("name", "letters"), [
    ("Xiapu Sub-district", "XP"), ("Tangqi Town", "TQ"), ("Hongqiao Town", "HQ"),
    ("Maqiao Sub-district", "MQ"), ("Zhangjiakou", "ZJK"), ("", "SJ"),
])
def test_numbers_begin_with_the_town_s_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


@pytest.mark.parametrize(("text", "good"), [
    ("13800001234", True), ("0574-8678 1234", True), ("+86 138 0000 1234", True), ("110", False),
    ("abc", False), ("12345678901234567890123", False),
])
def test_what_can_be_a_phone_number(text: str, good: bool) -> None:
    assert is_phone(text) is good


def test_a_report_costs_few_queries(
    plain: Report, at: datetime, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    with django_assert_max_num_queries(30):
        report_event(plain, by=RESIDENT, at=at)
