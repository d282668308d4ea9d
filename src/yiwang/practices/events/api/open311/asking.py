"""What every method shares: its door, its errors, the jurisdiction, moments with their zone."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.needs import Incomplete
from yiwang.kernel.errors import NotAllowed, Refusal
from yiwang.kernel.people.keys import seconds_left
from yiwang.kernel.places.models import Unit
from yiwang.practices.events.actions.report import both
from yiwang.shell.doors import public

from .answers import Wrong, faults

Method = Callable[..., HttpResponseBase]
FAULTS_OF: dict[int, Words] = {
    400: Words("读不懂或缺东西", "not understood, or something is missing"),
    403: Words("没有有效的密钥", "no valid key"),
    404: Words("没有", "there is none"),
    429: Words("密钥的次数用完了", "the key's quota is used up"),
}
FIELDS = {"kind": "service_code", "place": "lat, long", "text": "description",
          "address": "address_string", "name": "first_name, last_name", "phone": "phone",
          "photo": "media"}


def method(verb: str, why: str) -> Callable[[Method], Method]:
    """A method of the interface: open to anybody because ``why``; faults become error bodies."""

    def build(view: Method) -> Method:
        @public(why)
        @csrf_exempt
        @never_cache
        @wraps(view)
        def asked(request: HttpRequest, form: str, **parts: str) -> HttpResponseBase:
            at = now()
            try:
                if request.method not in {verb, "HEAD" if verb == "GET" else verb}:
                    raise Wrong(405, Words("这里只接受 {verb}。", "Only {verb} is answered here."
                                           ).filled(verb=verb))
                return view(request, form, **parts)
            except Wrong as wrong:
                return faults(wrong, form)
            except Refusal as refusal:
                return waiting(faults(wrong_of(refusal), form), at=at)

        return asked

    return build


def waiting(answer: HttpResponse, *, at: datetime) -> HttpResponse:
    """A 429 says after how many seconds the hour of a key's quota is over."""
    if answer.status_code == 429:
        answer["Retry-After"] = str(seconds_left(at))
    return answer


def wrong_of(refusal: Refusal) -> Wrong:
    """What the domain refused, with the status and the names this interface has for it."""
    if isinstance(refusal, Incomplete):
        return Wrong(404 if set(refusal.wrong) == {"kind"} else 400, *(
            Words(f"{FIELDS.get(name, name)}：{words.zh}", f"{FIELDS.get(name, name)}: {words.en}")
            for name, words in refusal.wrong.items()))
    if isinstance(refusal, NotAllowed):
        return Wrong(403, both(refusal))
    return Wrong(429 if refusal.code == "too_often" else 400, both(refusal))


def jurisdiction_of(request: HttpRequest) -> str:
    """The unit asked about: its code; empty where none is named, which means all of them."""
    asked = (request.POST.get("jurisdiction_id") or request.GET.get("jurisdiction_id", "")).strip()
    if asked and not Unit.objects.filter(code=asked[:12]).exists():
        raise Wrong(404, Words("没有“{id}”这个辖区。", "There is no jurisdiction “{id}”.").filled(
            id=asked[:40]))
    return asked


def moment(text: str, name: str) -> datetime | None:
    """A moment with its zone, as ISO 8601 writes it; None where nothing was asked."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text.strip().replace(" ", "+"))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise Wrong(400, Words("{name} 要写成带时区的时间，如 2026-11-30T08:00:00+08:00。",
                               "{name} is a moment with its zone, such as "
                               "2026-11-30T08:00:00+08:00.").filled(name=name))
    return at


@public("says that there is nothing")
@csrf_exempt
def nothing_here(request: HttpRequest, rest: str) -> HttpResponse:
    """An address that the interface does not have."""
    form = "json" if rest.endswith(".json") else "xml"
    return faults(Wrong(404, Words("没有这个地址，见 discovery.xml。",
                                   "There is no such address; see discovery.xml.")), form)

