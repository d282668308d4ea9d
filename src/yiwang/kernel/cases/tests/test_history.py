"""Suggestions learned from a town's cases: odds, reasons, who is left out, what became of them."""

from datetime import timedelta
from typing import Any

import pytest

from yiwang.kernel.cases.advice import advice_on, note_advice
from yiwang.kernel.cases.dispatch import Rule, acts_alone, suggest, suggestions
from yiwang.kernel.cases.history import forget_learned, learn_due, learn_town, team_labels
from yiwang.kernel.cases.history_models import Advice, DispatchHistory
from yiwang.kernel.cases.models import Case, DispatchRule
from yiwang.kernel.people.models import Team
from yiwang.kernel.places.models import Unit

from .town import TOWN, Town

AUTOMAT = "system/dispatch"


@pytest.fixture
def learned(town: Town) -> Town:
    """A town whose building office finished six cases and whose police finished two."""
    forget_learned()
    Unit.objects.create(code=TOWN, name="霞浦街道", name_en="Xiapu")
    for n in range(8):
        case = town.closed()
        Case.objects.filter(id=case.id).update(
            opened_at=town.at - timedelta(days=8 - n),
            handler=town.police if n in (2, 5) else town.build)
    learn_due("events", at=town.at)
    return town


def told(town: Town, case: Any) -> list[tuple[Any, bool]]:
    return [(one.team, one.learned) for one in suggestions(case, at=town.at)]


def test_history_suggests_with_odds_and_reason_and_never_acts(learned: Town) -> None:
    first, second = suggestions(learned.open(), at=learned.at)
    assert (first.team, second.team) == (learned.build.id, learned.police.id)
    assert first.odds
    assert second.odds
    assert first.odds > 0.5 > second.odds > 0.02
    assert "8 件中 6 件由其办结，最近一件 1 天前" in first.because.zh
    assert "finished 6 of 8" in first.because.en
    assert not first.automatic
    assert first.learned


def test_few_precedents_are_said(learned: Town) -> None:
    kept = list(Case.objects.order_by("-opened_at").values_list("id", flat=True)[:3])
    Case.objects.exclude(id__in=kept).update(counted=False)
    learn_town("events", TOWN, at=learned.at)
    because = suggestions(learned.open(), at=learned.at)[0].because
    assert "先例少" in because.zh
    assert "few precedents" in because.en


def test_a_rule_comes_first_and_history_beside_it(learned: Town) -> None:
    DispatchRule.objects.create(number=1, practice="events", team=learned.police,
                                since=learned.police.since)
    first, second = suggestions(learned.open(), at=learned.at)
    assert (first.team, first.rule, first.learned) == (learned.police.id, 1, False)
    assert "规则 1" in first.because.zh
    assert "2 件由其办结" in first.because.zh
    assert (second.team, second.learned) == (learned.build.id, True)


def test_a_closed_team_is_not_suggested(learned: Town) -> None:
    Team.objects.filter(id=learned.build.id).update(
        until=(learned.at - timedelta(days=1)).date())
    assert told(learned, learned.open()) == [(learned.police.id, True)]


def test_who_refused_is_not_suggested_by_history(learned: Town) -> None:
    case = learned.assigned()
    learned.move(case, "refuse", "build", team=str(learned.police.id), clause="duty",
                 reason="不归我们")
    assert told(learned, case) == [(learned.police.id, False)]


def test_learning_is_done_once_a_day_and_again_the_next(learned: Town) -> None:
    assert learn_due("events", at=learned.at) == 0
    assert learn_due("events", at=learned.at + timedelta(days=1)) == 1
    assert DispatchHistory.objects.count() == 1


def test_a_worker_sees_what_another_has_learned(learned: Town) -> None:
    assert told(learned, learned.open())[0][0] == learned.build.id
    Case.objects.filter(is_open=False).update(handler=learned.police)
    learn_town("events", TOWN, at=learned.at + timedelta(minutes=1))
    assert told(learned, learned.open()) == [(learned.police.id, True)]


def test_nothing_is_learned_of_a_town_without_cases(town: Town) -> None:
    assert learn_town("events", TOWN, at=town.at) is None
    assert suggest(town.open(), at=town.at) is None


def test_two_teams_of_one_name_keep_apart(town: Town) -> None:
    other = Team.objects.create(code="z", name=town.build.name, kind="office", unit_code=TOWN,
                                since=town.build.since)
    assert len(set(team_labels({town.build.id, other.id}).values())) == 2


@pytest.mark.parametrize(("automatic", "least", "odds", "acts"), [
    (True, None, None, True), (True, 90, 0.9, True), (True, 90, 0.89, False),
    (True, 90, None, False), (False, 1, 1.0, False), (False, None, 1.0, False),
])
def test_a_rule_acts_alone_only_at_its_odds(
    town: Town, automatic: bool, least: int | None, odds: float | None, acts: bool
) -> None:
    rule = Rule(1, "", "", "any", 100, town.build.id, town_words(), town.build.since, None,
                automatic, least)
    assert acts_alone(rule, odds) is acts


def town_words() -> Any:
    from yiwang.algorithms.words import Words

    return Words("", "")


@pytest.mark.parametrize(("team", "taken"), [("build", True), ("police", False)])
def test_what_became_of_a_suggestion_is_noted_once(
    learned: Town, team: str, taken: bool
) -> None:
    case = learned.open()
    learned.move(case, "assign", "desk", team=str(getattr(learned, team).id))
    for _ in range(2):
        found = advice_on(case.id, at=learned.at, automat=AUTOMAT)
        assert found is not None
        note_advice(found)
    advice = Advice.objects.get()
    assert (advice.team, advice.taken, advice.learned) == (learned.build, taken, True)


def test_what_a_rule_dispatched_by_itself_is_not_noted(learned: Town) -> None:
    case = learned.assigned()
    by = learned.people["desk"].ref
    assert advice_on(case.id, at=learned.at, automat=by) is None
