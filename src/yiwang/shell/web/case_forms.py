"""The form of a move, made from what the move needs; what was typed, read back from a request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.forms.utils import ErrorDict
from django.utils.text import capfirst

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.playbooks import Move, Need, NeedKind
from yiwang.kernel.people.models import Team
from yiwang.kernel.people.peers import known_peers
from yiwang.kernel.people.scopes import next_prefix
from yiwang.kernel.rows import Prepared

COUNTY = 6  # digits: teams of the whole county may be named
MOST_TEAMS = 400  # offered in one form
LAST_CODE = "9" * 13  # above every unit's code
STARS = [(str(n), "★" * n) for n in range(5, 0, -1)]


OfferedTeam = tuple[UUID, Words]


@dataclass(frozen=True, slots=True)
class Offered:
    """What a form offers for picking: teams as (id, name), cases as (number, title)."""

    teams: Sequence[OfferedTeam] = ()
    cases: Sequence[tuple[str, str]] = ()
    recent: tuple[Words, ...] = ()


@dataclass(slots=True)
class Typed:
    """What somebody sent with a move: texts by need, and the uploaded files."""

    texts: dict[str, str] = field(default_factory=dict)
    files: dict[str, list[Any]] = field(default_factory=dict)
    version: int = -1


class MoveForm(forms.Form):
    """Shows the needs of a move. The kernel checks; ``wrong`` is what it found, by need."""

    use_required_attribute = False

    def __init__(self, *args: Any, wrong: Mapping[str, Words] | None = None,
                 **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wrong = wrong or {}

    def full_clean(self) -> None:
        self._errors = ErrorDict()
        self.cleaned_data: dict[str, Any] = {}
        for name, words in self.wrong.items():
            self._errors[name] = self.error_class([str(words)])


def move_form(
    move: Move, *, typed: Typed | None = None,
    wrong: Mapping[str, Words] | None = None,
) -> MoveForm:
    """The form of ``move``; with what was typed and what was wrong with it, when it comes back."""
    form = MoveForm(typed.texts if typed else None, wrong=wrong,
                    auto_id=f"{move.code}-%s", label_suffix="")
    for need in move.needs:
        form.fields[need.name] = _field(need)
    return form


def _field(need: Need) -> forms.Field:
    shape, widget = _WIDGETS[need.kind](need)
    made = forms.CharField(label=capfirst(str(need.label)),
                           required=need.required or need.least > 0,
                           help_text=str(need.hint), widget=widget)
    made.shape = shape  # type: ignore[attr-defined]
    return made


def _line(need: Need) -> tuple[str, forms.Widget]:
    return "line", forms.TextInput(attrs={"autocomplete": "off"})


def _text(need: Need) -> tuple[str, forms.Widget]:
    return "line", forms.Textarea(attrs={"rows": 3})


def _choice(need: Need) -> tuple[str, forms.Widget]:
    choices = [(code, capfirst(str(words))) for code, words in need.choices]
    return "radio", forms.RadioSelect(choices=choices)


def _team(need: Need) -> tuple[str, forms.Widget]:
    return "team", forms.TextInput(attrs={"list": "teams-known", "autocomplete": "off"})


def _case(need: Need) -> tuple[str, forms.Widget]:
    return "case", forms.TextInput(attrs={"list": "cases-near", "autocomplete": "off"})


def _date(need: Need) -> tuple[str, forms.Widget]:
    return "line", forms.DateInput(attrs={"type": "date"})


def _stars(need: Need) -> tuple[str, forms.Widget]:
    return "radio", forms.RadioSelect(choices=STARS)


class ManyFiles(forms.FileInput):
    """One control that takes several pictures."""

    allow_multiple_selected = True


def _photo(need: Need) -> tuple[str, forms.Widget]:
    return "line", ManyFiles(attrs={"multiple": True, "accept": "image/*"})


def _peer(need: Need) -> tuple[str, forms.Widget]:
    return "radio", forms.RadioSelect(choices=[(name, name) for name in known_peers()])


_WIDGETS = {
    NeedKind.LINE: _line, NeedKind.TEXT: _text, NeedKind.CHOICE: _choice, NeedKind.TEAM: _team,
    NeedKind.OTHER_TEAM: _team,
    NeedKind.CASE: _case, NeedKind.DATE: _date, NeedKind.STARS: _stars, NeedKind.PHOTO: _photo,
    NeedKind.PEER: _peer,
}


def teams_near(case: Case) -> list[OfferedTeam]:
    """Teams in being in the case's county, the town's own first; one query."""
    return teams_in_county(case.area)


def teams_in_county(area: str) -> list[OfferedTeam]:
    """Active teams of the county that ``area`` lies in, by unit and name."""
    county = area[:COUNTY]
    # A bureau above us (unit 330206) and a town's office (330206005) both start with the county.
    found = _teams_between(county, next_prefix(county) or LAST_CODE)
    return [(id_, Words(name, name_en or name)) for id_, name, name_en in found]


def _between(first: str, end: str) -> QuerySet[Team, tuple[UUID, str, str]]:
    held = Team.objects.filter(until__isnull=True, unit_code__gte=first, unit_code__lt=end)
    return held.order_by("unit_code", "code").values_list("id", "name", "name_en")[:MOST_TEAMS]


_teams_between = Prepared(_between, "first", "end")  # at every dispatch


def read_team(text: str, teams: Sequence[OfferedTeam]) -> tuple[str, Words | None]:
    """The id of the team a text names in either language, in full or in part; else the trouble."""
    said = text.strip()
    if not said:
        return "", None
    low = said.lower()
    exact = [id_ for id_, name in teams if low in (name.zh.lower(), name.en.lower(), str(id_))]
    found = exact or [id_ for id_, name in teams
                      if low in name.zh.lower() or low in name.en.lower()]
    if len(found) == 1:
        return str(found[0]), None
    if not found:
        return said, Words("没有叫“{name}”的单位", "no team is called “{name}”").filled(
            name=said[:40])
    names = [name for id_, name in teams if id_ in found][:3]
    listed = Words("、".join(name.zh for name in names), ", ".join(name.en for name in names))
    return said, Words("有 {n} 个单位符合，请写全：{names}",
                       "{n} {n:team fits|teams fit}, write it out: {names}").filled(
        n=len(found), names=listed)


def given_from(
    move: Move, typed: Typed, teams: Sequence[OfferedTeam]
) -> tuple[dict[str, Any], dict[str, Words]]:
    """What a request gives for the needs of ``move``, and what is wrong already."""
    given: dict[str, Any] = {}
    wrong: dict[str, Words] = {}
    for need in move.needs:
        text = typed.texts.get(need.name, "")
        if need.kind.names_team:
            given[need.name], problem = read_team(text, teams)
            if problem:
                wrong[need.name] = problem
        elif need.kind is NeedKind.PHOTO:
            given[need.name] = []
        elif need.kind is NeedKind.CASE:
            given[need.name] = text.strip().split(" ")[0]
        else:
            given[need.name] = text
    return given, wrong


def names_team(move: Move) -> bool:
    """Whether the move asks for a team."""
    return any(need.kind.names_team for need in move.needs)


def names_case(move: Move) -> bool:
    """Whether the move asks for another case."""
    return any(need.kind is NeedKind.CASE for need in move.needs)
