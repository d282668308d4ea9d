"""What a town's finished cases teach about whose the next one is: learned nightly, read at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.timezone import localdate

from yiwang.algorithms.owners import History, Odds, Seen, learn
from yiwang.algorithms.owners.features import REASONS, Fields, key_of
from yiwang.algorithms.words import Words
from yiwang.kernel.people.models import Team
from yiwang.kernel.people.queries import within
from yiwang.kernel.places.models import Unit
from yiwang.kernel.rows import Prepared

from .history_models import DispatchHistory
from .limits import prefixes
from .models import Case
from .names import TOWN, VILLAGE, kind_words

LONGEST = timedelta(days=400)  # how far back is learned from: a year, and the month before
MOST = 20_000  # newest finished cases of a town that are learned from; both our own choice
THIN = 5  # cases alike below which history is called thin; own choice
AT_ONCE = 10  # towns learned in one round of house-keeping; the others follow an hour later
KEPT = 16  # towns a worker keeps in memory

_kept: dict[tuple[str, str], tuple[datetime, "Learned"]] = {}


# Asked at every suggestion: when a town was learned, and what a town and a village are called.
_learned_at = Prepared(lambda practice, town: DispatchHistory.objects.filter(
    practice=practice, town=town).values_list("learned_at"), "a practice", "a town")
_two_names = Prepared(lambda town, village: Unit.objects.filter(
    code__in=[town, village]).values_list("code", "name"), "a town", "a village")


@dataclass(frozen=True, slots=True)
class Learned:
    """A history, and the team behind each of its names."""

    history: History
    teams: Mapping[str, UUID]


@dataclass(frozen=True, slots=True)
class Reason:
    """How many cases alike a team finished, of how many, how long ago last, and how alike."""

    own: int
    total: int
    days: int
    fields: Fields

    @property
    def thin(self) -> bool:
        """Whether too few are alike to lean on."""
        return self.total < THIN


def seen(case: Case, places: Mapping[str, str]) -> Seen:
    """A case as history asks about it; ``places``: names of units by code."""
    nature = (case.facts.get("source") or {}).get("property", "")
    return _seen(case.kind, case.area, case.channel, nature, case.opened_at, places)


def _seen(kind: str, area: str, channel: str, nature: str | None, opened: datetime,
          places: Mapping[str, str], owner: str = "") -> Seen:
    levels = [code for code in sorted(prefixes(kind), key=len) if code] or [kind]
    town, village = places.get(area[:TOWN], ""), places.get(area[:VILLAGE], "")
    return Seen(levels[min(1, len(levels) - 1)], levels[min(2, len(levels) - 1)], levels[-1],
                town, village if len(area) >= VILLAGE else "", channel, nature or "",
                localdate(opened).toordinal(), owner)


def learn_town(practice: str, town: str, *, at: datetime) -> DispatchHistory | None:
    """Learn a town anew and keep it; ``None`` where no case of it is finished."""
    found = Case.objects.filter(
        within(town, "area"), practice=practice, is_open=False, counted=True,
        handler__isnull=False, opened_at__gte=at - LONGEST, opened_at__lte=at)
    rows = list(found.order_by("-opened_at").values_list(
        "kind", "area", "channel", "facts__source__property", "opened_at", "handler_id")[:MOST])
    if not rows:
        return None
    labels = team_labels({row[-1] for row in rows})
    places = _places(town)
    history = learn(_seen(*row[:-1], places, labels[row[-1]]) for row in rows)
    body = {**history.as_json(), "teams": {name: str(id_) for id_, name in labels.items()}}
    kept, _ = DispatchHistory.objects.update_or_create(
        practice=practice, town=town,
        defaults={"as_of": localdate(at), "learned_at": at, "cases": history.cases, "body": body})
    return kept


def learn_due(practice: str, *, at: datetime) -> int:
    """Learn the towns whose history is not of today; how many were learned. Safe to repeat."""
    today = localdate(at)
    fresh = DispatchHistory.objects.filter(practice=practice, as_of__gte=today)
    done = set(fresh.values_list("town", flat=True))
    towns = sorted(set(_towns_at_work(practice, at)) - done)[:AT_ONCE]
    return sum(learn_town(practice, town, at=at) is not None for town in towns)


def _towns_at_work(practice: str, at: datetime) -> list[str]:
    """Towns with a finished case of the last days; one look into the index of areas each."""
    codes = Unit.objects.order_by("code").values_list("code", flat=True)
    recent = Case.objects.filter(practice=practice, is_open=False, handler__isnull=False,
                                 opened_at__gte=at - LONGEST)
    return [code for code in codes
            if len(code) == TOWN and recent.filter(within(code, "area")).exists()]


def team_labels(ids: set[UUID]) -> dict[UUID, str]:
    """A name for each team, with its place where it has none, and never the same for two."""
    teams = list(Team.objects.filter(id__in=ids).order_by("code"))
    places = _names({team.unit_code for team in teams})
    labels: dict[UUID, str] = {}
    for team in teams:
        place = places.get(team.unit_code, "") if len(team.unit_code) >= TOWN else ""
        label = team.name if place in team.name else place + team.name
        labels[team.id] = f"{label} {team.code}" if label in labels.values() else label
    return labels


def _places(town: str) -> dict[str, str]:
    return dict(Unit.objects.filter(within(town, "code")).values_list("code", "name"))


def _names(codes: set[str]) -> dict[str, str]:
    return dict(Unit.objects.filter(code__in=codes).values_list("code", "name"))


def learned_for(practice: str, town: str) -> Learned | None:
    """What is known of a town now; its body is read again only after a night's learning."""
    found = _learned_at(practice, town)
    if not found:
        return None
    (stamp,), kept = found[0], _kept.get((practice, town))
    if kept is None or kept[0] != stamp:
        body: dict[str, Any] = DispatchHistory.objects.values_list("body", flat=True).get(
            practice=practice, town=town)
        teams = {name: UUID(id_) for name, id_ in body["teams"].items()}
        kept = stamp, Learned(History.from_json(body), teams)
        while len(_kept) >= KEPT:
            _kept.pop(next(iter(_kept)))
        _kept[practice, town] = kept
    return kept[1]


def forget_learned() -> None:
    """Let the next question read every town anew."""
    _kept.clear()


def odds_for(case: Case) -> list[tuple[UUID, Odds, Reason]]:
    """Teams that may finish the case, likeliest first, each with what it rests on."""
    learned = learned_for(case.practice, case.area[:TOWN])
    if learned is None:
        return []
    asked = seen(case, dict(_two_names(case.area[:TOWN], case.area[:VILLAGE])))
    return [(learned.teams[odds.owner], odds, reason_for(odds.owner, asked, learned.history))
            for odds in learned.history.odds(asked) if odds.owner in learned.teams]


def reason_for(owner: str, case: Seen, history: History) -> Reason:
    """The narrowest context with enough cases alike; else the one with most."""
    found = [_told(owner, case, history, fields) for fields in REASONS]
    enough = [reason for reason in found if not reason.thin and reason.own]
    return enough[0] if enough else max(found, key=lambda reason: reason.total)


def _told(owner: str, case: Seen, history: History, fields: Fields) -> Reason:
    often = history.told.get(key_of(fields, case), {})
    own, last = often.get(owner, (0, case.day))
    return Reason(own, sum(count for count, _ in often.values()), max(case.day - last, 0), fields)


def reason_words(reason: Reason, case: Case, places: Mapping[str, Words]) -> Words:
    """``24 件同类（暴露垃圾 · 马峦）中 21 件由其办结，最近 3 天前``."""
    code = case.kind if "narrow" in reason.fields else case.kind.rpartition(".")[0] or case.kind
    size = VILLAGE if "village" in reason.fields else TOWN
    where = places.get(case.area[:size]) or places.get(case.area[:TOWN]) or Words("", "")
    if not reason.own:
        return Words("别处别类的办理情况推得，同类的它还没办过",
                     "from other kinds and places; it has finished none like this")
    said = Words(
        "{where}{kind} {total} 件中 {own} 件由其办结，最近一件 {days} 天前",
        "it finished {own} of {total} of {kind} in {where}, the newest {days} "
        "{days:day|days} ago").filled(
        where=where, kind=kind_words(code), total=reason.total, own=reason.own, days=reason.days)
    thin = Words("{said}；先例少", "{said}; few precedents")
    return thin.filled(said=said) if reason.thin else said
