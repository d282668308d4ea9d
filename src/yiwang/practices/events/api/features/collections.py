"""The collections that may be asked for, and what a question for features looks like."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yiwang.algorithms.words import Words

Feature = dict[str, Any]
Box = tuple[float, float, float, float]  # west, south, east, north: degrees WGS-84
Span = tuple[datetime | None, datetime | None]  # both ends belong to it; None: open


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question for features: how many, after which, within which box and which time."""

    limit: int
    after: str = ""
    box: Box | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Features, and what the next question starts after; empty at the end."""

    features: list[Feature]
    after: str = ""


@dataclass(frozen=True, slots=True)
class Collection:
    """``page`` answers questions, ``one`` finds a feature by its id."""

    id: str
    title: Words
    description: Words
    page: Callable[[Wanted], Page]
    one: Callable[[str], Feature | None]


def feature(number: str, geometry: dict[str, Any] | None, properties: dict[str, Any]) -> Feature:
    """One feature; words in the reader's language."""
    told = {name: str(value) if isinstance(value, Words) else value
            for name, value in properties.items()}
    return {"type": "Feature", "id": number, "geometry": geometry, "properties": told}


def point(lon: float | None, lat: float | None) -> dict[str, Any] | None:
    """A GeoJSON point; None where there is no place."""
    return None if lon is None or lat is None else {"type": "Point", "coordinates": [lon, lat]}


def overlaps(box: Box, lon: float, lat: float) -> bool:
    """Whether the point lies in the box; a box may cross the 180th meridian."""
    west, south, east, north = box
    across = west <= lon <= east if west <= east else lon >= west or lon <= east
    return across and south <= lat <= north
