"""Any life at all: whatever people try in whatever order, the record holds together."""

import contextlib
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yiwang.kernel.cases.clocks import Clock
from yiwang.kernel.cases.models import Case, Hold
from yiwang.kernel.cases.moves import make_move
from yiwang.kernel.cases.replay import prove
from yiwang.kernel.errors import Refusal
from yiwang.practices.events.states import EVENT

from .town import CLEAR, Town

CODES = sorted({move.code for move in EVENT.moves} - {"merge"})
WHO = ["worker", "desk", "head", "leader", "build", "police", "reporter"]
ATTEMPT = st.tuples(st.sampled_from(CODES), st.sampled_from(WHO), st.booleans(),
                    st.sampled_from([0, 1, 30, 300, 3000, 60000]))


def given_with(town: Town, thin: bool) -> dict[str, Any]:
    """Enough of everything that any move may ask for."""
    done = "已联系相关部门进一步跟进处理" if thin else CLEAR["done"]
    team = town.police if thin else town.build
    return {**CLEAR, "done": done, "team": str(team.id), "reason": "理由", "clause": "duty",
            "return_type": "half_way", "stars": "4", "until": "2026-09-01", "note": ""}


def check(case: Case) -> None:
    """What must hold after every step."""
    stored = Case.objects.get(id=case.id)
    state = EVENT.state(stored.state)
    assert stored.is_open is not state.final
    assert (stored.closed_at is None) is stored.is_open
    assert (stored.holder_id is not None) is (state.holder.value == "handler")
    running = [c for c in map(Clock.from_json, stored.clocks.values()) if c.is_running]
    assert (stored.due_at is not None) is bool(running)
    assert stored.is_open or not running
    assert Hold.objects.filter(case=case, until__isnull=True).count() == int(stored.is_open)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(attempts=st.lists(ATTEMPT, min_size=3, max_size=14))
def test_any_order_of_attempts_leaves_a_sound_record(
    town: Town, attempts: list[tuple[str, str, bool, int]],
) -> None:
    from yiwang.kernel.cases.may import reporter_of

    case, at = town.open(), town.at
    was_late = False
    for code, who, thin, minutes in attempts:
        at += timedelta(minutes=minutes)
        by = reporter_of(case) if who == "reporter" else town.people[who]
        with contextlib.suppress(Refusal):
            make_move(case, code, by=by, at=at, given=given_with(town, thin))
        check(case)
        assert case.late or not was_late
        was_late = case.late
    assert prove().faults == ()


