"""The four kinds of clock, and the rule by which a term of days ends."""

from dataclasses import dataclass
from enum import StrEnum

from yiwang.algorithms.words import Words

from .errors import TermError


class ClockKind(StrEnum):
    """How a limit counts time (docs/field.md). Values are stored and used in addresses."""

    EMERGENCY_HOURS = "emergency_hours"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"

    @property
    def label(self) -> Words:
        """Its name, to stand before a number."""
        return TITLES[self]

    @property
    def in_days(self) -> bool:
        """Whether amounts are whole days; the other two kinds count hours."""
        return self in (ClockKind.WORKING_DAYS, ClockKind.CALENDAR_DAYS)

    @property
    def follows_office_hours(self) -> bool:
        """Whether time stands still outside office hours; the other two run day and night."""
        return self in (ClockKind.WORKING_HOURS, ClockKind.WORKING_DAYS)

    @classmethod
    def named(cls, text: str) -> "ClockKind":
        """Read ``working-hours``, ``working_hours`` or ``工作时``; raises ``TermError``."""
        plain = text.strip().lower().replace("-", "_")
        for kind in cls:
            if plain in (kind.value, kind.label.zh):
                return kind
        raise TermError(
            Words("没有“{text}”这种时限单位。", "There is no kind of clock named “{text}”.").filled(
                text=text
            ),
            field="kind",
        )


TITLES: dict[ClockKind, Words] = {
    ClockKind.EMERGENCY_HOURS: Words("紧急工作时", "emergency hours"),
    ClockKind.WORKING_HOURS: Words("工作时", "working hours"),
    ClockKind.WORKING_DAYS: Words("工作日", "working days"),
    ClockKind.CALENDAR_DAYS: Words("自然日", "calendar days"),
}


@dataclass(frozen=True, slots=True)
class TermRule:
    """How a term of calendar days ends.

    ``rolls``: a last day that is a day of rest gives way to the first working day after it
    (民法典 第二百零三条; 民事诉讼法 第八十五条, followed in 行政诉讼). That the day of the start
    is not counted (民法典 第二百零一条) and that a term ends with office hours where there are
    such (第二百零三条) is fixed here for working days.
    """

    rolls: bool = True
    source: str = "民法典 第二百零一条、第二百零三条；民事诉讼法 第八十五条"


TERM_RULE = TermRule()
