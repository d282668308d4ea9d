"""The grid worker's phone: whose visits, in which order, and steps that are made once."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from yiwang.kernel.cases.models import Case
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.models import Person, Term
from yiwang.kernel.people.rules import RESIDENT, Actor
from yiwang.kernel.records.files import store_photo
from yiwang.kernel.records.models import Attachment, TrailEntry
from yiwang.practices.events.actions import (
    FieldMove,
    Report,
    make_field_move,
    record_look,
    report_event,
)
from yiwang.practices.events.actions.where import Where
from yiwang.practices.events.queries.walk import days_walk

from .ground import EAST, IN_EAST, IN_WEST, RUBBISH, VILLAGE, WEST, lay_out, picture

pytestmark = pytest.mark.django_db
MakeActor = Callable[..., Actor]


@pytest.fixture(autouse=True)
def ground(at: datetime, settings: Any, tmp_path: Path) -> None:
    settings.FILES = tmp_path / "files"
    lay_out(at)


@pytest.fixture
def worker(actor: MakeActor) -> Actor:
    return actor("grid_worker", area=VILLAGE)


def checking(at: datetime, point: tuple[float, float] = IN_WEST) -> Case:
    case = report_event(Report(RUBBISH, Where(point=point), text="没人清"), by=RESIDENT, at=at)
    Case.objects.filter(id=case.id).update(state="checking", outcome_by="person/doer")
    case.refresh_from_db()
    return case


def test_visits_are_those_of_the_worker_s_own_cells(actor: MakeActor, at: datetime) -> None:
    checking(at, IN_WEST)
    east = checking(at, IN_EAST)
    day = days_walk(actor("grid_worker", area=EAST), at=at)
    assert [visit.id for visit in day.visits] == [east.id]
    assert days_walk(actor("grid_worker", area="330206005999"), at=at).visits == ()


def test_visits_stand_in_walking_order_with_their_metres(worker: Actor, at: datetime) -> None:
    line = [(121.861, 29.895), (121.879, 29.895), (121.867, 29.895), (121.873, 29.895)]
    cases = [checking(at, point) for point in line]
    day = days_walk(worker, at=at)
    order = [visit.id for visit in day.visits]
    along = [cases[index].id for index in (0, 2, 3, 1)]
    assert order in (along, along[::-1])
    assert day.metres == pytest.approx(1740, abs=10)
    assert sum(visit.metres for visit in day.visits) == pytest.approx(day.metres, abs=3)


def test_left_overs_come_back_on_their_day_until_looked_at(worker: Actor, at: datetime) -> None:
    case = checking(at)
    opinions = [{"done": "…", "look_again": "2026-03-12"}]
    Case.objects.filter(id=case.id).update(
        state="closed", is_open=False, closed_at=at, facts={"opinions": opinions}, due_at=None)
    assert days_walk(worker, at=at + timedelta(days=1)).visits == ()
    later = at + timedelta(days=2)
    assert [visit.action for visit in days_walk(worker, at=later).visits] == ["look"]
    record_look(case.id, seen="settled", by=worker, at=later)
    assert days_walk(worker, at=later + timedelta(days=1)).visits == ()


def test_what_falls_due_is_shown_once(worker: Actor, at: datetime) -> None:
    report_event(Report(RUBBISH, Where(point=IN_WEST), text="没人清"), by=RESIDENT, at=at)
    assert [visit.action for visit in days_walk(worker, at=at).visits] == ["due"]


def test_a_replayed_step_is_made_once_with_its_photo(worker: Actor, at: datetime) -> None:
    case = checking(at)
    photo = store_photo(picture(), name="a.jpg")
    asked = FieldMove(case.id, "pass", {"opinion": "干净"}, str(uuid4()), at, (photo,))
    for _ in range(3):
        assert make_field_move(asked, by=worker, at=at).state == "closed"
    verbs = TrailEntry.objects.filter(stream=f"case/{case.id}").values_list("verb", flat=True)
    assert list(verbs).count("pass") == 1
    assert Attachment.objects.get().stage == "pass"


def test_a_step_that_came_too_late_changes_nothing(worker: Actor, at: datetime) -> None:
    case = checking(at)
    make_field_move(FieldMove(case.id, "pass"), by=worker, at=at)
    late = FieldMove(case.id, "pass", once_key=str(uuid4()),
                     photos=(store_photo(picture("navy"), name="b.jpg"),))
    with pytest.raises(Refusal) as caught:
        make_field_move(late, by=worker, at=at)
    assert caught.value.code == "not_from_here"
    assert not Attachment.objects.exists()


def sign_in(client: Client, area: str = VILLAGE, role: str = "grid_worker") -> Person:
    person = Person.objects.create(account=f"{role}-{area}", name="网格员")
    Term.objects.create(person=person, role=role, area=area, since=date(2020, 1, 1))
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return person


def test_pages_need_a_role_and_a_case_in_reach(client: Client) -> None:
    case = checking(timezone.now(), IN_EAST)
    assert client.get("/phone").status_code == 302
    sign_in(client, area=WEST)
    assert client.get("/phone").status_code == 200
    assert client.get(f"/phone/case/{case.id}").status_code == 404
    sent = client.post("/phone/move", {"case": str(case.id), "move": "pass"})
    assert sent.status_code == 422
    case.refresh_from_db()
    assert case.state == "checking"


def test_a_visit_is_made_through_the_outbox_s_door(client: Client) -> None:
    person = sign_in(client)
    case = checking(timezone.now())
    page = client.get(f"/phone/case/{case.id}").content.decode()
    assert "核查通过" in page
    assert "阶段性闭环" in page
    wrong = client.post("/phone/move", {"case": str(case.id), "move": "send_back"})
    assert set(wrong.json()["wrong"]) == {"return_type", "reason"}
    fields = {"case": str(case.id), "move": "pass", "once_key": str(uuid4()),
              "who": f"person/{person.pk}"}
    assert [client.post("/phone/move", fields).status_code for _ in range(2)] == [200, 200]
    other = client.post("/phone/move", {**fields, "who": "person/other"})
    assert other.status_code == 401


@pytest.mark.parametrize("fields", [
    {}, {"case": "x"}, {"case": str(uuid4()), "move": "pass"}, {"move": "reject"},
])
def test_nonsense_is_never_a_500(client: Client, fields: dict[str, str]) -> None:
    sign_in(client)
    assert client.post("/phone/move", fields).status_code == 422


def test_a_signed_in_worker_s_report_counts_as_the_grid_s(client: Client) -> None:
    sign_in(client)
    client.post("/r/send", {"kind": RUBBISH, "spot": VILLAGE, "text": "巡查发现"})
    assert Case.objects.get().channel == "grid"


def test_the_day_costs_the_same_however_many_visits(
    client: Client, same_queries: Callable[..., int]
) -> None:
    sign_in(client)
    assert same_queries(lambda: checking(timezone.now()), lambda: client.get("/phone")) <= 16
