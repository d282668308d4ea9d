"""How long a kind of case may take: the table of limits, by kind, condition and date."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from .models import TimeLimit


@dataclass(frozen=True)
class Limit:
    """A term: clock kind, amount in that clock's own unit, and the document that sets it."""

    clock: str
    amount: Decimal
    source: str


# Where a town's table is silent: five working days, as the county's hotline answers a help
# request (docs/field.md, hotline terms). A town states its own.
FALLBACK = Limit("working_days", Decimal(5), "一网默认 / default of Yiwang")


def prefixes(kind: str) -> list[str]:
    """A kind and all above it: ``GB/E.04.06`` → itself, ``GB/E.04``, ``GB/E``, ``GB``, ""."""
    ends = [place for place, character in enumerate(kind) if character in "/."]
    return [kind, *(kind[:end] for end in reversed(ends)), ""] if kind else [""]


def limit_for(practice: str, kind: str, *, on: date, condition: str = "") -> Limit:
    """The limit of the nearest kind that has one on that day, else :data:`FALLBACK`."""
    valid = TimeLimit.objects.filter(
        Q(until__isnull=True) | Q(until__gte=on),
        practice=practice, kind__in=prefixes(kind), since__lte=on, condition__in={condition, ""},
    )
    # Among conditions the plain one comes first unless the condition itself was named.
    found = sorted(valid, key=lambda limit: (len(limit.kind), limit.condition == condition,
                                             limit.since, -limit.id))
    if not found:
        return FALLBACK
    return Limit(found[-1].clock, found[-1].amount, found[-1].source)
