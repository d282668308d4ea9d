"""Cases as points of the desk's map: the lamp and the chip the list shows, and nothing more."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from yiwang.algorithms.words import Words
from yiwang.algorithms.working_time import Calendar
from yiwang.shell.web.case_times import standing

from .filters import STATES


class Spot(NamedTuple):
    """What a point is made of; the names are the columns it is read from."""

    id: UUID
    number: str
    title: str
    area: str
    state: str
    is_open: bool
    longitude: float | None
    latitude: float | None
    clocks: dict[str, Any]


def point_of(spot: Spot, *, at: datetime, calendar: Calendar) -> dict[str, Any]:
    """A case as a point; None for its place where it has none."""
    lamp, chip = _lamp_and_chip(spot, at, calendar)
    return {"id": str(spot.id), "lon": spot.longitude, "lat": spot.latitude, "lamp": lamp,
            "cell": spot.area, "title": f"{spot.title} · {chip}", "number": spot.number}


def _lamp_and_chip(spot: Spot, at: datetime, calendar: Calendar) -> tuple[str, Words]:
    state = STATES.get(spot.state, Words(spot.state, spot.state))
    if not spot.is_open:
        return "idle", state
    stands = standing(spot.clocks, at=at, calendar=calendar)
    words = stands.words
    return stands.lamp, words if words.zh else state
