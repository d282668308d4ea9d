"""What of a case travels, and what does not: never who reported it, nor how to reach them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yiwang.kernel.cases.evidence import photos_of
from yiwang.kernel.cases.models import Case
from yiwang.kernel.places.rules import LONGEST_CODE

from .opening import malformed
from .rules import RULES, stamp

LONGEST = {"practice": 20, "number": 24, "kind": 60, "title": 120, "text": 10_000,
           "address": 200, "area": LONGEST_CODE, "reason": 10_000}  # characters
DECIMALS = 7  # of a degree: about a centimetre


@dataclass(frozen=True, slots=True)
class Traveller:
    """A case as it came from another instance, its shape checked; degrees WGS-84."""

    practice: str
    number: str
    kind: str
    title: str
    text: str
    address: str
    area: str
    reason: str
    longitude: float | None
    latitude: float | None
    due_at: datetime | None
    pictures: tuple[str, ...]
    above: bool = False


def packed(case: Case, reason: str) -> dict[str, Any]:
    """The case as it travels: everything as text, pictures by their SHA-256."""
    return {
        **{name: getattr(case, name) for name in LONGEST if name != "reason"},
        "reason": reason,
        "longitude": _degrees(case.longitude), "latitude": _degrees(case.latitude),
        "opened_at": stamp(case.opened_at), "due_at": stamp(case.due_at) if case.due_at else "",
        "pictures": _pictures(case),
    }


def _degrees(value: float | None) -> str:
    return "" if value is None else f"{value:.{DECIMALS}f}"


def _pictures(case: Case) -> list[dict[str, Any]]:
    """As many as fit into one message, oldest first."""
    found: list[dict[str, Any]] = []
    room = RULES.most_picture_bytes
    for photo in photos_of(case)[:RULES.most_pictures]:
        if photo.size <= room:
            room -= photo.size
            found.append({"sha256": photo.stored_digest, "size": photo.size, "stage": photo.stage})
    return found


def unpacked(body: dict[str, Any], *, above: bool) -> Traveller:
    """The case that a body tells of; raises ``Refusal`` where it has not the right form."""
    texts = {name: body.get(name, "") for name in LONGEST}
    wrong = any(not isinstance(text, str) or len(text) > LONGEST[name]
                for name, text in texts.items())
    if wrong or not texts["practice"] or not texts["kind"]:
        raise malformed()
    try:
        due = datetime.fromisoformat(body["due_at"]) if body.get("due_at") else None
        lon, lat = _number(body, "longitude", 180), _number(body, "latitude", 90)
        pictures = tuple(str(one["sha256"]) for one in body.get("pictures", []))
    except (ValueError, TypeError, KeyError):
        raise malformed() from None
    if len(pictures) > RULES.most_pictures or (due is not None and due.tzinfo is None):
        raise malformed()
    return Traveller(**texts, longitude=lon, latitude=lat, due_at=due, pictures=pictures,
                     above=above)


def _number(body: dict[str, Any], name: str, most: float) -> float | None:
    text = body.get(name, "")
    if text == "":
        return None
    value = float(text)
    if not abs(value) <= most:
        raise ValueError(name)
    return value
