"""Reads of reports: a person's own drafts, and what is issued for the areas they see."""

from django.db.models import Q, QuerySet

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.names import TOWN, VILLAGE, unit_words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.queries import scope_filter, within
from yiwang.kernel.people.rules import Actor
from yiwang.kernel.people.scopes import widest
from yiwang.kernel.places.models import Unit

from .models import MonthlyReport
from .names import area_called

MOST_AREAS = 400  # units offered in a list; a county has fewer


def reports_seen(actor: Actor, practice: str) -> QuerySet[MonthlyReport]:
    """Newest first. What is issued tells of every unit of its area: a team alone does not see it.
    """
    wide = Actor(actor.ref, actor.name,
                 tuple(grant for grant in actor.grants if grant.team is None))
    issued = scope_filter(wide, "figures.view", practice, area_field="area")
    own = Q(asked_by=actor.ref) & ~Q(state=MonthlyReport.State.ISSUED)
    issued &= Q(state=MonthlyReport.State.ISSUED)
    return MonthlyReport.objects.filter(own | issued, practice=practice).order_by("-id")


def areas_offered(actor: Actor, practice: str) -> list[tuple[str, Words]]:
    """Units a reader may have a report of: where their roles reach, and the units below."""
    held = widest({grant.area for grant in actor.grants if "figures.view" in grant.capabilities
                   and grant.practice in ("", practice)})
    found = {area: area_called(area) for area in held}
    below = Q(pk__in=())
    for area in held:
        below |= within(area, "code")
    for unit in Unit.objects.filter(below).order_by("code")[:MOST_AREAS]:
        if len(unit.code) in (TOWN, VILLAGE):
            found.setdefault(unit.code, unit_words(unit))
    return sorted(found.items())


def the_town() -> str:
    """The one town or sub-district of this instance; raises ``Refusal`` where there are more."""
    towns = [code for code in Unit.objects.order_by("code").values_list("code", flat=True)
             if len(code) == TOWN]
    if len(towns) == 1:
        return towns[0]
    raise Refusal(
        "which_area", Words("要说明是哪个单位：{codes}", "Say which unit: {codes}").filled(
            codes=", ".join(towns[:10]) or "—"), Words("用 --area。", "Use --area."), field="area")
