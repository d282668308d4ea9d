"""The calendar as announced by the State Council so far, seeded from ``chinesecalendar``."""

from datetime import date
from functools import cache

from yiwang.algorithms.words import Words

from .calendar import Calendar

HOLIDAYS: dict[str, Words] = {
    name.en: name
    for name in (
        Words("元旦", "New Year's Day"),
        Words("春节", "Spring Festival"),
        Words("清明节", "Tomb-sweeping Day"),
        Words("劳动节", "Labour Day"),
        Words("端午节", "Dragon Boat Festival"),
        Words("国庆节", "National Day"),
        Words("中秋节", "Mid-autumn Festival"),
        Words("抗战胜利70周年纪念日", "Anti-Fascist 70th Day"),
    )
}


@cache
def announced_calendar() -> Calendar:
    """All years the installed ``chinesecalendar`` knows (1.11: 2004–2026); read once."""
    # Imported here: it costs 20 ms, which a command line that does not need it should not pay.
    from chinese_calendar import constants

    rest: dict[date, str] = constants.holidays
    work: dict[date, str] = constants.workdays
    days = dict.fromkeys(rest, False) | dict.fromkeys(work, True)
    names = {day: named(label) for day, label in (rest | work).items()}
    return Calendar(days, frozenset(day.year for day in rest), names)


def named(label: str) -> Words:
    """The holiday of an English label in both languages; an unknown one stands for itself."""
    return HOLIDAYS.get(label, Words(label, label))
