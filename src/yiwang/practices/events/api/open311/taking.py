"""One report of another system: its key, its place, its words, its photos."""

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.timezone import now

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.names import kind_words
from yiwang.kernel.people.keys import admitted
from yiwang.kernel.records.files import StoredPhoto, store_photo
from yiwang.kernel.records.photo_bounds import BOUNDS, too_many
from yiwang.practices.events.actions import report_event
from yiwang.practices.events.actions.report import Report
from yiwang.practices.events.actions.where import Where
from yiwang.practices.events.rules import clean

from .answers import Wrong
from .services import kind_of

MOST_TEXT = 4000  # characters; GeoReport v2
SCOPE = "open311.write"


def take(request: HttpRequest) -> Case:
    """Open a case of what was sent; raises ``Wrong`` or ``Refusal``."""
    at, sent = now(), request.POST
    by = admitted(sent.get("api_key", "") or request.GET.get("api_key", ""), SCOPE, at=at)
    text = clean(sent.get("description", ""))
    if len(text) > MOST_TEXT:
        raise Wrong(400, Words("description 至多 4000 字。",
                               "description has 4000 characters at most."))
    return report_event(_report(request, text), by=by, at=at)


def _report(request: HttpRequest, text: str) -> Report:
    sent = request.POST
    kind, photos = kind_of(sent.get("service_code", "").strip()), photos_of(request)
    media = clean(sent.get("media_url", ""))[:400]  # told, not fetched: it is somebody else's
    said = "\n".join(part for part in (text, media) if part)
    return Report(
        kind=kind, where=where_of(request), text=said or ("" if photos else kind_words(kind).zh),
        address=clean(sent.get("address_string", "")), name=name_of(request),
        phone=sent.get("phone", ""), channel="open311",
        once_key=clean(sent.get("token", "") or request.headers.get("Idempotency-Key", ""))[:60],
        photos=photos,
    )


def photos_of(request: HttpRequest) -> tuple[StoredPhoto, ...]:
    """The files sent as ``media``, stored; raises ``Refusal`` for one that is no good."""
    files = [file for file in request.FILES.getlist("media") if isinstance(file, UploadedFile)]
    if len(files) > BOUNDS.most_photos:
        raise too_many()
    return tuple(store_photo(file, name=file.name or "photo")  # type: ignore[arg-type]
                 for file in files)


def where_of(request: HttpRequest) -> Where:
    """A point, or a unit's code or a place of ours, or words alone: then the place is to settle."""
    sent = request.POST
    lat, lon = sent.get("lat", "").strip(), sent.get("long", "").strip()
    if lat or lon:
        return Where(point=(_degrees(lon, "long", 180), _degrees(lat, "lat", 90)))
    if address := clean(sent.get("address_id", "")):
        return Where(spot=address if address.isdigit() else f"place:{address}")
    if clean(sent.get("address_string", "")):
        return Where(anywhere=True)
    raise Wrong(400, Words("要有地点：lat 和 long，或 address_string，或 address_id。",
                           "A place is needed: lat and long, or address_string, or address_id."))


def name_of(request: HttpRequest) -> str:
    """A name in its own order: 王芳 is written as one, Wang Fang as two words."""
    first, last = (clean(request.POST.get(name, "")) for name in ("first_name", "last_name"))
    return f"{first} {last}".strip() if (first + last).isascii() else f"{last}{first}"


def _degrees(text: str, name: str, most: int) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not abs(value) <= most:
        raise Wrong(400, Words("{name} 是 −{most} 到 {most} 的度数。",
                               "{name} is degrees from −{most} to {most}.").filled(
            name=name, most=most))
    return value
