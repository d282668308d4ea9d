"""Follow a case by its code: no account, no search engine, nothing about anybody else."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.calendar import calendar_now
from yiwang.kernel.cases.joining import main_of
from yiwang.kernel.cases.may import open_moves, reporter_of
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.moves import make_move
from yiwang.kernel.cases.names import area_names, kind_words
from yiwang.kernel.cases.needs import Incomplete
from yiwang.kernel.cases.playbook_store import load
from yiwang.kernel.errors import Refusal
from yiwang.kernel.records.pace import is_over, keep_pace
from yiwang.kernel.records.pace_rules import too_often
from yiwang.shell.callers import caller_address
from yiwang.shell.doors import public
from yiwang.shell.web.case_times import case_lamp

from ..actions.report import both
from ..queries.followed import by_code, outcome_of, shown_photos, story
from ..rules import WRONG_CODE_PACE

REASON = "whoever holds the follow code may see and rate that one case"


@public("a field for a follow code, nothing else")
@never_cache
def find(request: HttpRequest) -> HttpResponse:
    """Type a code; a right one leads to its page."""
    code = request.GET.get("code", "")
    if not code.strip():
        return _private(render(request, "events/follow/find.html", {"code": ""}))
    case, wrong, status = looked_up(request, code)
    if case is not None:
        return redirect("follow-case", code=case.follow_code)
    return _private(render(request, "events/follow/find.html", {"code": code, "wrong": wrong},
                           status=status))


@public(REASON)
@never_cache
@require_safe
def case(request: HttpRequest, code: str) -> HttpResponse:
    """The page of one case."""
    found, wrong, status = looked_up(request, code)
    if found is None:
        return _private(render(request, "events/follow/find.html",
                               {"code": code, "wrong": wrong}, status=status))
    return shown(request, found)


@public(REASON)
@require_POST
def move(request: HttpRequest, code: str) -> HttpResponse:
    """Rate, or say that it is not solved."""
    found, wrong, status = looked_up(request, code)
    if found is None:
        return _private(render(request, "events/follow/find.html",
                               {"code": code, "wrong": wrong}, status=status))
    given = {name: request.POST.get(name, "") for name in ("stars", "words", "reason")}
    verb = "reopen" if request.POST.get("move") == "reopen" else "rate"
    try:
        make_move(found, verb, by=reporter_of(found), at=timezone.now(), given=given)
    except Incomplete as incomplete:
        return shown(request, found, typed=given, wrong=incomplete.wrong, status=422)
    except Refusal as refusal:
        return shown(request, found, typed=given, wrong={"": both(refusal)}, status=409)
    return redirect(reverse("follow-case", args=[found.follow_code]) + f"?done={verb}")


def looked_up(request: HttpRequest, code: str) -> tuple[Case | None, Words | None, int]:
    """The case, or what to say: codes that lead nowhere are counted per network address."""
    at, who = timezone.now(), caller_address(request)
    if is_over(WRONG_CODE_PACE, who, at=at):
        return None, both(too_often(WRONG_CODE_PACE)), 429
    found = by_code(code)
    if found is not None:
        return found, None, 200
    try:
        keep_pace(WRONG_CODE_PACE, who, at=at)
    except Refusal as refusal:
        return None, both(refusal), 429
    return None, WRONG_CODE, 404


WRONG_CODE = Words(
    "没有这个查询码。请对照发出时给你的 10 位码，字母和数字里没有 0、1、I、O。",
    "There is no such code. Compare it with the ten characters you were given; it has no 0, "
    "1, I or O.",
)


def shown(
    request: HttpRequest, case: Case, *, typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, Words] | None = None, status: int = 200,
) -> HttpResponse:
    """The story, who has it, by when, the outcome, the photos, and what the reporter may do."""
    main = main_of(case)
    playbook = load(main.playbook, main.playbook_version)
    offered = open_moves(case, load(case.playbook, case.playbook_version), reporter_of(case),
                         at=timezone.now())
    code = {offer.code for offer in offered}
    return _private(render(request, "events/follow/case.html", {
        "case": case, "main": main, "state": playbook.state(main.state),
        "lamp": case_lamp(main, at=timezone.now(), calendar=calendar_now()),
        "story": story(main, mine=main.id == case.id),
        "kind": kind_words(case.kind),
        "cell": area_names([case.area])[case.area], "outcome": outcome_of(main),
        "photos": shown_photos(case), "may_rate": "rate" in code, "may_reopen": "reopen" in code,
        "typed": typed or {}, "wrong": wrong or {}, "whole": (wrong or {}).get(""),
        "new": request.GET.get("new") == "1", "done": request.GET.get("done", ""),
        "address": request.build_absolute_uri(reverse("follow-case", args=[case.follow_code])),
        "stars": ((5, Words("很满意", "very good")), (4, Words("满意", "good")),
                  (3, Words("一般", "fair")), (2, Words("不满意", "poor")),
                  (1, Words("很不满意", "very poor"))),
    }, status=status))


def _private(answer: HttpResponse) -> HttpResponse:
    """Not for search engines, and the address with its code is told to no other site.

    ``no-referrer`` would also hide the form's origin, and the server would refuse what it sends.
    """
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Referrer-Policy"] = "same-origin"
    return answer
