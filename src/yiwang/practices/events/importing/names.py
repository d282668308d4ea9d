"""Names in a foreign table as our codes: its places, units and classes, of one source."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self
from uuid import UUID

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.bulk import HistoricCase
from yiwang.kernel.cases.models import Kind
from yiwang.kernel.people.models import Team
from yiwang.kernel.people.queries import within
from yiwang.kernel.places.models import Unit
from yiwang.practices.events.kinds import PRACTICE, translate
from yiwang.practices.events.models import ImportSource
from yiwang.practices.events.states import EVENT

from .channels import channel_of
from .foreign import ForeignEvent
from .problems import Problem

LONGEST_TITLE = 120  # kernel.cases.models.Case.title
LONGEST_ADDRESS = 200
LEARN = Words("先运行 yiwang learn 学习这个文件，或改正名称。",
              "Run “yiwang learn” on this file first, or correct the name.")
Reach = Callable[[str], bool]


@dataclass
class Names:
    """What a source's names stand for here. ``reach`` says which areas the importer may fill."""

    source: ImportSource
    reach: Reach
    streets: dict[str, str] = field(default_factory=dict)
    communities: dict[tuple[str, str], str] = field(default_factory=dict)
    teams: dict[str, UUID] = field(default_factory=dict)
    kinds: dict[tuple[str, ...], str] = field(default_factory=dict)
    codes: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, source: ImportSource, reach: Reach) -> Self:
        """Read all of them, in three queries."""
        names = cls(source, reach)
        for code, name in Unit.objects.filter(within(source.area, "code")).values_list(
            "code", "name"
        ):
            if len(code) == 9:
                names.streets[name] = code
            elif len(code) == 12:
                names.communities[code[:9], name] = code
        teams = Team.objects.filter(within(source.area, "unit_code"), until__isnull=True)
        names.teams = dict(teams.order_by("-code").values_list("name", "id"))
        names.kinds = kind_paths(source.kind_list)
        kinds = Kind.objects.filter(list__practice=PRACTICE)
        names.codes = set(kinds.values_list("code", flat=True))
        return names

    def area_of(self, event: ForeignEvent) -> str | None:
        """The narrowest unit that is named; the source's whole area where none is."""
        if event.area:
            known = event.area.isascii() and event.area.isdigit() and len(event.area) <= 24
            return event.area if known else None
        if not event.street:
            return self._community_anywhere(event.community)
        street = self.streets.get(event.street)
        if street is None or not event.community:
            return street
        return self.communities.get((street, event.community))

    def _community_anywhere(self, name: str) -> str | None:
        """A community named without its street: only where no two are called so."""
        if not name:
            return self.source.area
        found = [code for (_, called), code in self.communities.items() if called == name]
        return found[0] if len(found) == 1 else None

    def kind_of(self, event: ForeignEvent) -> str | None:
        """The class, by its code or by its names; empty classes fall to the list itself."""
        if event.kind:
            full = event.kind if "/" in event.kind else f"{self.source.kind_list}/{event.kind}"
            return translate(full) if full in self.codes else self._kind_called(event.kind)
        if not event.classes:
            return self.source.kind_list
        return self.kinds.get(event.classes)

    def _kind_called(self, name: str) -> str | None:
        """A class named without those above it: only where no two are called so."""
        found = [code for path, code in self.kinds.items() if path[-1] == name]
        return found[0] if len(found) == 1 else None

    def case_of(
        self, event: ForeignEvent, columns: dict[str, str], *, as_open: bool
    ) -> tuple[HistoricCase | None, list[Problem]]:
        """The case of an event, or every name that is not known. ``columns``: field → column."""
        area, kind = self.area_of(event), self.kind_of(event)
        team = self.teams.get(event.unit)
        place = event.area or "·".join(filter(None, (event.street, event.community)))
        problems = [
            Problem(columns.get(name, ""),
                    Words("不认识“{value}”。", "“{value}” is not known.").filled(value=value),
                    LEARN)
            for name, value, missing in (
                ("community" if event.community else "street", place, area is None),
                ("kind" if event.kind else "class1", event.kind or " / ".join(event.classes),
                 kind is None),
                ("unit", event.unit, bool(event.unit) and team is None),
            ) if missing
        ]
        if area is not None and not self.reach(area):
            problems.append(_out_of_reach(columns, place or area))
        if problems or area is None or kind is None:
            return None, problems
        still_open = as_open or _still_open(event, columns)
        return self._case(event, area, kind, None if still_open else team, still_open), []

    def _case(
        self, event: ForeignEvent, area: str, kind: str, team: UUID | None, still_open: bool
    ) -> HistoricCase:
        return HistoricCase(
            practice=PRACTICE, playbook=EVENT.code, kind=kind, area=area,
            external_id=f"{self.source.code}/{event.number}", title=title_of(event),
            text=event.text, channel=channel_of(event.channel), opened_at=event.opened.at,
            state="" if still_open else "closed", held="working", handler_id=team,
            closed_at=None if still_open else event.closed,
            late=bool(event.late) and not still_open, address=event.address[:LONGEST_ADDRESS],
            longitude=event.point[0] if event.point else None,
            latitude=event.point[1] if event.point else None,
            facts={"source": _as_given(event)},
        )


def _still_open(event: ForeignEvent, columns: dict[str, str]) -> bool:
    """A source that tells when cases end, and says nothing of this one."""
    tells = "closed" in columns or "punctual" in columns
    return tells and event.closed is None and event.late is None


def _out_of_reach(columns: dict[str, str], place: str) -> Problem:
    return Problem(
        columns.get("community", columns.get("street", "")),
        Words("“{place}”不在你的管理范围。", "“{place}” lies outside your area.").filled(
            place=place),
        Words("请上一级导入。", "Ask the level above to import it."),
    )


def _as_given(event: ForeignEvent) -> dict[str, object]:
    """The source's own words that no column of a case holds."""
    given = {
        "number": event.number, "channel": event.channel, "property": event.property,
        "classes": list(event.classes), "unit": event.unit, "columns": dict(event.others),
        "place": [event.street, event.community], "day_only": event.opened.day_only,
    }
    return {name: value for name, value in given.items() if value}


def title_of(event: ForeignEvent) -> str:
    """Its title, else the beginning of its words, else its class and place."""
    if event.title:
        return event.title[:LONGEST_TITLE]
    if event.text:
        return " ".join(event.text.split())[:40]
    parts = (event.classes[-1] if event.classes else event.kind, event.community or event.street)
    return " · ".join(filter(None, parts))[:LONGEST_TITLE] or event.number


def kind_paths(list_code: str) -> dict[tuple[str, ...], str]:
    """Names from the widest class down → code: a name may stand under several classes."""
    names = dict(Kind.objects.filter(list=list_code).values_list("code", "name"))
    return {_path(code, names): code for code in names}


def _path(code: str, names: dict[str, str]) -> tuple[str, ...]:
    above = code.rpartition(".")[0]
    return (*(_path(above, names) if above in names else ()), names[code])
