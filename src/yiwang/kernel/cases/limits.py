"""How long a kind of case may take: the table of limits, by kind, condition and date."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.db.models import Q, QuerySet

from yiwang.kernel.rows import Prepared

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
    kinds = prefixes(kind)
    valid = _valid(len(kinds))(on, practice, condition, *kinds)
    # Among conditions the plain one comes first unless the condition itself was named.
    found = sorted(valid, key=lambda row: (len(row[0]), row[1] == condition, row[2], -row[3]))
    return Limit(*found[-1][4:]) if found else FALLBACK


@lru_cache(maxsize=16)
def _valid(depth: int) -> Prepared:
    """The limits of a kind that has ``depth`` above it, itself counted: asked at each dispatch."""
    marks = [f"kind {place}" for place in range(depth)]
    return Prepared(_limits, date.max, "practice", "condition", *marks)


def _limits(
    on: date, practice: str, condition: str, *kinds: str
) -> QuerySet[TimeLimit, tuple[object, ...]]:
    valid = TimeLimit.objects.filter(
        Q(until__isnull=True) | Q(until__gte=on),
        practice=practice, kind__in=kinds, since__lte=on, condition__in=(condition, ""),
    )
    return valid.values_list("kind", "condition", "since", "id", "clock", "amount", "source")
