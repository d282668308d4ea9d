"""How times and lengths are said shortly, and the words the frame itself uses. Pure."""

from datetime import datetime

from yiwang.algorithms.words import Words

MADE_UP = Words("边界或数据为示意，非实测", "boundaries or figures made up for illustration")
ILLUSTRATIVE = Words("示意", "illustrative")
WHO_HOLDS = Words("谁拿着", "who holds it")

HOUR = 60
DAY = 24 * HOUR
EXACT = 100  # metres: below it each is said
KILOMETRE = 1000
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def moment(at: datetime, *, now: datetime) -> Words:
    """A local time as seen from ``now``: 08:42, 昨 16:50, 11-25 14:00, 2025-11-25."""
    clock = f"{at:%H:%M}"
    if at.date() == now.date():
        return Words(clock, clock)
    days = (now.date() - at.date()).days
    if days in (1, -1):
        zh, en = ("昨", "yesterday") if days == 1 else ("明", "tomorrow")
        return Words(f"{zh} {clock}", f"{en} {clock}")
    month = MONTHS[at.month - 1]
    if at.year == now.year:
        return Words(f"{at:%m-%d} {clock}", f"{at.day} {month} {clock}")
    return Words(f"{at:%Y-%m-%d}", f"{at.day} {month} {at.year}")


def distance(metres: float) -> Words:
    """A way as people say it: 64 米, 640 米, 1.6 公里; to ten metres from a hundred on."""
    short = round(metres) if metres < EXACT else round(metres / 10) * 10
    if short < KILOMETRE:
        return Words(f"{short} 米", f"{short} m")
    return Words(f"{metres / KILOMETRE:.1f} 公里", f"{metres / KILOMETRE:.1f} km")


def lasting(minutes: float) -> Words:
    """Minutes as people say them: 18 分, 1 小时 10 分, 3 小时, 2 天 4 小时."""
    whole = round(minutes)
    if whole < HOUR:
        return Words(f"{whole} 分", f"{whole} min")
    if whole < DAY:
        hours, rest = divmod(whole, HOUR)
        return _two(hours, rest, ("小时", "分"), ("h", "min"))
    days, rest = divmod(whole, DAY)
    return _two(days, rest // HOUR, ("天", "小时"), ("d", "h"))


def _two(big: int, small: int, zh: tuple[str, str], en: tuple[str, str]) -> Words:
    tail = (f" {small} {zh[1]}", f" {small} {en[1]}") if small else ("", "")
    return Words(f"{big} {zh[0]}{tail[0]}", f"{big} {en[0]}{tail[1]}")
