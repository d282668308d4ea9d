"""Names of the parts a report tells of: kinds, teams, tracks, areas, channels, types, clauses."""

from collections.abc import Callable, Iterable

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.closing import RETURN_TYPES
from yiwang.kernel.cases.names import area_words, channel_words, kind_words, team_names, unit_names
from yiwang.kernel.frameworks.queries import NO_TRACK, track_names
from yiwang.kernel.ids import uuid_or_none
from yiwang.kernel.practice import practices

from .months import Month

ROOM = Words("指挥室", "command room")
NOWHERE = Words("未定", "not known")
EVERYWHERE = Words("全部辖区", "the whole area")
Naming = Callable[[Iterable[str]], dict[str, Words]]


def kinds_named(keys: Iterable[str]) -> dict[str, Words]:
    return {key: kind_words(key) for key in keys}


def channels_named(keys: Iterable[str]) -> dict[str, Words]:
    return {key: channel_words(key) for key in keys}


def teams_named(keys: Iterable[str]) -> dict[str, Words]:
    """Names by id; what no team handled is the command room's."""
    wanted = list(keys)
    names = team_names(found for key in wanted if (found := uuid_or_none(key)))
    return {key: names.get(key, ROOM) for key in wanted}


def areas_named(keys: Iterable[str]) -> dict[str, Words]:
    wanted = list(keys)
    units = unit_names(wanted)
    return {key: area_words(key, units) if key else NOWHERE for key in wanted}


def tracks_named(month: Month) -> Naming:
    """Under the names of the month's last day."""
    names = track_names(month.last)
    return lambda keys: {key: names.get(key, NO_TRACK) for key in keys}


def return_types() -> dict[str, Words]:
    """The types of a return, in their order."""
    return dict(RETURN_TYPES)


def clauses_of(practice: str) -> dict[str, Words]:
    """The clauses a unit may refuse by, as the practice's playbooks list them."""
    return {code: words for playbook in practices[practice].playbooks
            for move in playbook.moves for need in move.needs if need.name == "clause"
            for code, words in need.choices}


def area_called(area: str) -> Words:
    """The unit a report tells of."""
    return area_words(area, unit_names([area])) if area else EVERYWHERE
