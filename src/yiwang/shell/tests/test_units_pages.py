"""Units: a 街道 is no 镇; what it may do follows its kind and its own power list, by the day."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localdate

from yiwang.kernel.people.models import Person, Term
from yiwang.kernel.places.models import Power, Unit, UnitType
from yiwang.kernel.places.queries import has_power, unit_kind
from yiwang.kernel.records.models import TrailEntry

pytestmark = pytest.mark.django_db
XIAPU = "330206005"
ORDER = "demolition.order"
POWER: dict[str, Any] = {"power": ORDER, "since": "2024-01-01", "until": "", "source": "赋权清单"}


@pytest.fixture(autouse=True)
def ground() -> None:
    unit = Unit.objects.create(code=XIAPU, name="霞浦街道", name_en="Xiapu")
    Unit.objects.create(code="330206006", name="别处")
    UnitType.objects.create(unit=unit, kind="town", since=date(1984, 1, 1),
                            until=date(2002, 12, 31), source="page")
    UnitType.objects.create(unit=unit, kind="subdistrict", since=date(2003, 1, 1), source="page")
    Power.objects.create(code=ORDER, unit_kind="town", since=date(2000, 1, 1), source="法")


def sign_in(role: str) -> Client:
    person = Person.objects.create(account=role, name="Lu")
    Term.objects.create(person=person, role=role, area=XIAPU, since=date(2020, 1, 1))
    client = Client()
    client.force_login(person)
    return client


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_the_powers_of_a_day_are_those_of_its_kind_then() -> None:
    client = sign_in("dispatcher")
    assert "别处" not in page(client, "/units")
    assert "这一天它没有登记的权力" in page(client, f"/units/{XIAPU}")
    assert "类型：镇" in page(client, f"/units/{XIAPU}?on=2001-01-01")
    assert client.get("/units/330206006").status_code == 404


def test_a_power_of_its_own_is_conferred_and_withdrawn() -> None:
    client = sign_in("adjudicator")
    assert client.post(f"/units/{XIAPU}/power", POWER).status_code == 302
    assert "权力清单" in page(client, f"/units/{XIAPU}")
    assert has_power(XIAPU, ORDER, localdate())
    answer = client.post(f"/units/{XIAPU}/power", {**POWER, "since": "2025-01-01"})
    assert answer.status_code == 422
    assert "与已有的一项同期" in answer.content.decode()
    row = Power.objects.get(unit=XIAPU)
    last = localdate() - timedelta(days=1)
    ended = client.post(f"/units/{XIAPU}/power/{row.pk}/end", {"last_day": last.isoformat()})
    assert ended.status_code == 302
    assert not has_power(XIAPU, ORDER, localdate())
    assert has_power(XIAPU, ORDER, last)
    assert TrailEntry.objects.filter(stream=f"unit/{XIAPU}").count() == 2


def test_another_kind_begins_on_its_day_and_takes_its_powers_along() -> None:
    client = sign_in("adjudicator")
    sent = {"kind": "town", "since": "2026-01-01", "source": "批复"}
    assert client.post(f"/units/{XIAPU}/kind", sent).status_code == 302
    assert unit_kind(XIAPU, date(2025, 12, 31)) == "subdistrict"
    assert has_power(XIAPU, ORDER, date(2026, 1, 1))
    again = client.post(f"/units/{XIAPU}/kind", {**sent, "since": "2026-02-01"})
    assert "已经是这一类" in again.content.decode()
    early = client.post(f"/units/{XIAPU}/kind", {**sent, "kind": "county", "since": "2000-01-01"})
    assert early.status_code == 422


@pytest.mark.parametrize("path", ["kind", "power"])
def test_only_who_edits_cells_there_changes_it(path: str) -> None:
    assert sign_in("dispatcher").get(f"/units/{XIAPU}/{path}").status_code == 403
    assert sign_in("adjudicator").get(f"/units/330206006/{path}").status_code == 403
