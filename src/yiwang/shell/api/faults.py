"""From what was raised to the problem that is told: refusals, misshapen fields, missing things."""

import time
from collections.abc import Mapping
from typing import Any

from ninja.errors import AuthenticationError, HttpError, ValidationError

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.needs import Incomplete
from yiwang.kernel.errors import NotAllowed, Refusal
from yiwang.kernel.people.keys import AN_HOUR, bad_key

from .problems import Fault, Problem, not_valid

KIND_OF_CODE = {"too_often": "too-often", "key_reused": "key-reused", "not_from_here": "not-now",
                "not_now": "not-now", "bad_key": "no-token"}
NOT_RIGHT = Words("格式不对。", "This is not in the right form.")
# By the type that Pydantic gives an error; its values fill the holes.
SAID: dict[str, Words] = {
    "missing": Words("必填。", "This is needed."),
    "extra_forbidden": Words("没有这一项。", "There is no such field."),
    "string_too_long": Words("最多 {max_length} 个字。", "At most {max_length} characters."),
    "string_too_short": Words("至少 {min_length} 个字。", "At least {min_length} characters."),
    "literal_error": Words("只能是：{expected}。", "It is one of {expected}."),
    "greater_than_equal": Words("不小于 {ge}。", "It is {ge} or more."),
    "less_than_equal": Words("不大于 {le}。", "It is {le} or less."),
    "finite_number": Words("要是数字。", "It is a number."),
}


def problem_of(refusal: Refusal) -> Problem:
    """What the domain refused, as this interface says it."""
    said = Words(refusal.what.zh + refusal.todo.zh, f"{refusal.what.en} {refusal.todo.en}".strip())
    if isinstance(refusal, Incomplete):
        faults = [Fault(name, words) for name, words in refusal.wrong.items()]
        return Problem("not-valid", said, refusal.code, faults)
    if refusal.code in KIND_OF_CODE:
        kind = KIND_OF_CODE[refusal.code]
    else:
        kind = "not-allowed" if isinstance(refusal, NotAllowed) else "not-valid"
    errors = [Fault(refusal.field, refusal.what)] if refusal.field else []
    more = {"missing": [str(words) for words in refusal.missing]} if refusal.missing else {}
    return Problem(kind, said, refusal.code, errors, more, _headers(kind))


def _headers(kind: str) -> dict[str, str]:
    if kind == "no-token":
        return {"WWW-Authenticate": 'Bearer realm="yiwang"'}
    if kind == "too-often":
        window = int(AN_HOUR.total_seconds())
        return {"Retry-After": str(window - int(time.time()) % window)}
    return {}


def problem_of_http(error: HttpError) -> Problem:
    """What django-ninja itself found: no key, or a body that is no JSON."""
    if isinstance(error, AuthenticationError):
        return problem_of(bad_key())
    return Problem("malformed", Words("正文要是 JSON（UTF-8）。", "The body is JSON, in UTF-8."))


def problem_of_fields(error: ValidationError) -> Problem:
    """Misshapen fields, each with its path and what it should be."""
    return not_valid(*(Fault(_path(found), _words(found)) for found in error.errors))


def _path(found: Mapping[str, Any]) -> str:
    """``body.report.reporter.phone`` without where it came in and our name for the whole."""
    place, *rest = (str(part) for part in found["loc"])
    if place in ("body", "query", "form", "file") and len(rest) > 1:
        rest = rest[1:]
    return ".".join(rest)


def _words(found: Mapping[str, Any]) -> Words:
    words = SAID.get(found["type"], NOT_RIGHT)
    holes = {name: value for name, value in (found.get("ctx") or {}).items()
             if "{" + name + "}" in words.zh}
    return words.filled(**holes)
