"""What belongs to a case: the parts split off it, and its repeats."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Q

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.calendar import calendar_now
from yiwang.kernel.cases.guards import GUARDS
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.playbook_store import load
from yiwang.kernel.cases.playbooks import Playbook

from .case_times import case_lamp

PARTS_DONE = "children_done"  # the guard that keeps a case open while a part of it is
MOST = 50  # shown on one page


@dataclass(frozen=True)
class Part:
    """A part of a larger case, with the words of its state."""

    case: Case
    state: Words
    lamp: str


class Family:
    """Parts and repeats of ``case``; one query when the first is asked for."""

    def __init__(self, case: Case, playbook: Playbook, at: datetime) -> None:
        self.case, self.playbook, self.at = case, playbook, at

    @cached_property
    def related(self) -> list[Case]:
        """Parts and repeats, oldest first."""
        # As ranges and without an order the two indexes serve it: almost all rows have neither,
        # so that SQLite takes an equality for "most of the table" and walks all cases.
        own, top = self.case.id, self.case.parent_id or self.case.id
        mine = Q(parent__gte=own, parent__lte=own) | Q(merged_into__gte=own, merged_into__lte=own)
        if top != own:
            mine |= Q(parent__gte=top, parent__lte=top)
        found = Case.objects.filter(mine).only(
            "number", "title", "is_open", "opened_at", "parent_id", "merged_into_id", "state",
            "playbook", "playbook_version", "clocks",
        ).order_by()[:MOST]
        others = (case for case in found if case.id != self.case.id)
        return sorted(others, key=lambda case: case.opened_at)

    @cached_property
    def parts(self) -> list[Part]:
        """Cases split off this one, or off the same one as this."""
        return [_part_of(case, self.at) for case in self.related if case.parent_id]

    @property
    def repeats(self) -> list[Case]:
        return [case for case in self.related if case.merged_into_id == self.case.id]

    @property
    def open_parts(self) -> list[Part]:
        """What this case waits for."""
        return [part for part in self.parts
                if part.case.is_open and part.case.parent_id == self.case.id]

    @property
    def waits_for(self) -> Words | None:
        """Why the next step is not offered, where it is open parts that bar it."""
        barred = any(move.when == PARTS_DONE for move in self.playbook.moves_from(self.case.state))
        return GUARDS[PARTS_DONE][1] if barred and self.open_parts else None


def _part_of(case: Case, at: datetime) -> Part:
    state = load(case.playbook, case.playbook_version).state(case.state).label
    return Part(case, state, case_lamp(case, at=at, calendar=calendar_now()))
