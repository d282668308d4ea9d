"""Somebody signed in who carries out more than work asks for is slowed, in words."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils.timezone import now

from yiwang.kernel.people import actions
from yiwang.kernel.people.models import Person
from yiwang.kernel.people.rules import SYSTEM, Actor
from yiwang.kernel.people.sign_in_rules import LOOKS_PACE, TAKEN_PACE
from yiwang.kernel.records.models import TrailEntry
from yiwang.kernel.records.pace import keep_pace

pytestmark = pytest.mark.django_db
FILE = "/figures/events.open/file.csv"


def spend(pace: str, person: Person) -> None:
    """All but one of an hour's."""
    one = {"taken": TAKEN_PACE, "looks": LOOKS_PACE}[pace]
    for _ in range(one.most - 1):
        keep_pace(one, f"person/{person.pk}", at=now())


@pytest.mark.parametrize(("language", "said"), [("zh", "您导出的文件太多了（60 分钟内最多 60 次）"),
                                                ("en", "You took too many files (at most 60 in")])
def test_files_of_an_hour_are_counted_for_each_person(
    enter: Callable[..., Client], language: str, said: str
) -> None:
    client, other = enter("leader", language=language), enter("dispatcher")
    spend("taken", Person.objects.get(account__startswith="leader"))
    assert client.get(FILE).status_code == 200
    refused = client.get(FILE)
    assert refused.status_code == 429
    assert said in refused.content.decode()
    assert "110" not in refused.content.decode()
    assert client.get("/figures/events.open").status_code == 200, "looking goes on"
    assert other.get(FILE).status_code == 200, "somebody else is not in the way"
    assert TrailEntry.objects.filter(verb="rows_exported").count() == 2


def test_files_of_the_trail_count_with_them(enter: Callable[..., Client]) -> None:
    client = enter("auditor")
    spend("taken", Person.objects.get(account__startswith="auditor"))
    assert client.get("/audit.csv").status_code == 200
    assert client.get("/audit.csv").status_code == 429


def test_looks_at_numbers_are_counted(enter: Callable[..., Client], person: Person) -> None:
    client = enter("system_admin")
    spend("looks", Person.objects.get(account__startswith="system"))
    actions.change_person(person, name=person.name, unit_code=person.unit_code,
                          phone="13812341234", by=SYSTEM, at=now())
    address = f"/people/{person.pk}/phone"
    assert "13812341234" in client.post(address).content.decode()
    refused = client.post(address)
    assert refused.status_code == 429
    assert "13812341234" not in refused.content.decode()


def test_one_s_own_number_is_no_look_at_another(person: Person) -> None:
    actions.change_person(person, name=person.name, unit_code=person.unit_code,
                          phone="13812341234", by=SYSTEM, at=now())
    spend("looks", person)
    me = Actor(f"person/{person.pk}")
    assert {actions.show_phone(person, by=me, at=now()) for _ in range(3)} == {"13812341234"}
