"""Working time: the four kinds of clock on a calendar with make-up workdays. Plain Python.

``due`` gives a deadline, ``elapsed`` the time run, ``derivation`` says how it was counted.
"""

from .announced import announced_calendar
from .calendar import WEEKENDS_ONLY, Calendar
from .deadline import Deadline, due, earlier, elapsed, is_working_time, next_working_time
from .derivation import derivation, due_words, provisional_words
from .errors import TermError
from .hours import OFFICE_HOURS, OfficeHours
from .kinds import TERM_RULE, ClockKind, TermRule
from .phrases import amount_words, joined, length_words, moment_words
from .standstill import moved
from .steps import Step, StepKind
from .timeline import ZONE
from .year_file import YearFile, parse_year_file

__all__ = [
    "OFFICE_HOURS",
    "TERM_RULE",
    "WEEKENDS_ONLY",
    "ZONE",
    "Calendar",
    "ClockKind",
    "Deadline",
    "OfficeHours",
    "Step",
    "StepKind",
    "TermError",
    "TermRule",
    "YearFile",
    "amount_words",
    "announced_calendar",
    "derivation",
    "due",
    "due_words",
    "earlier",
    "elapsed",
    "is_working_time",
    "joined",
    "length_words",
    "moment_words",
    "moved",
    "next_working_time",
    "parse_year_file",
    "provisional_words",
]
