"""Cases as points of the desk's map: the lamp and the chip the list shows, and nothing more."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from yiwang.algorithms.working_time import Calendar

from .desk_rows import shown_of


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
    shown = shown_of(spot, at=at, calendar=calendar)
    return {"id": str(spot.id), "lon": spot.longitude, "lat": spot.latitude, "lamp": shown.lamp,
            "cell": spot.area, "title": f"{spot.title} · {shown.chip}", "number": spot.number}
