"""A small town to run cases in: the event playbook, a desk, two offices and their people."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from yiwang.kernel.cases.moves import make_move
from yiwang.kernel.cases.opening import NewCase, open_case
from yiwang.kernel.cases.playbook_store import declare, load
from yiwang.kernel.people.models import Team
from yiwang.kernel.people.rules import SYSTEM, Actor
from yiwang.practices.events.states import EVENT

TOWN = "330206005"
CLEAR = {"result": "solved", "done": "城建办李工 10:05 到场清扫路面并疏通雨水口，积水已退",
         "for_person": "路面已可通行", "photo": []}


@dataclass
class Town:
    """Teams and people by name, and short ways to open and move a case."""

    at: datetime
    build: Team
    police: Team
    make: Callable[..., Actor]
    people: dict[str, Actor] = field(default_factory=dict)

    def open(self, **columns: Any) -> Any:
        new = NewCase("events", "event", "XP", "GB2021/E.05.06", "霞浦中路积水", "人行道积水",
                      "grid", TOWN + "221001002", columns)
        return open_case(new, by=self.people["worker"], at=self.at)

    def move(self, case: Any, code: str, who: str, **given: Any) -> Any:
        return make_move(case, code, by=self.people[who], at=given.pop("at", self.at), given=given)

    def assigned(self) -> Any:
        return self.move(self.open(), "assign", "desk", team=str(self.build.id))

    def checking(self) -> Any:
        return self.move(self.assigned(), "submit", "build", **CLEAR)

    def closed(self) -> Any:
        return self.move(self.checking(), "pass", "worker")


def make_town(at: datetime, actor: Callable[..., Actor]) -> Town:
    """The town, on a migrated database."""
    load.cache_clear()
    declare([EVENT], by=SYSTEM, at=at)
    teams = [
        Team.objects.create(code=code, name=name, kind="office", unit_code=TOWN,
                            since=date(2020, 1, 1))
        for code, name in (("build", "城建管理办公室"), ("police", "平安科"))
    ]
    town = Town(at, teams[0], teams[1], actor)
    town.people = {
        "worker": actor("grid_worker", area=TOWN + "221"),
        "desk": actor("dispatcher"),
        "head": actor("adjudicator"),
        "leader": actor("leader"),
        "build": actor("office", team=teams[0].id),
        "police": actor("office", team=teams[1].id),
    }
    return town
