"""A report as it comes from a form, an outbox or a plain page: read, bounded, never a 500."""

import math
from datetime import datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware

from yiwang.algorithms.coordinates import DATUMS, Datum, Point
from yiwang.kernel.errors import Refusal
from yiwang.kernel.records.files import StoredPhoto, store_photo
from yiwang.kernel.records.photo_bounds import BOUNDS, too_many

from ..actions import Report
from ..actions.where import Where
from ..rules import clean

# What a form shows again when something is wrong; photos a browser does not give back.
KEPT = ("kind", "lon", "lat", "datum", "gps_lon", "gps_lat", "spot", "anywhere", "address",
        "text", "name", "phone")
HONEYPOT = "website"


def report_of(request: HttpRequest, photos: tuple[StoredPhoto, ...], *, channel: str) -> Report:
    """What was sent, as the action takes it; numbers that are none count as not given."""
    post = request.POST
    datum: Datum = next((d for d in DATUMS if d == post.get("datum")), "wgs84")
    return Report(
        kind=clean(post.get("kind", ""))[:60],
        where=Where(
            point=point_of(post.get("lon", ""), post.get("lat", "")), datum=datum,
            gps=point_of(post.get("gps_lon", ""), post.get("gps_lat", "")),
            spot=clean(post.get("spot", ""))[:60], anywhere=bool(post.get("anywhere")),
        ),
        text=post.get("text", ""), address=post.get("address", ""), name=post.get("name", ""),
        phone=post.get("phone", ""), channel=channel, once_key=once_key_of(request),
        captured_at=moment_of(post.get("captured_at", "")), photos=photos,
    )


def point_of(lon: str, lat: str) -> Point | None:
    """Degrees; None where either is missing, no number, or off the globe."""
    try:
        x, y = float(lon), float(lat)
    except ValueError:
        return None
    if not (math.isfinite(x) and math.isfinite(y)) or abs(x) > 180 or abs(y) > 90:
        return None
    return x, y


def once_key_of(request: HttpRequest) -> str:
    """The key made when the report was written; '' where it is no UUID."""
    given = request.POST.get("once_key") or request.POST.get("idempotency_key") or ""
    try:
        return str(UUID(given))
    except ValueError:
        return ""


def moment_of(text: str) -> datetime | None:
    """An ISO 8601 moment with its offset; None for anything else."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and is_aware(moment) else None


def photos_of(request: HttpRequest) -> tuple[tuple[StoredPhoto, ...], Refusal | None]:
    """The photos sent, stored; and the first refusal among them, where one is no good."""
    uploads = [f for f in request.FILES.getlist("photo") if isinstance(f, UploadedFile)]
    digests = request.POST.getlist("digest")
    if len(uploads) > BOUNDS.most_photos:
        return (), too_many()
    stored: list[StoredPhoto] = []
    for place, upload in enumerate(uploads):
        claimed = digests[place] if place < len(digests) else ""
        try:
            stored.append(store_photo(upload, name=upload.name or "photo",  # type: ignore[arg-type]
                                      claimed_digest=claimed))
        except Refusal as refusal:
            return tuple(stored), refusal
    return tuple(stored), None


def kept_of(request: HttpRequest) -> dict[str, str]:
    """The typed fields, to be shown again."""
    return {name: request.POST.get(name, "") for name in KEPT}
