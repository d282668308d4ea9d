"""What stands in a foreign table, counted: places, classes, units, and who handled what where."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from yiwang.practices.events.importing.foreign import ForeignEvent, is_blank, read_event
from yiwang.practices.events.importing.layout import Layout
from yiwang.practices.events.importing.reading import read_rows

Place = tuple[str, str]  # street, community
Classes = tuple[str, ...]


@dataclass
class Survey:
    """A table as counts, in the order of first appearance; ``handled`` keeps each case's day."""

    rows: int = 0
    unreadable: int = 0
    places: Counter[Place] = field(default_factory=Counter)
    classes: Counter[Classes] = field(default_factory=Counter)
    units: Counter[str] = field(default_factory=Counter)
    handled: list[tuple[date, Classes, Place, str]] = field(default_factory=list)

    @property
    def since(self) -> date | None:
        """The first day there is an event of."""
        return min((day for day, *_ in self.handled), default=None)

    def add(self, event: ForeignEvent) -> None:
        """Count one event."""
        place = (event.street, event.community)
        self.places[place] += 1
        self.classes[event.classes] += 1
        self.units[event.unit] += 1
        self.handled.append((event.opened.at.date(), event.classes, place, event.unit))

    def streets(self) -> list[str]:
        """Names of streets, in the order of first appearance."""
        return list(dict.fromkeys(street for street, _ in self.places if street))

    def communities(self) -> list[Place]:
        """Communities with their street."""
        return [place for place in self.places if all(place)]

    def levels(self) -> tuple[int, ...]:
        """How many classes there are at each level."""
        depth = max(map(len, self.classes), default=0)
        return tuple(
            len({path[: level + 1] for path in self.classes if len(path) > level})
            for level in range(depth)
        )


def survey(path: Path, layout: Layout, mapping: Mapping[str, str]) -> Survey:
    """Count a table; rows that cannot be read are counted and left out."""
    found = Survey()
    for row in read_rows(path, layout):
        if is_blank(row):
            continue
        found.rows += 1
        event, _ = read_event(row, mapping)
        if event is None:
            found.unreadable += 1
        else:
            found.add(event)
    return found
