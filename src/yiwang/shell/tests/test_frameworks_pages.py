"""Frameworks through their doors: what is shown, changed and refused, and work by track."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate, localtime, now

from yiwang.kernel.cases import names
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.tests.town import TOWN, Town, make_town
from yiwang.kernel.frameworks.actions import stamp_of
from yiwang.kernel.frameworks.models import FrameworkMember, KindTrack
from yiwang.kernel.frameworks.queries import forget_tracks
from yiwang.kernel.frameworks.shipped import seed_frameworks
from yiwang.kernel.people.models import Person, Term
from yiwang.kernel.people.rules import SYSTEM
from yiwang.practices.events.kinds import seed_kinds

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MEMBER = {"code": "sz", "slot": "1", "name": "数智", "name_en": "digital", "is_track": "on",
          "source": "会议"}


@pytest.fixture
def town(actor: Callable[..., Any]) -> Town:
    names.forget_kinds()
    forget_tracks()
    seed_frameworks(by=SYSTEM, at=now())
    seed_kinds(by=SYSTEM, at=now())
    return make_town(localtime() - timedelta(minutes=20), actor)


def sign_in(role: str) -> Client:
    person = Person.objects.create(account=role, name="Lu")
    Term.objects.create(person=person, role=role, area=TOWN, since=date(2020, 1, 1))
    client = Client()
    client.force_login(person)
    return client


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_each_version_shows_the_names_of_its_day(town: Town) -> None:
    client = sign_in("dispatcher")
    page = text_of(client, "/frameworks?code=141")
    assert "平安法治" in page
    assert "综治工作" not in page
    assert ">141<" in page
    page = text_of(client, "/frameworks?code=141&on=2021-12-31")
    assert "综治工作" in page
    assert "平安法治" not in page
    assert ">1612<" in text_of(client, "/frameworks?code=152")
    assert "没有跑道的类别" not in page
    assert client.get("/frameworks?code=none").status_code == 404


def test_a_gap_is_named(town: Town) -> None:
    KindTrack.objects.filter(kind="XP").delete()
    page = text_of(sign_in("dispatcher"), "/frameworks?code=141")
    assert "没有跑道的类别" in page
    assert "民生服务" in page


def test_the_head_of_the_room_adds_renames_and_maps(town: Town) -> None:
    client, today = sign_in("adjudicator"), localdate()
    sent = {**MEMBER, "since": str(today), "seen": str(stamp_of("141"))}
    assert client.post("/frameworks/141/member", sent).status_code == 302
    put = {"kind": "XP/E.97", "member": "sz", "since": str(today), "source": "会议",
           "seen": str(stamp_of("141"))}
    assert client.post("/frameworks/141/track", put).status_code == 302
    case = town.open(kind="XP/E.97.99")
    assert "数智" in text_of(client, reverse("case-detail", args=[case.pk]))


def test_a_form_sent_twice_or_late_keeps_the_typing(town: Town) -> None:
    client = sign_in("adjudicator")
    sent = {**MEMBER, "since": str(localdate()), "seen": str(stamp_of("141"))}
    assert client.post("/frameworks/141/member", sent).status_code == 302
    answer = client.post("/frameworks/141/member", {**sent, "name": "数园"})
    assert answer.status_code == 409
    assert 'value="数园"' in answer.content.decode()
    assert FrameworkMember.objects.filter(code="sz").count() == 1


def test_the_end_of_a_track_with_kinds_on_it_is_refused_at_its_field(town: Town) -> None:
    client = sign_in("adjudicator")
    path = "/frameworks/141/member/pa/end"
    sent = {"last_day": str(localdate()), "source": "会议", "seen": str(stamp_of("141"))}
    answer = client.post(path, sent)
    assert answer.status_code == 422
    assert "还有" in answer.content.decode()
    assert FrameworkMember.objects.get(code="pa").until is None


@pytest.mark.parametrize("path", ["member", "track", "member/pa/end"])
def test_others_cannot_change_it(town: Town, path: str) -> None:
    assert sign_in("dispatcher").get(f"/frameworks/141/{path}").status_code == 403


def test_the_desk_is_narrowed_by_track(town: Town) -> None:
    sudden, service = town.open(kind="GB2021/E.05.06"), town.open(kind="XP/E.97.99")
    client = sign_in("dispatcher")
    page = text_of(client, "/events/?tab=open&track=141/pa")
    assert sudden.number in page
    assert service.number not in page
    assert "不认得" in text_of(client, "/events/?tab=open&track=141/none")


def test_a_case_counts_on_the_track_of_its_day(town: Town) -> None:
    """One number by track: on the cockpit, on its page, in its rows."""
    town.open(kind="GB2021/E.05.06"), town.open(kind="GB2021/E.05.06"), town.open(kind="XP/E.97.99")
    older = town.open(kind="GB2021/E.05.06")
    Case.objects.filter(pk=older.pk).update(opened_at=now() - timedelta(days=365 * 6))
    client = sign_in("leader")
    board = text_of(client, "/cockpit/")
    found = re.search(r'href="([^"]*events\.open\?[^"]*by=track[^"]*pa[^"]*)"[^>]*>\s*(\d+)', board)
    assert found
    assert found[2] == "2"
    rows = text_of(client, found[1].replace("&amp;", "&"))
    assert "平安法治" in rows
    assert older.number not in rows
    assert re.search(r"data-value>\s*2\s*<", rows)
    old = text_of(client, "/figures/events.open?by=track&key=141/zf")
    assert "综合执法" in old
    assert older.number in old


def test_what_stands_on_no_track_opens_into_its_rows(town: Town) -> None:
    KindTrack.objects.filter(kind="XP").delete()
    lost = town.open(kind="XP/E.97.99")
    town.open(kind="GB2021/E.05.06")
    client = sign_in("leader")
    found = re.search(r'href="([^"]*events\.open\?[^"]*by=track[^"]*key=141%2F)"',
                      text_of(client, "/cockpit/"))
    assert found
    rows = text_of(client, found[1].replace("&amp;", "&"))
    assert lost.number in rows
    assert "没有跑道" in rows
    assert re.search(r"data-value>\s*1\s*<", rows)
    assert client.get("/figures/events.open?by=track&key=none").status_code == 422
