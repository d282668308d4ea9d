"""A request of another Open311 endpoint as a case of ours, or everything that is wrong with it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.bulk import HistoricCase
from yiwang.kernel.cases.names import kind_words
from yiwang.kernel.people.rules import Actor
from yiwang.kernel.places.locate import locate_all
from yiwang.practices.events.kinds import PRACTICE
from yiwang.practices.events.models import ImportSource
from yiwang.practices.events.rules import NOTES_MARK, title_of
from yiwang.practices.events.states import EVENT

from .names import LONGEST_ADDRESS, Reach
from .open311_services import Services
from .problems import BadCellError, Problem
from .reading import BROKEN, Row
from .values import EARLIEST, degrees_of, name_of, number_of, text_of

# The standard settles what each field means: a source with this mapping speaks Open311.
OPEN311: dict[str, str] = {
    "service_request_id": "number", "requested_datetime": "opened", "updated_datetime": "closed",
    "status": "status", "service_code": "kind", "description": "text", "address": "address",
    "long": "longitude", "lat": "latitude",
}
_KNOWN = frozenset({*OPEN311, "service_name", "status_notes", "media_url", "state",
                    "agency_responsible", "expected_datetime", "service_notice", "address_id",
                    "zipcode", "extended_attributes"})
_KEPT = 500  # characters kept of a field that the standard does not know
_ISO = Words("写成带时区的时间，如 2026-11-30T08:00:00+08:00。",
             "Write a moment with its zone, such as 2026-11-30T08:00:00+08:00.")


@dataclass
class Requests:
    """What the requests of a source become. ``look_ahead`` reads a chunk's places and services."""

    source: ImportSource
    reach: Reach
    services: Services
    areas: dict[int, str] = field(default_factory=dict)
    points: dict[int, tuple[float, float]] = field(default_factory=dict)

    @classmethod
    def of(cls, source: ImportSource, reach: Reach) -> "Requests":
        """Ready for a run of the source."""
        return cls(source, reach, Services.of(source))

    def look_ahead(self, rows: Sequence[Row], *, by: Actor, at: datetime) -> None:
        """Locate all points of a chunk at once, and make classes of new services."""
        self.services.learn({(code_of(row), name_of(row.cells.get("service_name")))
                             for row in rows}, by=by, at=at)
        self.points = {row.number: point for row in rows if (point := _point(row, []))}
        lons, lats = zip(*self.points.values(), strict=True) if self.points else ((), ())
        found = locate_all(lons, lats, on=at.date()) if lons else []
        self.areas = {number: place.code for number, place in zip(self.points, found, strict=True)
                      if place and self.reach(place.code)}

    def case_of(self, row: Row, *, as_open: bool) -> tuple[HistoricCase | None, list[Problem]]:
        """The case of a request, or every problem of it, not only the first."""
        if BROKEN in row.cells:
            return None, [Problem("", Words("不是一个 JSON 对象。", "This is no JSON object."),
                                  Words("每行一件。", "Write one request a line."))]
        problems: list[Problem] = []
        number = _read(row, "service_request_id", id_of, problems)
        opened = _read(row, "requested_datetime", moment_of, problems)
        updated = _read(row, "updated_datetime", _moment_or_none, problems)
        is_open = _read(row, "status", _is_open, problems)
        point = self.points.get(row.number) or _point(row, problems)
        area = self.areas.get(row.number, self.source.area)
        if not self.reach(area):
            problems.append(_out_of_reach(area))
        if problems:
            return None, problems
        return self._case(row, number, opened, updated, is_open or as_open, point, area), []

    def _case(
        self, row: Row, number: str, opened: datetime, updated: datetime | None, is_open: bool,
        point: tuple[float, float] | None, area: str,
    ) -> HistoricCase:
        words, notes = text_of(row.cells.get("description")), text_of(row.cells.get("status_notes"))
        address = " ".join(text_of(row.cells.get("address")).split())
        kind = self.services.kind_of(code_of(row))
        name = name_of(row.cells.get("service_name")) or kind_words(kind).zh
        return HistoricCase(
            practice=PRACTICE, playbook=EVENT.code, kind=kind, area=area, channel="open311",
            external_id=f"{self.source.code}/{number}", title=title_of(name, words, address),
            text=f"{words}{NOTES_MARK}{notes}" if notes else words, opened_at=opened,
            state="" if is_open else "closed", closed_at=None if is_open else updated,
            changed_at=updated or opened, address=address[:LONGEST_ADDRESS],
            longitude=point[0] if point else None, latitude=point[1] if point else None,
            facts={"source": _as_given(row, number, outside=row.number not in self.areas)},
        )


def request_number(row: Row) -> str:
    """The id of a request that can be read; empty for another."""
    try:
        moment_of(row.cells.get("requested_datetime"))
        _moment_or_none(row.cells.get("updated_datetime"))
        _is_open(row.cells.get("status"))
        degrees_of(row.cells.get("long"), 180)
        degrees_of(row.cells.get("lat"), 90)
        return id_of(row.cells.get("service_request_id"))
    except BadCellError:
        return ""


def all_once(rows: Iterable[Row]) -> bool:
    """Whether all ids are plain digits and no two alike: then no row need be read to the end."""
    seen: set[str] = set()
    for row in rows:
        text = str(row.cells.get("service_request_id"))
        if text in seen or not (text.isascii() and text.isdigit()):
            return False
        seen.add(text)
    return True


def id_of(cell: object) -> str:
    """The request's id, as text: a whole number is its digits. Raises ``BadCellError``."""
    if isinstance(cell, str) and cell.isdigit() and len(cell) <= 60:
        return cell
    return number_of(str(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell)


def moment_of(cell: object) -> datetime:
    """A moment with its zone; raises ``BadCellError``."""
    try:
        at = datetime.fromisoformat(str(cell or ""))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or at.date() < EARLIEST:
        raise BadCellError(
            Words("“{text}”不是 1980 年以后带时区的时间。",
                  "“{text}” is no moment since 1980 with its zone.").filled(
                text=text_of(cell, most=40)), _ISO)
    return at


def code_of(row: Row) -> str:
    """The request's service code; its name where it has no code."""
    return name_of(row.cells.get("service_code")) or name_of(row.cells.get("service_name"))


def _moment_or_none(cell: object) -> datetime | None:
    return moment_of(cell) if cell not in (None, "") else None


def _is_open(cell: object) -> bool:
    word = name_of(cell).lower()
    if word not in {"open", "closed"}:
        raise BadCellError(
            Words("状态“{text}”不是 open 或 closed。",
                  "The status “{text}” is neither open nor closed.").filled(text=word),
            Words("按 GeoReport v2 写 open 或 closed。", "GeoReport v2 knows open and closed."))
    return word == "open"


def _point(row: Row, problems: list[Problem]) -> tuple[float, float] | None:
    lon = _read(row, "long", lambda cell: degrees_of(cell, 180), problems)
    lat = _read(row, "lat", lambda cell: degrees_of(cell, 90), problems)
    return None if lon is None or lat is None else (lon, lat)


def _read(row: Row, name: str, parse: Callable[[object], Any], problems: list[Problem]) -> Any:
    try:
        return parse(row.cells.get(name))
    except BadCellError as wrong:
        problems.append(Problem(name, wrong.what, wrong.todo))
        return None


def _out_of_reach(area: str) -> Problem:
    return Problem("", Words("“{area}”不在你的管理范围。", "“{area}” lies outside your area."
                             ).filled(area=area),
                   Words("请上一级导入。", "Ask the level above to import it."))


def _as_given(row: Row, number: str, *, outside: bool) -> dict[str, Any]:
    """Where it comes from, and what no column of a case holds. Words are not among it."""
    cells = row.cells
    given = {
        "number": number, "service": code_of(row), "media_url": text_of(cells.get("media_url")),
        "agency": name_of(cells.get("agency_responsible")), "outside": outside,
        "columns": {name: text_of(cell, most=_KEPT) for name, cell in cells.items()
                    if name not in _KNOWN},
    }
    return {name: value for name, value in given.items() if value}
