"""The phone of a grid worker: today's walk, one visit, and the step made on the spot."""

from collections.abc import Mapping
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.calendar import calendar_now
from yiwang.kernel.cases.evidence import photos_of as case_photos
from yiwang.kernel.cases.may import open_moves
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.names import area_names, kind_words
from yiwang.kernel.cases.needs import Incomplete
from yiwang.kernel.cases.playbook_store import load
from yiwang.kernel.cases.playbooks import Move
from yiwang.kernel.cases.queries import visible_cases
from yiwang.kernel.errors import NotAllowed, Refusal, SomebodyElseDecided
from yiwang.kernel.records.photo_bounds import ACCEPTED, BOUNDS
from yiwang.shell.doors import Asked, door
from yiwang.shell.web.case_times import case_lamp

from ..actions import FieldMove, make_field_move, record_look
from ..actions.report import both
from ..queries.walk import days_walk
from ..rules import PRACTICE
from .report import other_account, who_of
from .report_form import moment_of, once_key_of, photos_of

FIELD_MOVES = ("pass", "send_back")
GIVEN = ("opinion", "reason", "return_type")


@door("case.report")
@never_cache
@ensure_csrf_cookie
@require_safe
def today(request: Asked) -> HttpResponse:
    """Today's visits in walking order, and the big button to report something."""
    day = days_walk(request.actor, at=timezone.now())
    spots = [{"id": str(visit.id), "lon": visit.spot[0], "lat": visit.spot[1]}
             for visit in day.visits if visit.spot]
    areas = sorted({grant.area for grant in request.actor.grants
                    if "case.report" in grant.capabilities})[:3]
    names = area_names(areas)
    return render(request, "events/phone/today.html", {
        "day": day, "spots": spots, "who": who_of(request), "areas": [names[a] for a in areas],
        "checks": day.count("check"), "looks": day.count("look"), "dues": day.count("due"),
    })


@door("case.report")
@never_cache
@ensure_csrf_cookie
@require_safe
def visit(request: Asked, case: UUID) -> HttpResponse:
    """One stop: what was reported, what was done, and the step to make here."""
    reach = visible_cases(request.actor, practice=PRACTICE)
    found = reach.select_related("handler", "holder").filter(id=case).first()
    if found is None:
        raise Http404
    playbook = load(found.playbook, found.playbook_version)
    offered = {move.code: move for move in
               open_moves(found, playbook, request.actor, at=timezone.now())}
    opinions = found.facts.get("opinions") or []
    photos = case_photos(found)
    return render(request, "events/phone/visit.html", {
        "case": found, "who": who_of(request), "state": playbook.state(found.state),
        "lamp": case_lamp(found, at=timezone.now(), calendar=calendar_now()),
        "kind": kind_words(found.kind),
        "cell": area_names([found.area])[found.area], "last": opinions[-1] if opinions else None,
        "moves": [offered[code] for code in FIELD_MOVES if code in offered],
        "types": _return_types(offered), "before": [p for p in photos if p.stage == "report"],
        "after": [p for p in photos if p.stage == "submit"], "bounds": BOUNDS,
        "accepted": ACCEPTED, "may_look": not found.is_open and _looks_due(found),
    })


@door("case.report")
@require_POST
def move(request: Asked) -> JsonResponse:
    """A step from the outbox: made once, or refused in words while the phone keeps the draft."""
    wrong_account = other_account(request)
    if wrong_account is not None:
        return wrong_account
    try:
        case = _made(request)
    except Incomplete as incomplete:
        said = {name: str(words) for name, words in incomplete.wrong.items()}
        return JsonResponse({"code": incomplete.code, "wrong": said}, status=422)
    except (NotAllowed, SomebodyElseDecided) as refusal:
        return _refused(refusal, 409)
    except Refusal as refusal:
        return _refused(refusal, 409 if refusal.code in ("not_from_here", "not_now") else 422)
    except (Case.DoesNotExist, ValueError):
        return _refused(Refusal("no_such_case", Words("没有这件。", "There is no such case.")), 422)
    return JsonResponse({"number": case.number, "code": "", "url": ""})


def _made(request: Asked) -> Case:
    at = timezone.now()
    post = request.POST
    photos, bad_photo = photos_of(request)
    if bad_photo is not None:
        raise bad_photo
    case, key = UUID(post.get("case", "")), once_key_of(request)
    if not visible_cases(request.actor, practice=PRACTICE).filter(id=case).exists():
        raise Case.DoesNotExist
    if post.get("move") == "look":
        return record_look(case, seen=post.get("seen", ""), words=post.get("reason", ""),
                           once_key=key, photos=photos, by=request.actor, at=at)
    if post.get("move") not in FIELD_MOVES:
        raise Case.DoesNotExist
    asked = FieldMove(case, post["move"], {name: post.get(name, "") for name in GIVEN}, key,
                      moment_of(post.get("captured_at", "")), photos)
    return make_field_move(asked, by=request.actor, at=at)


def _refused(refusal: Refusal, status: int) -> JsonResponse:
    return JsonResponse({"code": refusal.code, "wrong": {refusal.field: str(both(refusal))}},
                        status=status)


def _return_types(offered: Mapping[str, Move]) -> tuple[tuple[str, Words], ...]:
    needs = offered["send_back"].needs if "send_back" in offered else ()
    return next((need.choices for need in needs if need.name == "return_type"), ())


def _looks_due(case: Case) -> bool:
    opinions = case.facts.get("opinions") or [{}]
    return bool(opinions[-1].get("look_again"))
