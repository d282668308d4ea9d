"""Reads of cases: always through the reader's scope, always along an index.

A scope is an area range and, for some, a team. SQLite takes either for narrow, gathers all of it
by its index and sorts, even where the scope is the whole instance or the list asks for a few open
rows. A list that is to be walked in another index's order hides them from it. PostgreSQL weighs
indexes by what it knows of the rows, and is shown all of them.
"""

from typing import Any

from django.db.models import F, Func, Q, QuerySet

from yiwang.kernel.people.queries import scope_filter
from yiwang.kernel.people.rules import Actor

from .models import Assist, Case

TEAM_FIELDS = ("handler", "holder")


class Unindexed(Func):
    """A column whose index SQLite leaves alone; elsewhere the column itself."""

    template = "%(expressions)s"
    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """The unary plus is SQLite's own word for it (its documentation of the query planner)."""
        return self.as_sql(compiler, connection, template="+%(expressions)s", **context)


def visible_cases(
    actor: Actor, *, practice: str, capability: str = "case.view", walk_area: bool = False,
    walk_teams: bool = False,
) -> QuerySet[Case]:
    """The cases ``actor`` may see (or export, unmask …) in one practice; the base of every list.

    ``walk_area`` and ``walk_teams`` keep the indexes of area and teams out of the plan.
    """
    bound = [grant for grant in actor.grants
             if grant.team is not None and capability in grant.capabilities]
    hide_area = walk_area or (walk_teams and bool(bound))
    teams = ("walked_handler", "walked_holder") if walk_teams else TEAM_FIELDS
    reach = scope_filter(actor, capability, practice, team_fields=teams,
                         area_field="walked_area" if hide_area else "area")
    if bound:
        reach |= _helped(Actor(actor.ref, actor.name, tuple(bound)), capability, practice)
    hidden = Case.objects.alias(
        walked_area=Unindexed("area"),
        walked_handler=Unindexed(F("handler_id")), walked_holder=Unindexed(F("holder_id")),
    )
    return hidden.filter(reach, practice=practice)


def _helped(bound: Actor, capability: str, practice: str) -> Q:
    """Cases that the actor's own teams help with: a subquery, so that no row comes twice."""
    reach = scope_filter(
        bound, capability, practice, area_field="case__area", team_fields=("team",)
    )
    return Q(pk__in=Assist.objects.filter(reach).values("case"))


def under(kind: str, field: str = "kind") -> Q:
    """A kind and all below it, as ranges: ``GB/E.04`` holds ``GB/E.04.06``."""
    inside = Q(**{f"{field}__gte": kind, f"{field}__lt": f"{kind}0"})  # "." and "/", then "0"
    return inside & (Q(**{field: kind}) | Q(**{f"{field}__gte": f"{kind}."}))
