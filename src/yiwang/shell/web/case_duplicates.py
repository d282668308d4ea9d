"""Possible duplicates laid beside a report before it is accepted: place, time, words, photos."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import atan2, degrees

from yiwang.algorithms.coordinates import metres_per_degree
from yiwang.algorithms.words import Words
from yiwang.kernel.cases.duplicates import BOUNDS, Alike, duplicates_of, point_of
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.names import area_names, kind_words
from yiwang.kernel.cases.playbook_store import load
from yiwang.kernel.cases.step import stream_of
from yiwang.kernel.people.rules import Actor, can
from yiwang.kernel.records.models import Attachment
from yiwang.shell.says import distance, lasting

WINDS = (Words("北", "north"), Words("东北", "north-east"), Words("东", "east"),
         Words("东南", "south-east"), Words("南", "south"), Words("西南", "south-west"),
         Words("西", "west"), Words("西北", "north-west"))
HALF = 80.0  # of the drawing, in its own units: as far as is looked
HERE = 5.0  # metres within which no direction is said
MOST_PHOTOS = 3
LIKELY = Words("多半是同一件", "likely the same")
POSSIBLE = Words("可能是同一件", "possibly the same")
SAME_PLACE = Words("同一处", "the same spot")
SAME_TIME = Words("同时上报", "reported at the same time")


@dataclass(frozen=True, slots=True)
class Beside:
    """Another case as it is shown beside the report; ``x`` and ``y`` are of the drawing."""

    case: Case
    verdict: Words
    is_likely: bool
    far: Words | None
    between: Words
    kind: Words
    area: Words
    state: Words
    photos: Sequence[Attachment]
    x: float | None = None
    y: float | None = None


def beside(case: Case, by: Actor) -> list[Beside]:
    """What may be the same, likeliest first: only what ``by`` may see. A few queries in all."""
    found = [alike for alike in duplicates_of(case)
             if can(by, "case.view", area=alike.case.area, practice=alike.case.practice)]
    photos = _photos([alike.case for alike in found])
    areas = area_names([alike.case.area for alike in found]) if found else {}
    return [_beside(case, alike, areas[alike.case.area], photos[stream_of(alike.case)])
            for alike in found]


def _photos(cases: list[Case]) -> dict[str, list[Attachment]]:
    found: dict[str, list[Attachment]] = {stream_of(case): [] for case in cases}
    for photo in Attachment.objects.filter(stream__in=found).order_by("id") if found else ():
        found[photo.stream].append(photo)
    return {stream: photos[:MOST_PHOTOS] for stream, photos in found.items()}


def _beside(case: Case, alike: Alike, area: Words, photos: list[Attachment]) -> Beside:
    other = alike.case
    spot = next(_offset(case, other), None)
    x, y = (spot[0] / BOUNDS.metres * HALF, -spot[1] / BOUNDS.metres * HALF) if spot else (None,
                                                                                        None)
    return Beside(
        other, LIKELY if alike.is_likely else POSSIBLE, alike.is_likely,
        way(alike.metres, spot), between(case, other), kind_words(other.kind), area,
        load(other.playbook, other.playbook_version).state(other.state).label, photos, x, y)


def _offset(case: Case, other: Case) -> Iterator[tuple[float, float]]:
    """Metres east and north, where both have a point."""
    here, there = point_of(case), point_of(other)
    if here and there:
        east, north = metres_per_degree(here[1])
        yield (there[0] - here[0]) * east, (there[1] - here[1]) * north


def way(metres: float | None, offset: tuple[float, float] | None) -> Words | None:
    """How far and whereto: 40 米，东北."""
    if metres is None or offset is None:
        return None
    if metres < HERE:
        return SAME_PLACE
    wind = WINDS[round(degrees(atan2(*offset)) / 45) % 8]
    return Words("{far}，{wind}", "{far}, {wind}").filled(far=distance(metres), wind=wind)


def between(case: Case, other: Case) -> Words:
    """How much earlier or later the other one came in."""
    minutes = (case.opened_at - other.opened_at).total_seconds() / 60
    if round(abs(minutes)) == 0:
        return SAME_TIME
    said = Words("早 {time}", "{time} earlier") if minutes >= 0 else Words("晚 {time}",
                                                                        "{time} later")
    return said.filled(time=lasting(abs(minutes)))
