"""Guards: the named conditions a move may ask for, each a pure question to the case. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.peers import peers_for

from .clocks import Clock, check_can_extend
from .closing import closing_flags
from .models import Case

REOPEN_WITHIN = timedelta(days=30)  # own choice: long enough to see whether a repair holds


@dataclass(frozen=True)
class Asked:
    """What a guard looks at: the case, what was given with the move, and when."""

    case: Case
    given: Mapping[str, Any]
    at: datetime

    def clock(self, name: str) -> Clock | None:
        stored = self.case.clocks.get(name)
        return Clock.from_json(stored) if stored else None


Guard = Callable[[Asked], bool]


def _asking(asked: Asked, verb: str) -> bool:
    return bool((asked.case.facts.get("asking") or {}).get("verb") == verb)


def _nothing_asked(asked: Asked) -> bool:
    return not asked.case.facts.get("asking")


def _may_extend(asked: Asked) -> bool:
    handle = asked.clock("handle")
    if handle is None or not _nothing_asked(asked):
        return False
    try:
        check_can_extend(handle, at=asked.at)
    except Refusal:
        return False
    return True


def _appeal(asked: Asked) -> dict[str, Any]:
    appeal: dict[str, Any] = asked.case.facts.get("appeal") or {}
    return appeal


def _may_reopen(asked: Asked) -> bool:
    closed = asked.case.closed_at
    return closed is not None and asked.at - closed <= REOPEN_WITHIN


# Each guard with the words said when it is the reason why a move is not offered.
GUARDS: dict[str, tuple[Guard, Words]] = {
    "first_refusal": (
        lambda asked: asked.case.refusals == 0,
        Words("已退回过一次", "it was refused once already"),
    ),
    "refused_before": (
        lambda asked: asked.case.refusals > 0,
        Words("还没有退回过", "it was not refused before"),
    ),
    "outcome_clear": (
        lambda asked: not closing_flags(asked.given),
        Words("办结说明需要审结", "the closing text needs a reviewer"),
    ),
    "outcome_thin": (
        lambda asked: bool(closing_flags(asked.given)),
        Words("办结说明不需要审结", "the closing text needs no reviewer"),
    ),
    "children_done": (
        lambda asked: not asked.case.children.filter(is_open=True).exists(),
        Words("还有子案件未结", "a child case is still open"),
    ),
    "not_rated": (lambda asked: asked.case.stars is None, Words("已经评价过", "already rated")),
    "may_reopen": (
        _may_reopen,
        Words("结案已超过 30 天，请重新上报", "closed more than 30 days ago: report it anew"),
    ),
    "may_ask_extension": (
        _may_extend,
        Words("已超时、已延两次，或已有申请待批",
              "overdue, extended twice already, or a request is waiting"),
    ),
    "extension_asked": (
        lambda asked: _asking(asked, "ask_extension"),
        Words("没有待批的延期申请", "no extension was asked for"),
    ),
    "may_ask_suspension": (
        lambda asked: _nothing_asked(asked) and not asked.case.facts.get("suspended"),
        Words("只能挂账一次", "a case is suspended once at most"),
    ),
    "suspension_asked": (
        lambda asked: _asking(asked, "ask_suspension"),
        Words("没有待批的挂账申请", "no suspension was asked for"),
    ),
    "may_appeal": (
        lambda asked: asked.case.late and not _appeal(asked),
        Words("没有超时，或已申诉过", "it was not late, or was appealed before"),
    ),
    "peer_known": (
        lambda asked: bool(peers_for(asked.case.area)),
        Words("还没有登记可转交的系统", "no other instance is registered"),
    ),
    "appeal_open": (
        lambda asked: bool(_appeal(asked)) and not _appeal(asked).get("result"),
        Words("没有待审的申诉", "no appeal is open"),
    ),
}


def holds(name: str, asked: Asked) -> bool:
    """Whether the guard of that name holds; no name, no condition."""
    return not name or GUARDS[name][0](asked)
