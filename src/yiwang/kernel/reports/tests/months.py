"""Two months lived by a small town, to report on: late, returned, refused, excused, merged."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.tests.town import CLEAR, TOWN, Town, make_town
from yiwang.kernel.people.models import Person, Term
from yiwang.kernel.places.models import Unit

MONTH = "2026-03"
LATER = timedelta(hours=1)


def lived(at: datetime, actor: Callable[..., Any]) -> Town:
    """Cases closed in February and in March, the month of ``at``, and one still open."""
    Unit.objects.create(code=TOWN, name="霞浦街道", name_en="Xiapu Sub-district")
    Unit.objects.create(code=TOWN + "221", name="霞南村", name_en="Xianan Village")
    town = make_town(at.replace(month=1, day=20), actor)
    town.closed()
    town.at = at.replace(month=2)
    for _ in range(2):
        town.closed()
    town.at = at
    town.closed()
    for kind in ("half_way", "half_way", "wrong"):
        sent_back(town, kind)
    Case.objects.filter(pk=town.closed().pk).update(late=True)
    Case.objects.filter(pk=town.closed().pk).update(late=True, late_excused=True)
    refused(town)
    town.open(area=TOWN + "001001001", channel="hotline")
    return town


def sent_back(town: Town, kind: str) -> Any:
    """A case that a check sent back once."""
    case = town.checking()
    town.move(case, "send_back", "worker", return_type=kind, reason="现场仍有残留")
    town.move(case, "submit", "build", at=town.at + LATER, **CLEAR)
    return town.move(case, "pass", "worker", at=town.at + 2 * LATER)


def refused(town: Town) -> Any:
    """A case that the first team refused, and another closed."""
    case = town.assigned()
    town.move(case, "refuse", "build", clause="duty", team=str(town.police.id), reason="不归本办")
    town.move(case, "assign", "desk", team=str(town.police.id))
    town.move(case, "submit", "police", **CLEAR)
    return town.move(case, "pass", "worker")


def person(role: str, area: str = TOWN, team: Any = None) -> Person:
    """Somebody who may be signed in as."""
    made = Person.objects.create(account=f"{role}{area}", name="顾书记", unit_code=TOWN)
    Term.objects.create(person=made, role=role, area=area, team=team, since=date(2020, 1, 1))
    return made
