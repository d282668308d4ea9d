"""A write through the API: done once for each ``Idempotency-Key``, answered the same each time."""

import json
from collections.abc import Callable
from datetime import datetime

from django.http import HttpResponse
from ninja import Schema
from ninja.responses import NinjaJSONEncoder

from yiwang.algorithms.words import Words
from yiwang.kernel.records.once import MOST_KEY, Answer, once

from .keyed import Keyed
from .problems import Problem

HEADER, REPLAYED = "Idempotency-Key", "Idempotency-Replayed"


def write(
    request: Keyed, asked: object, act: Callable[[], Answer], *, at: datetime
) -> HttpResponse:
    """Do ``act``; with a key once, in one transaction. ``asked`` is what the request says."""
    key = _key_of(request)
    if not key:
        return _sent(act(), replayed=False)
    whole = json.dumps([request.path, asked], ensure_ascii=False, sort_keys=True, default=str)
    answer, replayed = once(str(request.auth.key.pk), key, whole, act, at=at)
    return _sent(answer, replayed=replayed)


def answered(status: int, body: Schema, **headers: str) -> Answer:
    """A body as it is sent and kept."""
    text = json.dumps(body.model_dump(), cls=NinjaJSONEncoder, ensure_ascii=False)
    return Answer(status, text, {name.replace("_", "-"): value for name, value in headers.items()})


def _sent(answer: Answer, *, replayed: bool) -> HttpResponse:
    response = HttpResponse(answer.body, status=answer.status, headers=answer.headers,
                            content_type="application/json; charset=utf-8")
    response[REPLAYED] = "true" if replayed else "false"
    return response


def _key_of(request: Keyed) -> str:
    key = request.headers.get(HEADER, "")
    if len(key) > MOST_KEY or not key.isprintable():
        raise Problem("malformed", Words("Idempotency-Key 最多 {n} 个可见字符。",
                                         "Idempotency-Key has {n} visible characters at most."
                                         ).filled(n=MOST_KEY))
    return key
