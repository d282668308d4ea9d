"""Joining a repeat to the case it repeats, safely at any moment; or telling two cases apart."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.rules import Actor, check_can

from .duplicates import told_apart
from .models import Case
from .step import commit_step

LONGEST_CHAIN = 20  # repeats of repeats that are followed


def hold_still(case: Case, changes: dict[str, Any]) -> None:
    """Within the transaction of a merging: the other case stays, open, until it is written.

    Two people who join two cases to each other at once would otherwise leave nobody with either.
    """
    other = changes["merged_into_id"]
    both = Case.objects.select_for_update().filter(id__in=(case.id, other)).order_by("id")
    held = {found.id: found for found in both}
    if other not in held or not held[other].is_open:
        raise Refusal(
            "other_not_open",
            Words("要并入的那件已经办结或并走了。",
                  "The case to join is closed, or was joined to another."),
            Words("选一件在办的，或作为新的一件办。",
                  "Choose an open one, or treat this as a new one."),
            field="case")


def main_of(case: Case) -> Case:
    """The case that is worked on: where its repeat was joined to, and where that one was."""
    for _ in range(LONGEST_CHAIN):
        if case.merged_into_id is None:
            break
        case = Case.objects.select_related("handler", "holder").get(id=case.merged_into_id)
    return case


@transaction.atomic
def tell_apart(case: Case, other: UUID, *, by: Actor, at: datetime) -> Case:
    """Remember that ``other`` is another matter, so that nobody is asked again."""
    check_can(by, "case.triage", area=case.area, practice=case.practice)
    known = told_apart(case)
    if str(other) in known:
        return case
    number = Case.objects.filter(id=other, practice=case.practice).exclude(id=case.id).values_list(
        "number", flat=True).first()
    if number is None:
        raise Refusal("no_such_case", Words("没有这件。", "There is no such case."))
    facts = {**case.facts, "told_apart": [*known, str(other)]}
    return commit_step(case, verb="tell_apart", by=by, at=at, changes={"facts": facts},
                       note={"other": number})
