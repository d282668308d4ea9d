"""The door other instances knock at: one letter in, one signed receipt out."""

import json
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from yiwang.kernel.errors import Refusal, SomebodyElseDecided
from yiwang.kernel.exchange.opening import known_by, malformed
from yiwang.kernel.exchange.rules import KEY_HEADER, RULES
from yiwang.kernel.exchange.taking import receive
from yiwang.shell.doors import public

STATUS = {"unknown_peer": 403, "signature": 403, "not_for_us": 403, "no_such_hand": 404,
          "id_used": 409, "clock": 409, "too_large": 413}  # any other refusal is 400


@csrf_exempt  # no cookie counts here
@require_POST
@public("letters of registered instances, each signed; a stranger's is not read")
def exchange_messages(request: HttpRequest) -> JsonResponse:
    """Take a letter; what is not taken is answered with a code, and may be sent again."""
    at = now()
    try:
        known_by(request.headers.get(KEY_HEADER, ""), at=at)
        return JsonResponse(receive(_letter(request), at=at))
    except SomebodyElseDecided as busy:
        return _no(busy, 409)
    except Refusal as refusal:
        return _no(refusal, STATUS.get(refusal.code, 400))


def _letter(request: HttpRequest) -> Any:
    """The body as JSON, read as far as a letter may be long."""
    content = request.read(RULES.most_bytes + 1)
    if len(content) > RULES.most_bytes:
        refusal = malformed()
        refusal.code = "too_large"
        raise refusal
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise malformed() from None


def _no(refusal: Refusal, status: int) -> JsonResponse:
    return JsonResponse({"code": refusal.code, "zh": refusal.what.zh + refusal.todo.zh,
                         "en": f"{refusal.what.en} {refusal.todo.en}"}, status=status)
