"""A box of degrees: which cases may lie in it, by an index, and which spots do."""

from typing import Any

from django.db.models import QuerySet

from yiwang.algorithms.coordinates import metres_per_degree
from yiwang.kernel.cases.models import Case, Hundredths
from yiwang.practices.events.rules import PUBLIC_MAP

Box = tuple[float, float, float, float]  # west, south, east, north; degrees WGS-84
MOST_SQUARES = 12  # a side; a wider box is walked by time, where most of what is met lies inside


def near(cases: QuerySet[Case], box: Box) -> QuerySet[Case]:
    """Cases whose coarse spot may lie in the box: those at most a grain away from it.

    A small box is a few ranges of the index ``case_square`` (hundredths of a degree).
    """
    west, south, east, north = _widened(box)
    cases = cases.filter(longitude__gte=west, longitude__lte=east,
                         latitude__gte=south, latitude__lte=north)
    rows, columns = _hundredths(south, north), _hundredths(west, east)
    if max(len(rows), len(columns)) > MOST_SQUARES:
        return cases
    squares: Any = cases.alias(row=Hundredths("latitude"), column=Hundredths("longitude"))
    found: QuerySet[Case] = squares.filter(row__in=rows, column__in=columns)
    return found


def inside(spot: tuple[float, float], box: Box) -> bool:
    """Whether a spot lies in the box, its edges included."""
    west, south, east, north = box
    return west <= spot[0] <= east and south <= spot[1] <= north


def _widened(box: Box) -> Box:
    west, south, east, north = box
    across, up = metres_per_degree(min(89.0, max(abs(south), abs(north))))
    grain = PUBLIC_MAP.grain_metres
    return west - grain / across, south - grain / up, east + grain / across, north + grain / up


def _hundredths(low: float, high: float) -> list[int]:
    """Every value that SQLite (cutting off) or PostgreSQL (rounding) may give between the two."""
    return list(range(int(low * 100) - 1, int(high * 100) + 2))
