"""Verbs about teams: offices, task forces, committees."""

import re
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.models import Team
from yiwang.kernel.people.rules import Actor
from yiwang.kernel.records import trail

from .checks import check_reach, checked_name
from .persons import checked_unit

_CODE = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
LONGEST_TEAM_NAME = 80  # people.models.Team.name


@transaction.atomic
def add_team(
    *, code: str, name: str, kind: str, unit_code: str, since: date, name_en: str = "",
    until: date | None = None, by: Actor, at: datetime,
) -> Team:
    """Set up a team of a unit from a day on; ``until`` is its last day where that is known."""
    unit = checked_unit(unit_code)
    check_reach(by, "people.edit", unit)
    if until is not None and until < since:
        raise Refusal("ends_before_start", ENDS_BEFORE_START, field="until")
    team = Team.objects.create(
        code=_checked_code(code), name=checked_name(name, most=LONGEST_TEAM_NAME),
        name_en=" ".join(name_en.split())[:120], kind=_checked_kind(kind), unit_code=unit,
        since=since, until=until,
    )
    trail.append(
        f"team/{team.pk}", verb="team_added", by=by.ref, at=at,
        changes={"code": team.code, "name": team.name, "name_en": team.name_en, "kind": kind,
                 "unit_code": unit, "since": since, "until": until},
    )
    return team


@transaction.atomic
def close_team(team: Team, *, last_day: date | None = None, by: Actor, at: datetime) -> Team:
    """End a team after its ``last_day`` (today if not said); its terms count no longer then."""
    team = Team.objects.select_for_update().get(pk=team.pk)
    check_reach(by, "people.edit", team.unit_code)
    day = last_day or localdate(at)
    if day < team.since:
        raise Refusal("ends_before_start", ENDS_BEFORE_START, field="last_day")
    team.until = day
    team.save(update_fields=["until"])
    trail.append(f"team/{team.pk}", verb="team_closed", by=by.ref, at=at, changes={"until": day})
    return team


ENDS_BEFORE_START = Words("结束日不能早于开始日。", "The last day cannot be before the first.")


def _checked_kind(kind: str) -> str:
    if kind not in Team.Kind.values:
        raise Refusal(
            "no_such_kind", Words("请选择机构类别。", "Choose a kind of team."), field="kind"
        )
    return kind


def _checked_code(code: str) -> str:
    tidy = code.strip().lower()
    if not _CODE.fullmatch(tidy):
        raise Refusal(
            "code_malformed",
            Words("代码为 2–40 位小写字母、数字和 . _ -。",
                  "A code has 2–40 small letters, digits and . _ -."),
            field="code",
        )
    if Team.objects.filter(code=tidy).exists():
        raise Refusal(
            "code_taken",
            Words("代码“{code}”已有机构用。", "The code “{code}” is taken.").filled(code=tidy),
            field="code",
        )
    return tidy
