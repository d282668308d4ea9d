"""Two people at once on pages that grow old: whatever they press, the record and the counts hold.

The room (dispatcher and head in one) and the office act on copies of the case as they last saw it;
a resident reports, joins, rates and reopens; time passes and the timer runs between any two steps.
"""

from collections import Counter
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from yiwang.kernel.cases.clocks import Clock
from yiwang.kernel.cases.may import open_moves, reporter_of
from yiwang.kernel.cases.models import Case, Hold
from yiwang.kernel.cases.moves import make_move
from yiwang.kernel.cases.opening import case_of
from yiwang.kernel.cases.replay import prove
from yiwang.kernel.cases.tests.town import CLEAR, TOWN, Town, make_town
from yiwang.kernel.cases.timers import mark_overdue
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.rules import RESIDENT, Actor
from yiwang.kernel.records.metrics import Period, figure_of
from yiwang.kernel.records.models import OutboxMessage, TrailEntry
from yiwang.practices.events.actions.me_too import report_me_too
from yiwang.practices.events.metrics import METRICS
from yiwang.practices.events.queries.desk import TABS, Question, cases_of, tab_counts
from yiwang.practices.events.states import EVENT

OPEN_STATES = {state.code for state in EVENT.states if not state.final}
CODES = sorted({move.code for move in EVENT.moves})
SEATS = ["room", "office", "resident"]
MINUTES = st.sampled_from([0, 1, 5, 30, 300, 3000])
ANY = st.integers(0, 59)  # which of what there is
MOST_CASES = 4
LIVES = ("", "assign", "assign accept", "assign accept ask_extension", "assign accept submit",
         "assign submit pass", "assign refuse assign refuse")  # how far along the first case is
FIRST = st.sampled_from([0, 0, 0, 0, 1, 2, 3, 5, 8])  # mostly what is meant to be pressed
LEAST_MOVES = 8  # different ones, over all lives
THIN = "已联系相关部门进一步跟进处理"


@dataclass(frozen=True)
class Press:
    """Who presses the how-manieth button of which case's page."""

    seat: str
    which: int
    button: int
    rarely: bool
    thin: bool
    fresh: bool
    minutes: int


PRESS = st.builds(Press, seat=st.sampled_from(SEATS), which=FIRST, button=ANY,
                  rarely=st.sampled_from([False, False, True]), thin=st.booleans(),
                  fresh=st.sampled_from([True, True, False]), minutes=MINUTES)


class TwoUsers(RuleBasedStateMachine):
    """What is stored, beside a model of it: state and version of every case."""

    town: Town
    people: dict[str, Actor]
    began: datetime
    taken: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.before = transaction.savepoint()
        self.at = self.town.at = self.began
        self.states: dict[Any, str] = {}
        self.versions: dict[Any, int] = {}
        self.pages: dict[str, dict[Any, Case]] = {seat: {} for seat in SEATS}

    def teardown(self) -> None:
        assert prove().faults == ()
        transaction.savepoint_rollback(self.before)

    @initialize(life=st.sampled_from(LIVES))
    def begin(self, life: str) -> None:
        """One case, already some way along."""
        case = self.town.open()
        self._know(case)
        for code in life.split():
            seat = "room" if code in ("assign", "pass", "grant_extension") else "office"
            self._try(seat, self._open_page(seat, case.id), code, self._given(False, 0))

    @precondition(lambda self: len(self.states) < MOST_CASES)
    @rule(minutes=MINUTES)
    def report(self, minutes: int) -> None:
        self._later(minutes)
        self._know(self.town.open())

    @rule(seat=st.sampled_from(SEATS), which=ANY)
    def look(self, seat: str, which: int) -> None:
        """Somebody opens one of the cases anew."""
        self._open_page(seat, self._case(which))

    @rule(presses=st.lists(PRESS, min_size=2, max_size=7))
    def press(self, presses: list[Press]) -> None:
        """Buttons that pages show, each page perhaps an old one."""
        for press in presses:
            page = self._page(press.seat, self._case(press.which), press.fresh)
            by = self._who(press.seat, page)
            shown = open_moves(page, EVENT, by, at=self.at)
            if not press.rarely:
                shown = [move for move in shown if move.tone == "main"] or shown
            self._later(press.minutes)
            if shown:
                code = shown[press.button % len(shown)].code
                self._try(press.seat, page, code, self._given(press.thin, press.which + 1))
                self.rows_are_sound()

    @rule(seat=st.sampled_from(SEATS), which=ANY, code=st.sampled_from(CODES), other=ANY)
    def forge(self, seat: str, which: int, code: str, other: int) -> None:
        """A step that the page does not offer."""
        page = self._page(seat, self._case(which), False)
        self._try(seat, page, code, self._given(False, other))

    def _try(self, seat: str, page: Case, code: str, given: dict[str, Any]) -> None:
        """Taken whole, or refused without a trace; a page that is old is never obeyed."""
        case = copy(page)
        stale, before, refusal = case.version != self.versions[case.id], _stored(), None
        try:
            with transaction.atomic():
                make_move(case, code, by=self._who(seat, page), at=self.at, given=given)
        except Refusal as said:
            refusal = said
        if refusal is not None:
            assert _stored() == before, f"{code} was refused ({refusal.code}) and left a trace"
            self.taken["stale" if stale else "refused"] += 1
            return
        assert not stale, f"{code} was taken from an old page"
        assert case.state in {move.target for move in EVENT.moves_from(self.states[case.id])
                              if move.code == code}
        self.taken[code] += 1
        self._step(case)

    @rule(which=ANY, minutes=MINUTES)
    def me_too(self, which: int, minutes: int) -> None:
        """A resident joins a case: merged at once, and never counted twice."""
        self._later(minutes)
        into = self._case(which)
        if self.states[into] not in OPEN_STATES:
            with pytest.raises(Refusal), transaction.atomic():
                report_me_too(into, by=RESIDENT, at=self.at)
            return
        joined = report_me_too(into, by=RESIDENT, at=self.at)
        self._know(joined, version=2)
        assert (joined.state, joined.merged_into_id, joined.counted) == ("merged", into, False)

    @rule(minutes=MINUTES)
    def timer(self, minutes: int) -> None:
        """The background worker: late is late for good, and one entry says so."""
        self._later(minutes)
        late = set(Case.objects.filter(late=True).values_list("id", flat=True))
        marked = mark_overdue(at=self.at)
        newly = Case.objects.filter(late=True).exclude(id__in=late)
        assert marked == len(newly)
        for case in newly:
            self._step(case)

    @invariant()
    def rows_are_sound(self) -> None:
        for case in Case.objects.all():
            assert (case.state, case.version) == (self.states[case.id], self.versions[case.id])
            assert case.is_open is (case.state in OPEN_STATES)
            assert (case.closed_at is None) is case.is_open
            clocks = [Clock.from_json(one) for one in case.clocks.values()]
            assert case.is_open or not any(clock.is_running for clock in clocks)
            assert case.is_open or case.due_at is None
            open_holds = Hold.objects.filter(case=case, until=None).count()
            assert open_holds == int(case.is_open)

    @invariant()
    def counts_equal_the_model(self) -> None:
        """What tabs, lists and figures say is what happened, to the piece."""
        times = Counter(self.states.values())
        still_open = sum(times[state] for state in OPEN_STATES)
        room, tabs = self.people["room"], [tab.code for tab in TABS if tab.code != "closed"]
        counts = tab_counts(Question("open"), room, tabs, at=self.at)
        assert (counts["open"], counts["dispatch"]) == (still_open, times["reported"])
        tab = tabs[sum(self.versions.values()) % len(tabs)]
        assert counts[tab] == cases_of(Question(tab), room, at=self.at).count()
        closed = cases_of(Question("closed"), room, at=self.at).count()
        assert closed == len(self.states) - still_open
        figures = self._figures()
        assert figures["events.open"] == still_open
        assert figures["events.overdue"] == counts["overdue"]
        assert figures["events.opened"] == len(self.states)
        assert figures["events.closed"] == times["closed"]

    def _figures(self) -> dict[str, int]:
        period = Period(self.began.date(), self.at.date(), self.at)
        rows = {metric: metric.rows(self.people["room"], period) for metric in METRICS}
        return {metric.code: figure_of(metric, rows[metric], period).rows for metric in rows}

    def _know(self, case: Case, version: int = 1) -> None:
        self.states[case.id], self.versions[case.id] = case.state, version

    def _step(self, case: Case) -> None:
        self.versions[case.id] += 1
        self.states[case.id] = case.state

    def _later(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)
        self.town.at = self.at

    def _case(self, which: int) -> Any:
        return list(self.states)[which % len(self.states)]

    def _open_page(self, seat: str, case: Any) -> Case:
        self.pages[seat][case] = case_of(case)
        return self.pages[seat][case]

    def _page(self, seat: str, case: Any, fresh: bool) -> Case:
        old = self.pages[seat].get(case)
        return self._open_page(seat, case) if fresh or old is None else old

    def _who(self, seat: str, case: Case) -> Actor:
        return self.people.get(seat) or reporter_of(case)

    def _given(self, thin: bool, other: int) -> dict[str, Any]:
        team = self.town.police if thin else self.town.build
        number = Case.objects.values_list("number", flat=True).get(id=self._case(other))
        return {**CLEAR, "done": THIN if thin else CLEAR["done"], "team": str(team.id),
                "reason": "理由", "clause": "duty", "return_type": "half_way", "stars": "4",
                "until": "2026-09-01", "note": "", "whose": "区水务局", "case": number}


def _stored() -> tuple[Any, ...]:
    """Every case as it stands, and how much trail, outbox and holds there are."""
    counts = (TrailEntry.objects.count(), OutboxMessage.objects.count(), Hold.objects.count())
    return list(Case.objects.order_by("id").values()), counts


@pytest.mark.django_db
def test_two_people_with_old_pages_leave_a_sound_record(at: datetime, actor: Any) -> None:
    town = make_town(at, actor)
    build, police = town.people["build"], town.people["police"]
    office = Actor("person/office", "office", (*build.grants, *police.grants),
                   build.teams | police.teams)
    room = actor("dispatcher", "adjudicator", area=TOWN)
    taken: Counter[str] = Counter()
    machine = type("TwoUsersHere", (TwoUsers,), {
        "town": town, "began": at, "people": {"room": room, "office": office}, "taken": taken})
    run_state_machine_as_test(machine, settings=settings(
        max_examples=14, stateful_step_count=20, deadline=None,
        suppress_health_check=[HealthCheck.too_slow]))
    assert {"assign", "stale", "refused"} <= taken.keys(), taken
    assert len(taken) >= LEAST_MOVES, f"hardly anything was tried: {taken}"
