"""Requests: asked for by id or by days, and taken in from other systems with a key."""

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.models import Case
from yiwang.practices.events.states import EVENT
from yiwang.shell.doors import public

from .answers import Items, Wrong, kept_close, listed
from .asking import jurisdiction_of, method, moment
from .fuller import Fuller, fuller_for, note
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
    at = now()
    wanted, fuller = wanted_of(request, at=at), fuller_for(request, at=at)
    rows = requests_for(wanted, fuller)
    note(fuller, request, len(rows), at=at)
    return _told(fuller, listed("service_requests", Items("request", rows), form))


def _told(fuller: Fuller | None, answer: HttpResponse) -> HttpResponse:
    return kept_close(answer) if fuller else answer


@method("GET", "kind, cell and state of a case, as the public map")
def one(request: HttpRequest, form: str, number: str) -> HttpResponseBase:
    """One request by its id."""
    at = now()
    fuller = fuller_for(request, at=at)
    rows = requests_for(Wanted(at, at, numbers=(number,), extended=_yes(request)), fuller)
    if not rows:
        raise unknown(number)
    note(fuller, request, len(rows), at=at)
    return _told(fuller, listed("service_requests", Items("request", rows), form))


@method("GET", "gives back the number of one's own sending")
def token(request: HttpRequest, form: str, token: str) -> HttpResponseBase:
    """The request that a sending with this ``token`` opened."""
    found = Case.objects.filter(once_key=token).values_list("number", flat=True).first()
    if found is None:
        raise unknown(token)
    return listed("service_requests", Items("request", [
        {"service_request_id": found, "token": token}]), form)


def wanted_of(request: HttpRequest, *, at: datetime) -> Wanted:
    """The question of an address. Ids override all else; without days the last ninety."""
    asked = request.GET
    if ids := _several(asked.get("service_request_id", "")):
        return Wanted(at, at, numbers=ids, extended=_yes(request))
    changed = bool(asked.get("updated_after") or asked.get("updated_before"))
    opened = _moments(asked, "start_date", "end_date")
    since, until = span_of(
        *(_moments(asked, "updated_after", "updated_before") if changed else opened), at=at)
    return Wanted(
        since, until, kinds=tuple(kind_of(code) for code in _several(
            asked.get("service_code", ""))),
        open_=_status(_several(asked.get("status", ""))), unit=jurisdiction_of(request),
        states=_states(_several(asked.get("state", ""))), changed=changed,
        opened=opened if changed else (None, None), extended=_yes(request),
        box=_box(asked.get("bbox", "")), page=_number(asked.get("page", ""), "page", 100),
        size=_number(asked.get("page_size", ""), "page_size", MOST, MOST))


def _moments(asked: QueryDict, first: str, last: str) -> tuple[datetime | None, datetime | None]:
    return moment(asked.get(first, ""), first), moment(asked.get(last, ""), last)


def span_of(
    since: datetime | None, until: datetime | None, *, at: datetime
) -> tuple[datetime, datetime]:
    """From when to when: ninety days at most, up to now where nothing is said."""
    if since is None:
        since = (until or at) - SPAN
    until = until or min(at, since + SPAN)
    if not timedelta() <= until - since <= SPAN:
        raise Wrong(400, Words("起止相差 0 到 90 天。", "From start to end are 0 to 90 days."))
    return since, until


def _states(asked: tuple[str, ...]) -> tuple[str, ...]:
    known = {state.code for state in EVENT.states}
    if unknown_ := set(asked) - known:
        raise Wrong(400, Words("没有“{state}”这个环节；有：{known}。",
                               "There is no state “{state}”; there are: {known}.").filled(
            state="，".join(sorted(unknown_))[:40], known=", ".join(sorted(known))))
    return asked


def _yes(request: HttpRequest) -> bool:
    return request.GET.get("extensions", "").lower() == "true"


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
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise Wrong(400, Words("bbox 的西要小于东，南要小于北。",
                               "In bbox, west is below east and south below north."))
    return west, south, east, north


def _number(text: str, name: str, most: int, usual: int = 1) -> int:
    if not text:
        return usual
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= most):
        raise Wrong(400, Words("{name} 是 1 到 {most} 的整数。",
                               "{name} is a whole number, 1 to {most}.").filled(
            name=name, most=most))
    return int(text)


def unknown(id_: str) -> Wrong:
    """What is said of an id that nothing has."""
    none = Words("没有“{id}”这一件。", "There is no request “{id}”.")
    return Wrong(404, none.filled(id=id_[:40]))
