"""Requests: asked for by id or by days, and taken in from other systems with a key."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponseBase
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.models import Case
from yiwang.shell.doors import public

from .answers import Items, Wrong, listed
from .asking import jurisdiction_of, method, moment
from .reading import MOST, SPAN, Wanted, requests_for
from .services import kind_of
from .taking import take

FOLLOW = Words("可凭查询码 {code} 查进度", "follow it with the code {code}")
STATUSES = {"open": True, "closed": False}


@public("kind, cell and state of cases, as the public map; sending needs a key")
@csrf_exempt  # no cookie counts here
def requests(request: HttpRequest, form: str) -> HttpResponseBase:
    """``GET``: a list; ``POST``: one more."""
    return (_post if request.method == "POST" else _list)(request, form)




@method("POST", "reports of other systems: a key is asked for")
def _post(request: HttpRequest, form: str) -> HttpResponseBase:
    case = take(request)
    return listed("service_requests", Items("request", [{
        "service_request_id": case.number, "account_id": None,
        "service_notice": FOLLOW.filled(code=case.follow_code),
        "follow_code": case.follow_code,
    }]), form, 201)


@method("GET", "kind, cell and state of cases, as the public map")
def _list(request: HttpRequest, form: str) -> HttpResponseBase:
    rows = requests_for(wanted_of(request))
    return listed("service_requests", Items("request", rows), form)


@method("GET", "kind, cell and state of a case, as the public map")
def one(request: HttpRequest, form: str, number: str) -> HttpResponseBase:
    """One request by its id."""
    rows = requests_for(Wanted(now(), now(), numbers=(number,)))
    if not rows:
        raise _unknown(number)
    return listed("service_requests", Items("request", rows), form)


@method("GET", "gives back the number of one's own sending")
def token(request: HttpRequest, form: str, token: str) -> HttpResponseBase:
    """The request that a sending with this ``token`` opened."""
    found = Case.objects.filter(once_key=token).values_list("number", flat=True).first()
    if found is None:
        raise _unknown(token)
    return listed("service_requests", Items("request", [
        {"service_request_id": found, "token": token}]), form)


def wanted_of(request: HttpRequest) -> Wanted:
    """The question of an address. Ids override all else; without days the last ninety."""
    asked = request.GET
    at = now()
    if ids := _several(asked.get("service_request_id", "")):
        return Wanted(at, at, numbers=ids)
    until = moment(asked.get("end_date", ""), "end_date")
    since = moment(asked.get("start_date", ""), "start_date")
    if since is None:
        since = (until or at) - SPAN
    until = until or min(at, since + SPAN)
    if not timedelta() <= until - since <= SPAN:
        raise Wrong(400, Words("起止相差 0 到 90 天。", "From start to end are 0 to 90 days."))
    return Wanted(
        since, until, kinds=tuple(kind_of(code) for code in _several(
            asked.get("service_code", ""))),
        open_=_status(_several(asked.get("status", ""))), unit=jurisdiction_of(request),
        box=_box(asked.get("bbox", "")), page=_number(asked.get("page", ""), "page", 100),
        size=_number(asked.get("page_size", ""), "page_size", MOST, MOST))


def _several(text: str) -> tuple[str, ...]:
    return tuple(part for raw in text.split(",") if (part := raw.strip()))[:MOST]


def _status(asked: tuple[str, ...]) -> bool | None:
    if unknown := set(asked) - STATUSES.keys():
        raise Wrong(400, Words("status 只有 open、closed，没有“{status}”。",
                               "status is open or closed, not “{status}”.").filled(
            status="，".join(sorted(unknown))[:40]))
    return STATUSES[asked[0]] if len(set(asked)) == 1 else None


def _box(text: str) -> tuple[float, float, float, float] | None:
    if not text:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise Wrong(400, Words("bbox 写成 西,南,东,北（度）。",
                               "bbox is west,south,east,north in degrees.")) from None
    return west, south, east, north


def _number(text: str, name: str, most: int, usual: int = 1) -> int:
    if not text:
        return usual
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= most):
        raise Wrong(400, Words("{name} 是 1 到 {most} 的整数。",
                               "{name} is a whole number, 1 to {most}.").filled(
            name=name, most=most))
    return int(text)


def _unknown(id_: str) -> Wrong:
    none = Words("没有“{id}”这一件。", "There is no request “{id}”.")
    return Wrong(404, none.filled(id=id_[:40]))
