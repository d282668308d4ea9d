"""The parts by kind, unit, track, area and source."""

from collections.abc import Mapping
from decimal import Decimal

from yiwang.algorithms.words import Words

from ..counting import BETWEEN
from ..document import Block, Cell, Chart, Series, Table
from ..names import (
    Naming,
    areas_named,
    channels_named,
    clauses_of,
    kinds_named,
    return_types,
    teams_named,
    tracks_named,
)
from ..rules import NO_RECORD, UnitMonth, change_words, share
from .parts import Writing, number, ordered, per_cent

BARS = 10  # the most a chart shows; the table has all
RECEIVED = Words("新收", "received")
CLOSED = Words("办结", "closed")
IN_TIME = Words("按时率", "in time")


def kinds(writing: Writing) -> list[Block]:
    """The commonest as bars, all of them as a table with last month's."""
    now = writing.counted.counts("opened", "kind")
    if not now:
        return []
    names, keys = kinds_named(now), ordered([now], now)
    table = Table(
        Words("各类别", "By kind"),
        (Words("类别", "kind"), RECEIVED, Words("占比", "share"), Words("上月", "last month"),
         Words("环比", "on last month")),
        tuple(_kind_row(writing, key, now, names[key]) for key in keys))
    return [_bars(Words("新收最多的类别（件）", "Commonest kinds received"), keys, now, names),
            table]


def kinds_before(writing: Writing) -> dict[str, int] | None:
    """Last month's kinds; None where they cannot be compared."""
    before = writing.month.later(-1)
    if writing.why_not(before) is not None:
        return None
    return writing.counted.counts("opened", "kind", before)


def _kind_row(writing: Writing, key: str, now: Mapping[str, int], name: Words) -> tuple[Cell, ...]:
    before = writing.month.later(-1)
    part = per_cent(share(now[key], sum(now.values())))
    shown = writing.cell("opened", now[key], "kind", key)
    if not writing.counted.on_record(before):
        return Cell(name), shown, Cell(part), Cell(NO_RECORD), Cell(NO_RECORD)
    was = writing.counted.counts("opened", "kind", before).get(key, 0)
    change = writing.why_not(before) or change_words(Decimal(now[key]), Decimal(was))
    return (Cell(name), shown, Cell(part), writing.cell("opened", was, "kind", key, before),
            Cell(change))


def units(writing: Writing) -> list[Block]:
    """What each unit closed, how much of it in time, what was sent back by type."""
    counted = writing.counted
    closed = counted.counts("closed", "handler")
    if not closed:
        return []
    names, keys = teams_named(closed), ordered([closed], closed)
    types = return_types()
    table = Table(
        Words("各承办单位", "By unit"),
        (Words("单位", "unit"), CLOSED, Words("超时", "late"), IN_TIME,
         Words("退回重办", "sent back"), *types.values()),
        tuple(_unit_row(writing, key, names[key], closed[key]) for key in keys))
    return [_bars(Words("各承办单位办结（件）", "Closed by unit"), keys, closed, names), table,
            *refused(writing)]


def _unit_row(writing: Writing, key: str, name: Words, closed: int) -> tuple[Cell, ...]:
    late = writing.counted.counts("closed_late", "handler").get(key, 0)
    kept = writing.counted.by("in_time", "handler").get(key)
    sent_back = returns_of(writing, key)
    return (
        Cell(name), writing.cell("closed", closed, "handler", key),
        writing.cell("closed_late", late, "handler", key),
        Cell(per_cent(kept), f"{writing.practice}.in_time", str(writing.month), "handler", key),
        writing.cell("returned", sum(sent_back.values()), "handler", key),
        *(Cell(number(n)) for n in sent_back.values()))


def returns_of(writing: Writing, key: str) -> dict[str, int]:
    """A unit's returns by type."""
    found = writing.counted.counts("returned", "handler_return")
    return {kind: found.get(f"{key}{BETWEEN}{kind}", 0) for kind in return_types()}


def unit_months(writing: Writing) -> list[UnitMonth]:
    """The units as the rules of what stands out want them."""
    late = writing.counted.counts("closed_late", "handler")
    kept = writing.counted.counts("closed_in_time", "handler")
    keys = ordered([late, kept], kept)
    names = teams_named(keys)
    return [UnitMonth(names[key], kept.get(key, 0) + late.get(key, 0), late.get(key, 0),
                      sum(returns_of(writing, key).values())) for key in keys]


def refused(writing: Writing) -> list[Block]:
    """What units refused, by clause."""
    found = writing.counted.counts("refused_once", "clause")
    names = clauses_of(writing.practice)
    if not found:
        return []
    return [Table(
        Words("承办单位退回，按依据", "Refused by units, by clause"),
        (Words("依据", "clause"), Words("件数", "cases")),
        tuple((Cell(names.get(key, Words(key, key))),
               writing.cell("refused_once", found[key], "clause", key))
              for key in ordered([found], found)))]


def placed(writing: Writing) -> list[Block]:
    """By track, by area, by source."""
    tables = (
        _by(writing, "track", Words("各跑道", "By track"), Words("跑道", "track"),
            tracks_named(writing.month)),
        _by(writing, "area", Words("各区域", "By area"), Words("区域", "area"), areas_named),
        _sources(writing))
    return [table for table in tables if table.rows]


def _by(writing: Writing, by: str, title: Words, head: Words, naming: Naming) -> Table:
    counted = writing.counted
    opened, closed = counted.counts("opened", by), counted.counts("closed", by)
    kept = counted.by("in_time", by)
    keys = ordered([opened, closed], opened)
    names = naming(keys)
    return Table(title, (head, RECEIVED, CLOSED, IN_TIME), tuple(
        (Cell(names[key]), writing.cell("opened", opened.get(key, 0), by, key),
         writing.cell("closed", closed.get(key, 0), by, key),
         Cell(per_cent(kept.get(key)), f"{writing.practice}.in_time", str(writing.month), by, key))
        for key in keys))


def _sources(writing: Writing) -> Table:
    opened = writing.counted.counts("opened", "channel")
    keys = ordered([opened], opened)
    names = channels_named(keys)
    return Table(
        Words("各来源", "By source"), (Words("来源", "source"), RECEIVED, Words("占比", "share")),
        tuple((Cell(names[key]), writing.cell("opened", opened[key], "channel", key),
               Cell(per_cent(share(opened[key], sum(opened.values()))))) for key in keys))


def _bars(title: Words, keys: list[str], counts: Mapping[str, int],
          names: Mapping[str, Words]) -> Chart:
    shown = keys[:BARS]
    return Chart("bars", title, tuple(names[key] for key in shown),
                 (Series(title, tuple(counts[key] for key in shown)),))
