"""Which track a kind stands on, on a day; what a framework is called by its members. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from yiwang.kernel.cases.kind_codes import kind_fits

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Mapping:
    """``kind`` and all below it stand on the track of ``member``; both days are included."""

    kind: str
    member: str
    since: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it is in force on that day."""
        return self.since <= day and (self.until is None or day <= self.until)


def member_of(kind: str, day: date, mappings: Iterable[Mapping]) -> str:
    """The member whose track the kind stands on: the nearest kind decides; empty for none."""
    valid = [one for one in mappings if one.holds(day) and kind_fits(one.kind, kind)]
    return max(valid, key=lambda one: len(one.kind)).member if valid else ""


def without_track(kinds: Iterable[str], day: date, mappings: Sequence[Mapping]) -> list[str]:
    """The kinds that stand on no track that day, in their order."""
    return [kind for kind in kinds if not member_of(kind, day, mappings)]


def numeral(slots: Iterable[int]) -> str:
    """How many members each part has, in order: one, four, one → ``141``."""
    return "".join(str(count) for _, count in sorted(Counter(slots).items()))


def days_of_change(spans: Iterable[tuple[date, date | None]]) -> list[date]:
    """The first days of each version of a dated list, oldest first."""
    days = set()
    for since, until in spans:
        days.add(since)
        if until is not None:
            days.add(until + A_DAY)
    return sorted(days)
