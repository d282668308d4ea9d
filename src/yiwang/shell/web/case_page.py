"""Everything the page of a case shows, read in a fixed number of queries and named in words."""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.http import Http404

from yiwang.algorithms.words import Words
from yiwang.algorithms.working_time import Calendar
from yiwang.kernel import rows
from yiwang.kernel.cases import names
from yiwang.kernel.cases.calendar import calendar_now
from yiwang.kernel.cases.contact import Contact, looks_of, masked_contact
from yiwang.kernel.cases.dispatch import Suggestion
from yiwang.kernel.cases.may import open_moves
from yiwang.kernel.cases.models import Assist, Case, Hold, Reporter
from yiwang.kernel.cases.playbook_store import load
from yiwang.kernel.cases.playbooks import Holder, Move, NeedKind, Playbook, Relation
from yiwang.kernel.cases.step import stream_of
from yiwang.kernel.exchange.models import Handed
from yiwang.kernel.exchange.queries import handed_of
from yiwang.kernel.exchange.rules import STATES
from yiwang.kernel.frameworks.queries import tracks_of
from yiwang.kernel.people.rules import Actor, can
from yiwang.kernel.places.models import Cell
from yiwang.kernel.records.models import Attachment, TrailEntry
from yiwang.shell.says import distance

from . import case_story as told
from .case_advice import Advised, advice_for
from .case_bar import Segment, bar_of
from .case_duplicates import Beside, beside
from .case_family import Family
from .case_forms import Offered
from .case_ruling import rule_address
from .case_sketch import Sketch, sketch_of
from .case_times import Clocked, Standing, clocked, standing

MOST_ENTRIES = 200  # of a trail on one page; the audit page shows all


def seen_case(actor: Actor, case_id: UUID) -> Case:
    """The case, if the actor may see it; ``Http404`` otherwise, with no hint."""
    case = rows.one(Case, id=case_id)
    if case is None or not may_see(actor, case):
        raise Http404
    return case


def may_see(actor: Actor, case: Case) -> bool:
    """Capability in the area; a team-bound person sees what it handles, holds or helps with."""
    teams = [team for team in (case.handler_id, case.holder_id) if team]
    reach = {"area": case.area, "practice": case.practice}
    if can(actor, "case.view", **reach, teams=teams):
        return True
    if not can(actor, "case.view", **reach, teams=actor.teams):
        return False
    helping = Assist.objects.filter(case=case).values_list("team_id", flat=True)
    return can(actor, "case.view", **reach, teams=helping)


class CasePage:
    """A case as its page shows it; parts that cost a query are read when they are asked for."""

    def __init__(self, case: Case, actor: Actor, at: datetime) -> None:
        self.case, self.actor, self.at = case, actor, at
        self.playbook: Playbook = load(case.playbook, case.playbook_version)
        self.state = self.playbook.state(case.state)
        self.offered = Offered()

    @cached_property
    def calendar(self) -> Calendar:
        return calendar_now()

    @cached_property
    def standing(self) -> Standing:
        return standing(self.case.clocks, at=self.at, calendar=self.calendar)

    @property
    def kind(self) -> Words:
        return names.kind_words(self.case.kind)

    @property
    def kind_code(self) -> str:
        return self.case.kind.rpartition("/")[2]

    @cached_property
    def tracks(self) -> list[Words]:
        return tracks_of(self.case.kind, self.case.opened_at)

    @property
    def channel(self) -> Words:
        return names.channel_words(self.case.channel)

    @cached_property
    def area(self) -> Words:
        area = names.area_words(self.case.area, names.unit_names([self.case.area]))
        if len(self.case.area) <= names.VILLAGE:
            return area
        cell = Cell.objects.filter(code=self.case.area).values_list("name", flat=True).first()
        return Words(cell, area.en) if cell else area

    @cached_property
    def chip(self) -> Words:
        """The state and the time left, as on the list."""
        left = self.standing.words
        if not left.zh:
            return self.state.label
        return Words("{state} · {left}", "{state} · {left}").filled(
            state=self.state.label, left=left)

    @property
    def lamp(self) -> str:
        return self.standing.lamp if self.case.is_open else "idle"

    @cached_property
    def clock_label(self) -> Words | None:
        return self.standing.kind.label if self.standing.kind else None

    @cached_property
    def entries(self) -> list[TrailEntry]:
        streams = [stream_of(self.case), looks_of(self.case)]
        rows = TrailEntry.objects.filter(stream__in=streams).order_by("-id")[:MOST_ENTRIES]
        return sorted(rows, key=lambda entry: (entry.at, entry.id))

    @cached_property
    def people(self) -> dict[str, Words]:
        facts = self.case.facts
        signed = [*facts.get("opinions", []), *facts.get("returns", []), facts.get("asking") or {}]
        refs = told.refs_in(self.entries) | {str(given.get("by", "")) for given in signed}
        return names.people_names(refs)

    @cached_property
    def teams(self) -> dict[str, Words]:
        ids = told.teams_in(self.entries, self.case.facts)
        ids |= {hold.team_id for hold in self.holds if hold.team_id}
        ids |= {wise.team for wise in self.suggestions}
        return names.team_names(ids)

    @cached_property
    def story(self) -> list[told.Line]:
        return told.story(self.entries, self.playbook, channel=self.case.channel,
                          people=self.people, teams=self.teams)

    @cached_property
    def opinions(self) -> list[told.Opinion]:
        return told.opinions(self.case.facts, self.people)

    @cached_property
    def refusals(self) -> list[told.Refused]:
        return told.refusals(self.case.facts, self.playbook, self.teams)

    @cached_property
    def returns(self) -> list[told.SentBack]:
        return told.returns(self.case.facts, self.people)

    @cached_property
    def asking(self) -> told.Asking | None:
        return told.asking(self.case.facts, self.playbook, self.people)

    @cached_property
    def holds(self) -> list[Hold]:
        return list(Hold.objects.filter(case=self.case).order_by("since"))

    @cached_property
    def bar(self) -> list[Segment]:
        left = max((self.case.due_at - self.at).total_seconds() / 60, 0) if self.case.due_at else 0
        return bar_of(self.holds, self.playbook, self.teams, at=self.at,
                      left=left if self.case.is_open else 0)

    @property
    def holder(self) -> Words:
        """Who has the ball now."""
        if self.case.holder is not None:
            return names.team_words(self.case.holder)
        return HOLDERS[self.state.holder]

    @property
    def handler(self) -> Words | None:
        """Who is in charge, where the ball is elsewhere just now."""
        handler = self.case.handler
        elsewhere = handler is not None and handler.id != self.case.holder_id
        return names.team_words(handler) if handler and elsewhere else None

    @cached_property
    def returned_by(self) -> Words | None:
        """The team that refused the case last, while nobody has been given it since."""
        last = self.refusals[-1] if self.refusals else None
        if last is None or any(hold.team_id and last.at and hold.since > last.at
                               for hold in self.holds):
            return None
        return last.team

    @cached_property
    def clocks(self) -> list[Clocked]:
        return [clocked(name, stored, self.playbook, self.calendar, at=self.at)
                for name, stored in self.case.clocks.items()
                if name == self.standing.name or name == "handle"]

    @cached_property
    def contact(self) -> Contact | None:
        return masked_contact(Reporter.objects.filter(case=self.case).first())

    @cached_property
    def may_unmask(self) -> bool:
        teams = [team for team in (self.case.handler_id, self.case.holder_id) if team]
        return can(self.actor, "case.unmask", area=self.case.area, practice=self.case.practice,
                   teams=teams)

    @cached_property
    def assists(self) -> Sequence[tuple[Assist, Words]]:
        """Helping teams with their names, in the order they were called."""
        rows = self.case.assists.select_related("team").order_by("asked_at")
        return [(assist, names.team_words(assist.team)) for assist in rows]

    @cached_property
    def may_call(self) -> bool:
        return self.case.is_open and can(self.actor, "case.triage", area=self.case.area,
                                         practice=self.case.practice)

    @property
    def may_split(self) -> bool:
        return self.may_call and self.case.parent_id is None

    @cached_property
    def family(self) -> Family:
        return Family(self.case, self.playbook, self.at)

    @cached_property
    def handed(self) -> list[tuple[Handed, Words]]:
        """Where the case came from and where it went, with how far it is there."""
        return [(handed, STATES[handed.state]) for handed in handed_of(self.case)]

    @property
    def rule_address(self) -> str:
        """Where the ruling on this case becomes a dispatch rule; empty where there is nothing."""
        return rule_address(self.case, self.actor)

    @cached_property
    def photos(self) -> list[Attachment]:
        return list(Attachment.objects.filter(stream=stream_of(self.case)).order_by("id")[:40])

    @property
    def before(self) -> list[Attachment]:
        return [photo for photo in self.photos if photo.stage in EARLY]

    @property
    def after(self) -> list[Attachment]:
        return [photo for photo in self.photos if photo.stage not in EARLY]

    @cached_property
    def sketch(self) -> Sketch | None:
        return sketch_of(self.case, self.lamp)

    @cached_property
    def moves(self) -> list[Move]:
        return [move for move in open_moves(self.case, self.playbook, self.actor, at=self.at)
                if move.relation is not Relation.REPORTER]

    @cached_property
    def main_move(self) -> Move | None:
        """The step most likely wanted: an answer to what was asked for comes before the rest."""
        main = [move for move in self.moves if move.tone == "main"]
        return min(main, key=lambda move: move.not_by != "asker", default=None)

    @cached_property
    def joining(self) -> Move | None:
        """The move that joins the case to another one, where it can be made now."""
        return next((move for move in self.moves if "merge" in move.does), None)

    @property
    def joining_need(self) -> str:
        """The name of its need for a case."""
        needs = self.joining.needs if self.joining else ()
        return next((need.name for need in needs if need.kind is NeedKind.CASE), "")

    @cached_property
    def duplicates(self) -> list[Beside]:
        """Open cases that may be the same matter, while the case can still be joined to one."""
        return beside(self.case, self.actor) if self.joining else []

    @property
    def answers(self) -> list[Move]:
        """The other way to answer what the main move answers: refusing beside approving."""
        main = self.main_move
        if main is None or not main.not_by:
            return []
        return [move for move in self.moves if move.tone == "back" and move.not_by == main.not_by]

    @property
    def other_moves(self) -> list[Move]:
        beside = [self.main_move, *self.answers]
        return [move for move in self.moves if move not in beside]

    @property
    def team_need(self) -> str:
        """The name of the main move's need for a team."""
        needs = self.main_move.needs if self.main_move else ()
        return next((need.name for need in needs if need.kind is NeedKind.TEAM), "")

    @property
    def suggested_team(self) -> Words | None:
        return self.teams.get(str(self.suggestion.team)) if self.suggestion else None

    @cached_property
    def advised(self) -> list[Advised]:
        """The suggestions as the page shows them."""
        return [Advised(wise, self.teams[str(wise.team)], key)
                for key, wise in enumerate(self.suggestions, start=1)]

    @property
    def gps_off(self) -> Words:
        """How far the device was from the point tapped."""
        return distance(self.case.gps_metres or 0)

    @property
    def suggestion(self) -> Suggestion | None:
        """Whom to dispatch to first."""
        return next(iter(self.suggestions), None)

    @cached_property
    def suggestions(self) -> list[Suggestion]:
        """Whom to dispatch to, where that is what the main move asks."""
        return advice_for(self.case, self.main_move, at=self.at)


EARLY = frozenset({"report"})  # photos that came with the report; the others came with a step
HOLDERS: dict[Holder, Words] = {
    Holder.DESK: Words("指挥室", "command room"),
    Holder.HANDLER: Words("承办单位", "the team in charge"),
    Holder.COUNTY: Words("区级", "the county"),
    Holder.PEER: Words("其他镇街", "another town"),
    Holder.NOBODY: Words("已完结", "nobody, it is finished"),
}
