"""Which runs and sources a person sees: their own runs, and those of sources in their area."""

from django.db.models import Q, QuerySet

from yiwang.kernel.people.queries import scope_filter
from yiwang.kernel.people.rules import Actor
from yiwang.practices.events.kinds import PRACTICE
from yiwang.practices.events.models import ImportRun, ImportSource


def runs_seen(actor: Actor) -> QuerySet[ImportRun]:
    """Runs the actor may look at and go on with, newest first."""
    inside = scope_filter(actor, "events.import", PRACTICE, area_field="source__area")
    return (
        ImportRun.objects.filter(Q(started_by=actor.ref) | inside)
        .select_related("source").order_by("-id")
    )


def sources_seen(actor: Actor) -> list[ImportSource]:
    """Sources whose area touches one the actor may import into; few, so looked through here."""
    areas = [grant.area for grant in actor.grants if "events.import" in grant.capabilities]
    return [
        source for source in ImportSource.objects.order_by("code")
        if any(source.area.startswith(area) or area.startswith(source.area) for area in areas)
    ]
