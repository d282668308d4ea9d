"""A case that another instance hands us, as a case of ours: its kind and its place in our terms."""

from datetime import datetime
from typing import Any

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.models import Kind
from yiwang.kernel.cases.opening import NewCase
from yiwang.kernel.errors import Refusal
from yiwang.kernel.exchange.travel import Traveller
from yiwang.kernel.people.scopes import prefixes_of
from yiwang.kernel.places.models import Cell, Unit

from ..queries.ground import cell_of, home_town
from ..rules import PRACTICE, clean, title_of
from ..states import EVENT
from .report import number_prefix
from .where import CHINA, outside


def new_case_of(traveller: Traveller, *, at: datetime) -> NewCase:
    """The case to open; raises ``Refusal`` for a kind or a place that is none of ours."""
    kind, text, address = _kind(traveller.kind), clean(traveller.text), clean(traveller.address)
    area = _area(traveller, at=at)
    return NewCase(
        practice=PRACTICE, playbook=EVENT.code, number_prefix=number_prefix(area),
        kind=kind.code, title=title_of(kind.name, text, address), text=text,
        channel="county" if traveller.above else "peer", area=area,
        columns={"address": address, **_point(traveller)},
    )


def _kind(code: str) -> Kind:
    """The kind, or the nearest one above it that our lists have."""
    parts = code.split(".")
    wider = [".".join(parts[:size]) for size in range(len(parts), 0, -1)]
    known = {kind.code: kind for kind in Kind.objects.filter(code__in=wider)}
    found = next((known[one] for one in wider if one in known), None)
    if found is None:
        raise Refusal("kind", Words("我们没有“{code}”这一类。", "We have no kind “{code}”.").filled(
            code=code))
    return found


def _area(traveller: Traveller, *, at: datetime) -> str:
    """Our cell at the point; else the code it came with, as far as we know it; else the town."""
    lon, lat = traveller.longitude, traveller.latitude
    if lon is not None and lat is not None and (
            found := cell_of(lon, lat, on=at.astimezone(CHINA).date())):
        return found
    if Cell.objects.filter(code=traveller.area).exists():
        return traveller.area
    ours = Unit.objects.filter(code__in=prefixes_of(traveller.area)).order_by("-code")
    known = ours.values_list("code", flat=True).first()
    if known or lon is None:
        return known or home_town()
    raise outside()


def _point(traveller: Traveller) -> dict[str, Any]:
    if traveller.longitude is None or traveller.latitude is None:
        return {}
    return {"longitude": traveller.longitude, "latitude": traveller.latitude, "datum": "wgs84",
            "original_x": traveller.longitude, "original_y": traveller.latitude}
