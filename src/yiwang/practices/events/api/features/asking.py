"""Reading a question for features; what makes no sense is answered 400, as the standard asks."""

import base64
import binascii
from datetime import datetime, time, timedelta

from django.http import HttpRequest, QueryDict
from django.utils.timezone import get_current_timezone, is_naive, make_aware

from yiwang.algorithms.words import Words

from .collections import Box, Span, Wanted

LIMIT, MOST = 100, 1000
KNOWN = {"limit", "bbox", "datetime", "cursor"}


class Senseless(Exception):
    """A question that cannot be answered: which parameter, and what it should be."""

    def __init__(self, said: Words) -> None:
        self.said = said
        super().__init__(said.en)


def none_but(request: HttpRequest, known: set[str]) -> None:
    """Refuse parameters that mean nothing here."""
    strange = sorted(set(request.GET) - known)
    if strange:
        raise Senseless(Words("这里没有参数 {name}。", "There is no parameter {name} here.").filled(
            name=strange[0][:40]))


def wanted_of(request: HttpRequest) -> Wanted:
    """The question of an ``items`` address."""
    none_but(request, KNOWN)
    asked = request.GET
    return Wanted(_limit(asked), _cursor(asked), _box(asked), _span(asked))


def _limit(asked: QueryDict) -> int:
    text = asked.get("limit", str(LIMIT))
    if not text.isascii() or not text.isdigit() or int(text[:9]) < 1:
        raise Senseless(Words("limit 是从 1 起的整数。", "limit is a whole number from 1."))
    return min(int(text[:9]), MOST)


def cursor_for(after: str) -> str:
    """What the next question starts after, fit for an address."""
    return base64.urlsafe_b64encode(after.encode()).decode().rstrip("=")


def _cursor(asked: QueryDict) -> str:
    text = asked.get("cursor", "")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True).decode()
    except (binascii.Error, UnicodeError, ValueError):
        raise lost() from None


def lost() -> Senseless:
    """A cursor that none of our answers gave."""
    return Senseless(Words("cursor 只能照抄上一页给出的下一页地址。",
                           "cursor is taken from the “next” link of the page before."))


def _box(asked: QueryDict) -> Box | None:
    text = asked.get("bbox")
    if text is None:
        return None
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    flat = [*numbers[:2], *numbers[3:5]] if len(numbers) == 6 else numbers
    if len(flat) != 4 or not _on_earth(*flat):
        raise Senseless(Words("bbox 写成：西,南,东,北（WGS-84 度）。",
                              "bbox is west,south,east,north in degrees WGS-84."))
    return flat[0], flat[1], flat[2], flat[3]


def _on_earth(west: float, south: float, east: float, north: float) -> bool:
    return abs(west) <= 180 and abs(east) <= 180 and -90 <= south <= north <= 90


def _span(asked: QueryDict) -> Span | None:
    text = asked.get("datetime")
    if text is None:
        return None
    begin, slash, end = text.partition("/")
    try:
        since = _moment(begin, late=False)
        until = _moment(end, late=True) if slash else _moment(begin, late=True)
        if (since, slash) == (None, "") or (since and until and since > until):
            raise ValueError
    except (ValueError, OverflowError):
        raise Senseless(Words(
            "datetime 写成时刻或 始/终，开口用两点，如 2026-11-01T00:00:00Z/..。",
            "datetime is a moment or begin/end, an open end is two dots: "
            "2026-11-01T00:00:00Z/..")) from None
    return since, until


def _moment(text: str, *, late: bool) -> datetime | None:
    """A moment; a day means all of it, in the town's zone."""
    text = text.strip()
    if text in ("", ".."):
        return None
    at = datetime.fromisoformat(text.replace(" ", "+"))
    if "T" not in text.upper() and late:
        at = datetime.combine(at, time()) + timedelta(days=1, microseconds=-1)
    return make_aware(at, get_current_timezone()) if is_naive(at) else at
