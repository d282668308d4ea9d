"""What an auditor reads: the trail, kept to the people and teams of the auditor's units."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.timezone import make_aware

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.records.models import TrailEntry

from .models import Person, Team
from .queries import NOTHING, scope_filter
from .rules import Actor

# Verbs that say somebody was shown, or took along, what is known of people.
LOOKS = ("unmask", "phone_shown", "read_fuller", "rows_exported", "trail_exported")
LONGEST_SPAN = timedelta(days=31)  # ours: keeps a search inside one range of the time index


def trail_seen(actor: Actor, since: date, until: date) -> QuerySet[TrailEntry]:
    """Entries of the days ``since`` to ``until``, newest first.

    An auditor over all units of the instance reads everything; one over a part reads what its
    people did and what happened to its people and teams. Raises ``Refusal`` for a bad span.
    """
    if until < since:
        raise Refusal(
            "ends_before_start",
            Words("止日不能早于起日。", "The last day cannot be before the first."), field="until")
    if until - since > LONGEST_SPAN:
        raise Refusal(
            "span_too_long",
            Words("一次最多查 {days} 天。", "At most {days} days at a time.").filled(
                days=LONGEST_SPAN.days),
            Words("请分几次查。", "Search in several steps."), field="until")
    days = Q(at__gte=_midnight(since), at__lt=_midnight(until + timedelta(days=1)))
    return TrailEntry.objects.filter(days & _reach(actor)).order_by("-at", "-id")


def _reach(actor: Actor) -> Q:
    mine = scope_filter(actor, "trail.read", "", area_field="unit_code")
    people = Person.objects.filter(mine)
    if people.exists() and not Person.objects.exclude(unit_code="").exclude(mine).exists():
        return Q()
    refs = [f"person/{key}" for key in people.values_list("pk", flat=True)]
    teams = [f"team/{key}" for key in Team.objects.filter(mine).values_list("pk", flat=True)]
    return Q(by__in=refs) | Q(stream__in=refs + teams) if refs or teams else NOTHING


def names_of(refs: Iterable[str]) -> dict[str, str]:
    """Names of those the trail calls ``person/<id>``, in one query."""
    keys = {ref.removeprefix("person/") for ref in refs if ref.startswith("person/")}
    people = Person.objects.filter(pk__in=[key for key in keys if _is_id(key)])
    return {f"person/{key}": name for key, name in people.values_list("pk", "name")}


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time.min))
