"""The loop from report to closed case, and what may not happen on the way."""

from datetime import timedelta
from typing import Any

import pytest

from yiwang.kernel.cases.dispatch import suggest
from yiwang.kernel.cases.may import open_moves, reporter_of
from yiwang.kernel.cases.models import Case, Hold
from yiwang.kernel.cases.moves import make_move
from yiwang.kernel.cases.needs import Incomplete
from yiwang.kernel.cases.playbook_store import load
from yiwang.kernel.cases.replay import prove
from yiwang.kernel.errors import NotAllowed, Refusal, SomebodyElseDecided
from yiwang.kernel.records.models import OutboxMessage, TrailEntry

from .town import CLEAR, Town

REFUSAL: dict[str, Any] = {"clause": "duty", "reason": "属交警职责"}


def test_a_case_runs_from_report_to_closing(town: Town) -> None:
    case = town.open()
    assert case.number == "XP-2026-000001"
    assert case.state == "reported"
    assert case.due_at
    town.move(case, "assign", "desk", team=str(town.build.id))
    assert (case.state, case.holder_id) == ("assigned", town.build.id)
    town.move(case, "accept", "build")
    town.move(case, "submit", "build", **CLEAR)
    assert (case.state, case.holder_id) == ("checking", None)
    town.move(case, "pass", "worker")
    assert (case.state, case.is_open, case.due_at) == ("closed", False, None)
    verbs = TrailEntry.objects.filter(stream=f"case/{case.id}").order_by("seq")
    assert [entry.verb for entry in verbs] == ["open", "assign", "accept", "submit", "pass"]
    assert OutboxMessage.objects.filter(name="CaseClosed").count() == 1
    assert Case.objects.get(id=case.id).head == verbs.last().digest  # type: ignore[union-attr]


def test_the_trail_proves_and_replays_every_case(town: Town) -> None:
    town.closed()
    town.assigned()
    proof = prove()
    assert (proof.cases, proof.faults) == (2, ())


def test_a_change_behind_the_trail_is_found(town: Town) -> None:
    case = town.assigned()
    Case.objects.filter(id=case.id).update(late=True)
    assert [fault.what for fault in prove().faults] == ["column late"]


def test_a_case_removed_behind_the_trail_is_found(town: Town) -> None:
    case = town.open()
    Case.objects.filter(id=case.id).delete()
    assert [fault.what for fault in prove().faults] == ["the case is gone"]


def test_the_first_refusal_returns_to_the_desk_the_second_to_the_adjudicator(town: Town) -> None:
    case = town.assigned()
    town.move(case, "refuse", "build", team=str(town.police.id), **REFUSAL)
    assert (case.state, case.refusals) == ("reported", 1)
    town.move(case, "assign", "desk", team=str(town.police.id))
    town.move(case, "refuse", "police", team=str(town.build.id), **REFUSAL)
    assert case.state == "disputed"
    with pytest.raises(NotAllowed):
        town.move(case, "rule", "desk", team=str(town.build.id), reason="按职责")
    town.move(case, "rule", "head", team=str(town.build.id), reason="按三定方案")
    assert (case.state, case.holder_id) == ("assigned", town.build.id)


def test_the_team_a_refusal_names_is_suggested_next(town: Town) -> None:
    case = town.assigned()
    town.move(case, "refuse", "build", team=str(town.police.id), **REFUSAL)
    suggestion = suggest(case, at=town.at)
    assert suggestion is not None
    assert (suggestion.team, suggestion.automatic) == (town.police.id, False)


def test_a_refusal_names_a_clause_and_another_team(town: Town) -> None:
    case = town.assigned()
    with pytest.raises(Incomplete) as said:
        town.move(case, "refuse", "build", team=str(town.build.id), reason="不是我的")
    assert set(said.value.wrong) == {"clause", "team"}


def test_the_handling_term_never_starts_anew(town: Town) -> None:
    case = town.assigned()
    due = case.clocks["handle"]["due_at"]
    town.move(case, "refuse", "build", team=str(town.police.id), **REFUSAL)
    town.move(case, "assign", "desk", team=str(town.police.id), at=town.at + timedelta(hours=1))
    assert case.clocks["handle"]["due_at"] == due


def test_minutes_are_charged_to_whoever_held_it(town: Town) -> None:
    case = town.open()
    town.move(case, "assign", "desk", team=str(town.build.id), at=town.at + timedelta(minutes=18))
    town.move(case, "submit", "build", at=town.at + timedelta(minutes=60), **CLEAR)
    held = [(hold.team_id, hold.until and (hold.until - hold.since).seconds // 60)
            for hold in Hold.objects.filter(case=case).order_by("since")]
    assert held == [(None, 18), (town.build.id, 42), (None, None)]


def test_a_text_that_says_nothing_goes_to_a_reviewer(town: Town) -> None:
    case = town.assigned()
    town.move(case, "submit", "build", result="solved", done="已联系相关部门进一步跟进处理",
              for_person="请等待", photo=[])
    assert case.state == "review"
    with pytest.raises(NotAllowed):
        town.move(case, "approve_closing", "build", reason="可以")
    town.move(case, "send_back", "desk", return_type="half_way", reason="没有结果")
    assert case.state == "working"
    town.move(case, "submit", "build", **CLEAR)
    assert case.state == "checking"
    assert len(case.facts["opinions"]) == 2


def test_whoever_did_it_does_not_check_it(town: Town) -> None:
    case = town.assigned()
    both = town.make("office", "grid_worker", team=town.build.id)
    make_move(case, "submit", by=both, at=town.at, given=CLEAR)
    with pytest.raises(NotAllowed) as said:
        make_move(case, "pass", by=both, at=town.at)
    assert said.value.code == "other_eyes"


def test_the_reporter_rates_once_and_may_reopen(town: Town) -> None:
    case = town.closed()
    reporter = reporter_of(case)
    make_move(case, "rate", by=reporter, at=town.at, given={"stars": "2"})
    assert case.stars == 2
    with pytest.raises(Refusal):
        make_move(case, "rate", by=reporter, at=town.at, given={"stars": "5"})
    make_move(case, "reopen", by=reporter, at=town.at, given={"reason": "又积水了"})
    assert (case.state, case.is_open, case.reopenings) == ("reported", True, 1)
    assert prove().faults == ()


def test_nobody_else_rates(town: Town) -> None:
    with pytest.raises(NotAllowed):
        town.move(town.closed(), "rate", "build", stars="5")


def test_two_extensions_and_no_third(town: Town) -> None:
    case = town.assigned()
    town.move(case, "accept", "build")
    for _ in range(2):
        town.move(case, "ask_extension", "build", reason="等材料")
        town.move(case, "grant_extension", "leader")
    with pytest.raises(Refusal):
        town.move(case, "ask_extension", "build", reason="还等")


def test_a_refused_extension_does_not_count(town: Town) -> None:
    case = town.assigned()
    town.move(case, "accept", "build")
    for _ in range(3):
        town.move(case, "ask_extension", "build", reason="等材料")
        town.move(case, "refuse_extension", "leader", reason="不必")
    assert case.clocks["handle"]["extensions"] == 0


def test_no_extension_after_overdue_and_the_mark_stays(town: Town) -> None:
    case = town.assigned()
    town.move(case, "accept", "build")
    later = town.at + timedelta(days=60)
    with pytest.raises(Refusal):
        town.move(case, "ask_extension", "build", reason="晚了", at=later)
    town.move(case, "submit", "build", at=later, **CLEAR)
    assert case.late
    town.move(case, "pass", "worker", at=later)
    town.move(case, "appeal", "build", reason="系统停电", at=later)
    town.move(case, "uphold_appeal", "head", reason="属实", at=later)
    with pytest.raises(NotAllowed):
        town.move(case, "uphold_appeal", "head", reason="再来", at=later)
    assert not case.late_excused
    town.move(case, "uphold_appeal", "leader", reason="属实", at=later)
    assert case.late
    assert case.late_excused


def test_suspension_once_and_within_a_year(town: Town) -> None:
    case = town.assigned()
    town.move(case, "accept", "build")
    town.move(case, "ask_suspension", "build", reason="等种植季", until="2026-06-01")
    town.move(case, "grant_suspension", "leader")
    assert case.state == "suspended"
    assert not case.late
    assert case.due_at.isoformat() == "2026-06-02T00:00:00+08:00"  # 24:00 of the day asked for
    town.move(case, "resume", "build", at=town.at + timedelta(days=30))
    with pytest.raises(Refusal):
        town.move(case, "ask_suspension", "build", reason="再等", until="2026-07-01")


def test_an_unreasonable_request_takes_two_signatures_and_stays_out_of_scores(
    town: Town,
) -> None:
    case = town.open()
    town.move(case, "question", "head", reason="要求与事实不符")
    with pytest.raises(NotAllowed):
        town.move(case, "confirm_unreasonable", "head", reason="同意")
    town.move(case, "confirm_unreasonable", "leader", reason="同意")
    assert (case.state, case.counted) == ("set_aside", False)


def test_repeats_merge_and_are_not_counted_twice(town: Town) -> None:
    first, repeat = town.open(), town.open()
    make_move(repeat, "merge", by=town.people["desk"], at=town.at, given={"case": first.number})
    assert (repeat.state, repeat.merged_into_id, repeat.counted) == ("merged", first.id, False)


def test_handing_up_pauses_the_towns_own_clock(town: Town) -> None:
    case = town.assigned()
    town.move(case, "accept", "build")
    town.move(case, "hand_up", "desk", reason="超出街道权限")
    town.move(case, "hand_down", "desk", reason="请街道办", at=town.at + timedelta(days=90))
    assert case.state == "reported"
    assert not case.late


def test_two_people_who_decide_at_once(town: Town) -> None:
    case = town.assigned()
    stale = Case.objects.get(id=case.id)
    town.move(case, "accept", "build")
    with pytest.raises(SomebodyElseDecided):
        town.move(stale, "accept", "build")
    assert prove().faults == ()


def test_a_jump_is_refused_with_the_lawful_steps(town: Town) -> None:
    with pytest.raises(Refusal) as said:
        town.move(town.open(), "pass", "worker")
    assert said.value.code == "not_from_here"
    assert "派单" in said.value.todo.zh


def test_moves_offered_are_moves_accepted(town: Town) -> None:
    case = town.assigned()
    book = load(case.playbook, case.playbook_version)
    offered = {who: {move.code for move in open_moves(case, book, by, at=town.at)}
               for who, by in town.people.items()}
    assert offered["build"] == {"accept", "refuse", "submit"}
    assert offered["police"] == offered["worker"] == offered["leader"] == set()
    assert offered["desk"] == {"reassign"}
