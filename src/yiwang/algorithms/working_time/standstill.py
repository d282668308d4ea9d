"""A deadline whose clock stood still for a while: it moves by exactly what stood still."""

from collections.abc import Iterable
from datetime import datetime

from .deadline import Deadline, is_unsure, rolled, timeline_of
from .kinds import TERM_RULE, TermRule
from .timeline import local


def moved(
    deadline: Deadline,
    pauses: Iterable[tuple[datetime, datetime]],
    *,
    rule: TermRule = TERM_RULE,
) -> tuple[datetime, bool]:
    """(due moment, provisional) after ``pauses``, each ``(from, to)``, in order and apart.

    What was left when a pause began is left when it ends, measured as the kind of clock measures.
    A pause that began when the term was already over moves nothing.
    """
    line = timeline_of(deadline.kind, deadline.calendar, deadline.hours)
    due_at, end = deadline.due_at, line.position(deadline.term_end)
    for begins, ends in pauses:
        begins, ends = local(begins, field="begins"), local(ends, field="ends")
        if begins > due_at:
            break
        stopped = line.position(begins)
        if stopped > end:  # within the days of rest that the term was moved over
            end = line.position(due_at)
        end += line.position(ends) - stopped
        # Never earlier than without the pause (a term already moved over a day of rest might be),
        # and, where nothing was left, not before the clock goes on.
        due_at = max(
            rolled(deadline.kind, line.reached(end), deadline.calendar, rule), due_at, ends
        )
    unsure = is_unsure(
        deadline.kind, deadline.start, line.reached(end), due_at, deadline.calendar, rule
    )
    return due_at, unsure
