"""How moments, days and amounts read in the two languages."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from yiwang.algorithms.words import Words

from .kinds import ClockKind

_EN_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WEEKDAYS = tuple(
    Words(f"周{zh}", en) for zh, en in zip("一二三四五六日", _EN_WEEKDAYS, strict=True)
)
_MINUTE = timedelta(minutes=1)


def moment_words(at: datetime, *, as_end: bool = False) -> Words:
    """``2022-03-14 周一 10:30``. ``as_end``: midnight reads 24:00 of the day it closes."""
    day, clock = day_and_clock(at, as_end=as_end)
    weekday = WEEKDAYS[day.weekday()]
    return Words(f"{day} {weekday.zh} {clock}", f"{weekday.en} {day} {clock}")


def day_and_clock(at: datetime, *, as_end: bool = False) -> tuple[date, str]:
    """The day and the time of day as they are shown; seconds only where there are some."""
    if as_end and (at.hour, at.minute, at.second, at.microsecond) == (0, 0, 0, 0):
        return at.date() - timedelta(days=1), "24:00"
    return at.date(), at.strftime("%H:%M:%S" if at.second else "%H:%M")


def day_words(day: date, *, year: int) -> Words:
    """``周五 03-11``; with its year where that is not ``year``."""
    weekday = WEEKDAYS[day.weekday()]
    return Words(f"{weekday.zh} {short(day, year)}", f"{weekday.en} {short(day, year)}")


def span_words(first: date, last: date, *, year: int) -> Words:
    """One day, two days, or from–to, without weekdays."""
    one, two = short(first, year), short(last, year)
    if first == last:
        return Words(one, one)
    if (last - first).days == 1:
        return Words(f"{one}、{two}", f"{one}, {two}")
    return Words(f"{one} 至 {two}", f"{one} to {two}")


def short(day: date, year: int) -> str:
    """``03-11``, or with the year where it is another one."""
    return f"{day:%m-%d}" if day.year == year else day.isoformat()


def amount_words(kind: ClockKind, amount: float) -> Words:
    """``工作时 4 小时`` / ``4 working hours``."""
    name = kind.label.en[:-1] if amount == 1 else kind.label.en
    if kind.in_days:
        return Words(f"{kind.label.zh} {amount:g} 天", f"{amount:g} {name}")
    length = length_words(timedelta(hours=amount))
    if round(amount, 2) == amount:
        return Words(f"{kind.label.zh} {length.zh}", f"{amount:.10g} {name}")
    return Words(f"{kind.label.zh} {length.zh}", f"{length.en} in {name}")


def length_words(span: timedelta) -> Words:
    """``1.5 小时`` where two decimals say it exactly, otherwise hours, minutes and seconds."""
    if span < timedelta():
        raise ValueError("a length is not negative")
    if span % timedelta(seconds=36) == timedelta():
        hours = f"{span / timedelta(hours=1):.10g}"
        return Words("{n} 小时", "{n} {n:hour|hours}").filled(n=hours)
    minutes, rest = divmod(span, _MINUTE)
    parts = [
        (minutes // 60, Words("小时", "h")),
        (minutes % 60, Words("分", "min")),
        (rest.seconds, Words("秒", "s")),
    ]
    shown = [(number, unit) for number, unit in parts if number] or [(0, parts[-1][1])]
    return Words(
        " ".join(f"{number} {unit.zh}" for number, unit in shown),
        " ".join(f"{number} {unit.en}" for number, unit in shown),
    )


def years_words(years: Sequence[int]) -> Words:
    """``2027``, ``2027、2028``, or ``2027 至 2040`` for three years and more without a gap."""
    if len(years) > 2 and years[-1] - years[0] == len(years) - 1:
        return Words(f"{years[0]} 至 {years[-1]}", f"{years[0]} to {years[-1]}")
    return Words("、".join(map(str, years)), ", ".join(map(str, years)))


def joined(parts: Sequence[Words], *, zh: str = "；", en: str = "; ") -> Words:
    """Clauses in a row, each language with its own mark between them."""
    return Words(zh.join(part.zh for part in parts), en.join(part.en for part in parts))
