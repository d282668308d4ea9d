"""Search over numbers, places and words, inside the reader's scope."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from yiwang.algorithms.words import Words
from yiwang.kernel import rows
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.names import area_words, kind_words, unit_names
from yiwang.kernel.cases.playbook_store import load
from yiwang.kernel.cases.queries import visible_cases
from yiwang.kernel.people.rules import Actor
from yiwang.kernel.practice import practices
from yiwang.kernel.records.search import MOST, find
from yiwang.shell.doors import Asked, door

from .case_page import may_see

LONGEST = 80  # characters of a question; the rest is left off
SHOWN = 50
FEW = 3  # hits that are read one by one: a whole number finds one
SERIAL = 6  # digits of a number's serial: 4217 is asked as 004217, too


@dataclass(frozen=True, slots=True)
class Hit:
    """A case found, named in words."""

    case: Case
    kind: Words
    area: Words
    state: Words


@door("case.view")
def search(request: Asked) -> HttpResponse:
    """Hits of the reader's scope, newest first; a whole number leads straight to its case."""
    asked = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LONGEST]
    ids = found_ids(asked) if asked else []
    cases = found_cases(request.actor, ids)
    if len(cases) == 1 and cases[0].number == asked.upper():
        return redirect("case-detail", cases[0].id)
    units = unit_names(case.area for case in cases)
    hits = [hit(case, units) for case in cases[:SHOWN]]
    return render(request, "shell/case/search.html", {
        "asked": asked, "hits": hits, "more": len(cases) > SHOWN, "shown": SHOWN, "at": now(),
        "looked_at": MOST if len(ids) >= MOST else 0})


def hit(case: Case, units: dict[str, Words]) -> Hit:
    """A case as a line of the results."""
    state = load(case.playbook, case.playbook_version).state(case.state).label
    return Hit(case, kind_words(case.kind), area_words(case.area, units), state)


def found_ids(asked: str) -> list[UUID]:
    """Ids that hold the words; a bare serial also with the zeros people leave out."""
    ids = find(asked)
    if asked.isascii() and asked.isdigit() and len(asked) < SERIAL:
        ids += find(asked.zfill(SERIAL))
    return ids


def found_cases(actor: Actor, ids: list[UUID]) -> list[Case]:
    """What the actor may see of these hits, newest first, at most one page and one more."""
    if len(ids) <= FEW:
        return _few_cases(actor, ids)
    seen: list[Case] = []
    for practice in practices:
        found = visible_cases(actor, practice=practice.code).filter(id__in=ids[:MOST])
        seen += found.defer("text", "facts").order_by("-opened_at", "-id")[: SHOWN + 1]
    return sorted(seen, key=lambda case: case.opened_at, reverse=True)[: SHOWN + 1]


def _few_cases(actor: Actor, ids: list[UUID]) -> list[Case]:
    """The same for a handful, each read by its id and judged as its own page would be."""
    served = {practice.code for practice in practices}
    found = [rows.one(Case, id=id_) for id_ in dict.fromkeys(ids)]
    seen = [case for case in found if case and case.practice in served and may_see(actor, case)]
    return sorted(seen, key=lambda case: (case.opened_at, case.id), reverse=True)
