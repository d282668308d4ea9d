"""A town with people who have keys of their own, and short ways to ask the API as them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.utils.timezone import localtime, now

from yiwang.kernel.cases import names
from yiwang.kernel.cases.tests.town import TOWN, Town, make_town
from yiwang.kernel.people.key_scopes import SCOPES
from yiwang.kernel.people.keys import make_own_key
from yiwang.kernel.people.models import Person, Term
from yiwang.kernel.people.queries import actor_for
from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.places.actions import draw_cell
from yiwang.kernel.places.models import Place, Unit
from yiwang.practices.events.kinds import seed_kinds

V1 = "/api/v1"
OWN = [code for code, scope in SCOPES.items() if scope.own]
ROLES = {"desk": "dispatcher", "build": "office", "police": "office", "worker": "grid_worker",
         "head": "adjudicator", "sys": "system_admin"}


@dataclass
class Caller:
    """A key and the language its program reads; each call gives status, body and headers."""

    secret: str
    language: str = "zh"
    client: Client = field(default_factory=Client)

    def get(self, path: str, status: int = 200, **query: Any) -> Any:
        return self._told(self.client.get(V1 + path, query, headers=self._headers()), status)

    def post(self, path: str, body: object, status: int = 200, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.client.post(V1 + path, json.dumps(body), "application/json",
                                  headers={**self._headers(), **named})
        return self._told(answer, status)

    def upload(self, path: str, files: list[Any], status: int = 201, **form: str) -> Any:
        answer = self.client.post(V1 + path, {"files": files, **form}, headers=self._headers())
        return self._told(answer, status)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}", "Accept-Language": self.language}

    def _told(self, answer: Any, status: int) -> Any:
        assert answer.status_code == status, answer.content.decode()
        wanted = "application/problem+json" if status >= 400 else "application/json"
        assert answer["Content-Type"].startswith(wanted)
        body = json.loads(answer.content)
        self.headers = answer.headers
        return body


def ground(actor: Any) -> Town:
    """The town with its classes, units, a cell and a place."""
    names.forget_kinds()
    seed_kinds(by=SYSTEM, at=now())
    Unit.objects.create(code=TOWN, name="霞浦街道", name_en="Xiapu")
    Unit.objects.create(code=f"{TOWN}221", name="霞南村", name_en="Xianan")
    draw_cell(code=f"{TOWN}221001", name="霞南 1", since=date(2020, 1, 1), by=SYSTEM, at=now(),
              geometry={"type": "Polygon", "coordinates": [[
                  [121.86, 29.88], [121.88, 29.88], [121.88, 29.90], [121.86, 29.90],
                  [121.86, 29.88]]]})
    Place.objects.create(name="霞南菜场", name_en="Xianan market", kind="market",
                         area=f"{TOWN}221001", longitude=121.87, latitude=29.89)
    town = make_town(localtime() - timedelta(minutes=20), actor)
    for name, role in ROLES.items():
        team = {"build": town.build, "police": town.police}.get(name)
        person = Person.objects.create(account=name, name=f"{name} 某", unit_code=TOWN)
        Term.objects.create(person=person, role=role, area=TOWN, team=team,
                            since=date(2020, 1, 1))
        town.people[name] = actor_for(person, localtime().date())
    return town


def caller(who: str, scopes: Iterable[str] = (), **more: Any) -> Caller:
    """Somebody's own key; without scopes named, with all of them."""
    person = Person.objects.get(account=who)
    by = actor_for(person, localtime().date())
    key, secret = make_own_key(person, "试", list(scopes) or OWN, by=by, at=now())
    key.hourly = more.pop("hourly", 100_000)
    key.save()
    return Caller(secret, **more)
