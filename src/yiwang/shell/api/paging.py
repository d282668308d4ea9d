"""Pages by cursor: where the next one begins, signed, and good for the same question only."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse

from yiwang.algorithms.words import Words

from .problems import Fault, not_valid
from .shapes import Paged

_SIGNER = signing.Signer(salt="yiwang.api.cursor")


def after(asked: Paged) -> list[str] | None:
    """Where the asked page begins: the values of the row before it; None for the first page."""
    if not asked.cursor:
        return None
    values: list[str]
    try:
        question, *values = _SIGNER.unsign_object(asked.cursor)
    except (signing.BadSignature, ValueError):
        question, values = "", []
    if question != _digest(asked):
        raise not_valid(Fault("cursor", Words("游标不对，或筛选条件变了；从第一页重新开始。",
                                              "No cursor of this question; begin anew.")))
    return values


def page(
    request: HttpRequest, response: HttpResponse, asked: Paged, items: Sequence[Any],
    last: Sequence[object] | None,
) -> dict[str, Any]:
    """A page; ``last`` are the values of its last row where more follow. Sets ``Link``."""
    if last is None:
        return {"items": items, "next_cursor": None}
    cursor = _SIGNER.sign_object([_digest(asked), *map(str, last)])
    query = request.GET.copy()
    query["cursor"] = cursor
    address = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
    response["Link"] = f'<{address}>; rel="next"'
    return {"items": items, "next_cursor": cursor}


def _digest(asked: Paged) -> str:
    question = asked.model_dump_json(exclude={"limit", "cursor"})
    return hashlib.sha256(question.encode()).hexdigest()[:16]
