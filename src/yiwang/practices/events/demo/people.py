"""Teams, people with their roles, and the dispatch rules of the demo town."""

from datetime import date, datetime

from yiwang.kernel.cases.models import DispatchRule
from yiwang.kernel.people.actions.persons import add_person
from yiwang.kernel.people.actions.teams import add_team
from yiwang.kernel.people.actions.terms import grant_term
from yiwang.kernel.people.models import Team
from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.records import trail

from .words import PEOPLE, RULES, TEAMS

TOWN = "330206005"
SINCE = date(2020, 1, 1)
PASSWORD = "yiwang-demo-2026"


def settle_people(*, at: datetime) -> None:
    """Teams and people through the ordinary actions, then the rules."""
    teams = {
        code: add_team(code=code, name=name, name_en=name_en, kind=kind, unit_code=TOWN,
                       since=SINCE, by=SYSTEM, at=at)
        for code, name, name_en, kind in TEAMS
    }
    for account, name, role, team, area in PEOPLE:
        person = add_person(account=account, name=name, unit_code=TOWN, by=SYSTEM, at=at)
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])
        grant_term(person, role=role, area=area, team=teams.get(team), since=SINCE, by=SYSTEM,
                   at=at)
    _rules(teams, at=at)


def _rules(teams: dict[str, Team], *, at: datetime) -> None:
    rows = [
        DispatchRule(number=number, practice="events", kind=kind, area=area, hours=hours,
                     rank=50 if hours == "off" else 100, team=teams[team], since=SINCE,
                     source="示例 / example")
        for number, (kind, area, hours, team) in enumerate(RULES, start=1)
    ]
    DispatchRule.objects.bulk_create(rows)
    trail.append("dispatch/events", verb="settle", by=SYSTEM.ref, at=at,
                 changes={"rules": len(rows)})
