"""Reads for the list."""

from django.db.models import QuerySet

from yiwang.kernel.cases.models import Case
from yiwang.kernel.people.queries import scope_filter
from yiwang.kernel.people.rules import Actor


def lamps_seen_by(actor: Actor, *, most: int = 50) -> QuerySet[Case]:
    """The newest lamps within the reader's scope."""
    mine = scope_filter(actor, "case.view", "lamps", area_field="area")
    return Case.objects.filter(mine, practice="lamps").order_by("-opened_at")[:most]
