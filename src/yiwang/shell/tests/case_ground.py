"""A small town for the pages of cases: two offices, a room, people in every role, cases at will."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from django.test import Client
from django.utils.timezone import now

from yiwang.kernel.cases.models import Case, DispatchRule, Reporter
from yiwang.kernel.cases.moves import make_move
from yiwang.kernel.cases.names import forget_kinds
from yiwang.kernel.cases.opening import NewCase, open_case
from yiwang.kernel.cases.playbook_store import declare
from yiwang.kernel.people.models import Person, Team, Term
from yiwang.kernel.people.queries import actor_for
from yiwang.kernel.people.rules import SYSTEM, Actor
from yiwang.kernel.places.models import Unit
from yiwang.kernel.practice import practices
from yiwang.kernel.records.sealed import seal

TOWN, OTHER_TOWN = "330206005", "330206006"
CELL, OTHER_CELL = f"{TOWN}221002003", f"{OTHER_TOWN}001001001"
SINCE = date(2020, 1, 1)
BACKEND = "django.contrib.auth.backends.ModelBackend"
ROLES = ("dispatcher", "office", "works", "adjudicator", "leader", "stranger")
DONE = "11 月 22 日 14 时，两名工人到场清走垃圾两车并冲洗路面，现场已干净。"
_serial = count(1)


@dataclass
class Town:
    """The people by role, the teams, and ways to make cases."""

    people: dict[str, Person] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)

    def actor(self, who: str) -> Actor:
        return actor_for(self.people[who], date.today())  # noqa: DTZ011

    def client(self, who: str, language: str = "zh") -> Client:
        client = Client()
        client.force_login(self.people[who], backend=BACKEND)
        client.cookies["language"] = language
        return client

    def case(self, title: str = "霞浦中路积水", *, area: str = CELL, at: datetime | None = None,
             kind: str = "GB2021/E.05.06", **columns: Any) -> Case:
        new = NewCase("events", "event", "XP", kind, title, f"{title}，请处理", "resident", area,
                      {"longitude": 121.87, "latitude": 29.89, **columns})
        return open_case(new, by=SYSTEM, at=at or now() - timedelta(minutes=5))

    def assigned(self, team: str = "city", **more: Any) -> Case:
        case = self.case(**more)
        return make_move(case, "assign", by=self.actor("dispatcher"), at=now(),
                         given={"team": str(self.teams[team].id)})

    def working(self, team: str = "city", who: str = "office", **more: Any) -> Case:
        return make_move(self.assigned(team, **more), "accept", by=self.actor(who), at=now())

    def with_reporter(self, case: Case) -> Case:
        Reporter.objects.create(case=case, name_sealed=seal("张三丰"),
                                phone_sealed=seal("13812341234"))
        return case

    def rule(self, team: str = "city") -> DispatchRule:
        return DispatchRule.objects.create(number=next(_serial), practice="events",
                                           team=self.teams[team], since=SINCE)


def make_town() -> Town:
    """Units, teams, people and the playbooks; nothing is opened yet."""
    declare((book for practice in practices for book in practice.playbooks), by=SYSTEM, at=now())
    forget_kinds()
    Unit.objects.create(code=TOWN, name="霞浦街道", name_en="Xiapu")
    Unit.objects.create(code=f"{TOWN}221", name="霞南村", name_en="Xianan")
    Unit.objects.create(code=OTHER_TOWN, name="邻镇", name_en="Neighbour")
    town = Town()
    for code, name in (("city", "城建管理办公室"), ("works", "综合执法队"), ("room", "指挥室")):
        town.teams[code] = Team.objects.create(code=code, name=name, kind="office",
                                               unit_code=TOWN, since=SINCE)
    held = {"dispatcher": "room", "office": "city", "works": "works", "adjudicator": "room"}
    for who in ROLES:
        role = {"works": "office", "stranger": "dispatcher"}.get(who, who)
        area = OTHER_TOWN if who == "stranger" else TOWN
        town.people[who] = _person(who, role, area, town.teams.get(held.get(who, "")))
    return town


def _person(account: str, role: str, area: str, team: Team | None) -> Person:
    person = Person.objects.create(account=account, name=f"{account}员", unit_code=area,
                                   password_set_at=now())
    Term.objects.create(person=person, role=role, area=area, team=team, since=SINCE)
    return person


def outcome(**more: str) -> dict[str, str]:
    """What closes a case without a reviewer."""
    return {"result": "solved", "done": DONE, "for_person": "已电话答复，满意", **more}
