"""Cases of a foreign table as a suggestion would have seen them, in the order of time."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from yiwang.algorithms.owners import Seen
from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.practices.events.importing import fields
from yiwang.practices.events.importing.foreign import ForeignEvent, is_blank, read_event
from yiwang.practices.events.importing.layout import look_at
from yiwang.practices.events.importing.reading import read_rows

LEAST = 50  # cases with a unit; a fifth of fewer measures nothing


@dataclass(frozen=True, slots=True)
class Asked:
    """Cases with a unit, and the rows left out: unreadable, or naming no unit."""

    rows: int
    unreadable: int
    unnamed: int
    cases: list[Seen]


def cases_of(path: Path, mapping: str) -> Asked:
    """Read a table; raises ``Refusal`` where too little can be read. A number's last row wins."""
    layout = look_at(path)
    headers = list(layout.headers)
    columns = fields.parse_mapping(mapping) or fields.guess_mapping(headers)
    fields.check_mapping(columns, headers)
    events, rows = _read(path, columns)
    named = [event for event in events.values() if event is not None and event.unit]
    unreadable = sum(event is None for event in events.values())
    if len(named) < LEAST:
        raise _too_few(len(named), columns)
    named.sort(key=lambda event: event.opened.at)
    return Asked(rows, unreadable, len(events) - unreadable - len(named),
                 [seen(event) for event in named])


def _read(path: Path, columns: Mapping[str, str]) -> tuple[dict[str, ForeignEvent | None], int]:
    events: dict[str, ForeignEvent | None] = {}
    rows = 0
    for row in read_rows(path, look_at(path)):
        if is_blank(row):
            continue
        rows += 1
        event, _ = read_event(row, columns)
        key = event.number if event else f"unreadable {rows}"
        events.pop(key, None)
        events[key] = event
    return events, rows


def seen(event: ForeignEvent) -> Seen:
    """What a dispatcher knows of an event, and who had it. Never how or whether it ended."""
    kinds = event.classes or (event.kind,)
    return Seen(kinds[0], kinds[min(1, len(kinds) - 1)], kinds[-1], event.street,
                event.community, event.channel, event.property, event.opened.at.toordinal(),
                event.unit)


def _too_few(found: int, columns: Mapping[str, str]) -> Refusal:
    if "unit" not in columns.values():
        return Refusal(
            "no_units", Words("没有指明哪一列是处置单位。", "No column says who handled a case."),
            Words("用 --map 列名=unit。", "Use --map COLUMN=unit."), field="mapping")
    return Refusal(
        "too_few_cases",
        Words("只有 {n} 件写明处置单位，不够评估。",
              "Only {n} {n:case names|cases name} a unit: too few to evaluate.").filled(n=found),
        Words("至少要 {least} 件。", "At least {least} are needed.").filled(least=LEAST))
