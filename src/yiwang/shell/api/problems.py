"""What goes wrong, told as RFC 9457 asks: one table of kinds, one way to say each."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse

from yiwang.algorithms.words import Words

MEDIA_TYPE = "application/problem+json"
DOCS = "/api/v1/docs"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its HTTP status, its title, and when it is met."""

    status: int
    title: Words
    when: Words


KINDS: dict[str, Kind] = {
    "malformed": Kind(400, Words("读不懂请求", "The request cannot be read"),
                      Words("正文不是 JSON，或请求头不成样子。",
                            "The body is no JSON, or a header is misshapen.")),
    "no-token": Kind(401, Words("没有有效的密钥", "No valid key"),
                     Words("没有 Authorization: Bearer，密钥不对、已停用或已过期。",
                           "No Authorization: Bearer, or a key that is wrong, ended or over.")),
    "https-only": Kind(403, Words("只接受 HTTPS", "HTTPS only"),
                       Words("以 HTTP 明文发来的，一律不办，也不转到 HTTPS。",
                             "It came by plain HTTP, which is neither answered nor led on.")),
    "not-allowed": Kind(403, Words("不允许", "Not allowed"),
                        Words("密钥没有这一项，或它的主人没有这个权限。",
                              "The key lacks the scope, or its person lacks the role.")),
    "not-found": Kind(404, Words("没有", "Not found"),
                      Words("没有，或不在你看得到的范围里：两者答得一样。",
                            "It is not there, or not within what you see: no difference is made.")),
    "wrong-method": Kind(405, Words("方法不对", "Wrong method"),
                         Words("这个地址不接受这个方法，见 Allow。",
                               "The address does not take this method; see Allow.")),
    "not-now": Kind(409, Words("现在不能办", "Not now"),
                    Words("从案件现在的状态不能走这一步。",
                          "The step does not follow from the state the case is in.")),
    "changed": Kind(412, Words("已被别人改过", "Changed meanwhile"),
                    Words("If-Match 不是最新版本；changes 里是之后发生的事。",
                          "If-Match is not the newest version; changes says what came after.")),
    "too-large": Kind(413, Words("太大", "Too large"),
                      Words("正文超过上限。", "The body is larger than is taken.")),
    "not-valid": Kind(422, Words("填写有误", "Not valid"),
                      Words("errors 里逐项说明哪里不对。", "errors says what is wrong where.")),
    "key-reused": Kind(422, Words("幂等键用过了", "Idempotency key used before"),
                       Words("同一个 Idempotency-Key 带来了另一个请求。",
                             "The same Idempotency-Key came with another request.")),
    "version-missing": Kind(428, Words("要带版本", "A version is needed"),
                            Words("办理要带 If-Match，值是看到的 ETag。",
                                  "A move needs If-Match with the ETag you have seen.")),
    "too-often": Kind(429, Words("太频繁", "Too often"),
                      Words("密钥这一小时的次数用完了，见 Retry-After。",
                            "The key's quota of this hour is used up; see Retry-After.")),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field; ``field`` is its path, ``reporter.phone``."""

    field: str
    detail: Words


@dataclass
class Problem(Exception):
    """A question that cannot be answered; faces of the API raise it or make it of a refusal."""

    kind: str
    detail: Words
    code: str = ""
    errors: Iterable[Fault] = ()
    more: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def told(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The problem as an answer, in the language being read."""
    kind = KINDS[problem.kind]
    body = {
        "type": request.build_absolute_uri(f"{DOCS}#{problem.kind}"), "title": str(kind.title),
        "status": kind.status, "detail": str(problem.detail),
        "code": problem.code or problem.kind.replace("-", "_"),
        "errors": [{"field": fault.field, "detail": str(fault.detail)}
                   for fault in problem.errors],
        **problem.more,
    }
    answer = HttpResponse(json.dumps(body, ensure_ascii=False), status=kind.status,
                          content_type=MEDIA_TYPE, headers=dict(problem.headers))
    answer.refusal_code = body["code"]  # type: ignore[attr-defined]  # for the log of requests
    return answer


def not_found() -> Problem:
    """There is no such thing, or none that this key may see."""
    return Problem("not-found", Words("没有这一项，或不在你看得到的范围里。",
                                      "There is no such thing within what you see."))


def not_valid(*errors: Fault) -> Problem:
    """Fields that are wrong, each with its words."""
    return Problem("not-valid", Words("有 {n} 处填写有误。",
                                      "{n} {n:field is|fields are} not valid.").filled(
        n=len(errors)), errors=errors)
