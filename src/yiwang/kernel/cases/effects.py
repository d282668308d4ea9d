"""Effects: what a move does to a case beyond its state, each a pure function to changed columns.

An effect gets the case as it was, what was given, who and when, and returns columns to set.
Two effects of one move must not set the same column, but for ``facts``, which they merge.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from yiwang.algorithms.words import Words
from yiwang.algorithms.working_time import ZONE, Calendar
from yiwang.kernel.errors import Refusal

from . import clocks as timing
from .clocks import Clock
from .closing import closing_flags
from .models import Case


@dataclass(frozen=True)
class Doing:
    """One move being made."""

    case: Case
    verb: str
    given: Mapping[str, Any]
    by: str
    at: datetime

    def signed(self, **more: Any) -> dict[str, Any]:
        """What was given, signed with who and when."""
        return {**self.given, **more, "verb": self.verb, "by": self.by, "at": self.at.isoformat()}


Effect = Callable[[Doing, Calendar], dict[str, Any]]
REVIEWERS_OF_APPEAL = 2  # docs/field.md, filing and closing


def assign(doing: Doing, calendar: Calendar) -> dict[str, Any]:
    return {"handler_id": UUID(doing.given["team"])}


def rule(doing: Doing, calendar: Calendar) -> dict[str, Any]:
    """The ruling stays with the case; the desk may turn it into a dispatch rule."""
    return {"facts": {"ruling": doing.signed()}}


def count_refusal(doing: Doing, calendar: Calendar) -> dict[str, Any]:
    refusal = doing.signed(team_refusing=str(doing.case.holder_id))
    return {
        "refusals": doing.case.refusals + 1,
        "facts": {"refusals": [*doing.case.facts.get("refusals", []), refusal]},
    }


def take_outcome(doing: Doing, calendar: Calendar) -> dict[str, Any]:
    """Add an opinion; earlier ones are kept, never overwritten."""
    flags = [flag.as_json() for flag in closing_flags(doing.given)]
    opinions = [*doing.case.facts.get("opinions", []), doing.signed(flags=flags)]
    return {
        "outcome": doing.given["result"],
        "outcome_by": doing.by,
        "facts": {"opinions": opinions},
    }


def send_back(doing: Doing, calendar: Calendar) -> dict[str, Any]:
    return {"facts": {"returns": [*doing.case.facts.get("returns", []), doing.signed()]}}


def rate(doing: Doing, calendar: Calendar) -> dict[str, Any]:
    return {
        "stars": int(doing.given["stars"]),
        "facts": {"rating": {"words": doing.given.get("words", "")}},
    }


def reopen(doing: Doing, calendar: Calendar) -> dict[str, Any]:
    reopenings = [*doing.case.facts.get("reopenings", []), doing.signed()]
    return {
        "reopenings": doing.case.reopenings + 1,
        "closed_at": None,
        "stars": None,
        "facts": {"reopenings": reopenings},
    }


def merge(doing: Doing, calendar: Calendar) -> dict[str, Any]:
    return {"merged_into_id": UUID(doing.given["case"]), "counted": False}


def ask(doing: Doing, calendar: Calendar) -> dict[str, Any]:
    return {"facts": {"asking": doing.signed()}}


def answer(doing: Doing, calendar: Calendar) -> dict[str, Any]:
    answered = [*doing.case.facts.get("answered", []),
                {"asked": doing.case.facts.get("asking"), "answer": doing.signed()}]
    return {"facts": {"asking": None, "answered": answered}}


def extend_term(doing: Doing, calendar: Calendar) -> dict[str, Any]:
    """One original limit more, counted only when granted."""
    longer = timing.extend(_handle(doing), at=doing.at, calendar=calendar)
    return {"clocks": _changed(doing, longer), **answer(doing, calendar)}


def suspend(doing: Doing, calendar: Calendar) -> dict[str, Any]:
    """挂账 until the day that was asked for, whose own clock then reminds the handler."""
    asked = doing.case.facts["asking"]
    until = datetime.combine(date.fromisoformat(asked["until"]), time(), ZONE)
    still = timing.suspend(_handle(doing), at=doing.at, until=until, calendar=calendar)
    changes = answer(doing, calendar)
    changes["facts"]["suspended"] = {"until": asked["until"], "since": doing.at.isoformat()}
    days = (until.date() - doing.at.astimezone(ZONE).date()).days
    reminder = timing.start("calendar_days", days, at=doing.at, calendar=calendar)
    return {"clocks": {**_changed(doing, still), "suspension": reminder.to_json()}, **changes}


def _handle(doing: Doing) -> Clock:
    stored = doing.case.clocks.get("handle")
    if stored is None:
        raise Refusal("no_term", Words("处置时限还没有开始。", "The handling term has not begun."))
    return Clock.from_json(stored)


def _changed(doing: Doing, clock: Clock) -> dict[str, Any]:
    return {"handle": {**doing.case.clocks["handle"], **clock.to_json()}}


def discount(doing: Doing, calendar: Calendar) -> dict[str, Any]:
    return {"counted": False, **answer(doing, calendar)}


def appeal(doing: Doing, calendar: Calendar) -> dict[str, Any]:
    return {"facts": {"appeal": {**doing.signed(), "votes": []}}}


def _vote(doing: Doing, upheld: bool) -> dict[str, Any]:
    """One judgement; the second settles it: excused only when both uphold. The mark stays."""
    open_appeal = doing.case.facts["appeal"]
    votes = [*open_appeal["votes"], doing.signed(upheld=upheld)]
    settled = len(votes) >= REVIEWERS_OF_APPEAL
    excused = settled and all(vote["upheld"] for vote in votes)
    result = ("upheld" if excused else "dismissed") if settled else ""
    facts = {"facts": {"appeal": {**open_appeal, "votes": votes, "result": result}}}
    return {**facts, "late_excused": True} if excused else facts


def uphold(doing: Doing, calendar: Calendar) -> dict[str, Any]:
    return _vote(doing, True)


def dismiss(doing: Doing, calendar: Calendar) -> dict[str, Any]:
    return _vote(doing, False)


EFFECTS: dict[str, Effect] = {
    "assign": assign, "rule": rule, "count_refusal": count_refusal,
    "take_outcome": take_outcome, "send_back": send_back, "rate": rate, "reopen": reopen,
    "merge": merge, "ask": ask, "answer": answer, "extend": extend_term, "suspend": suspend,
    "discount": discount, "appeal": appeal, "uphold": uphold, "dismiss": dismiss,
}


def earlier_signers(case: Case, role: str) -> frozenset[str]:
    """Who already signed in ``role``, and so may not sign again: doer, asker or judges."""
    facts = case.facts
    if role == "doer":
        return frozenset({case.outcome_by})
    if role == "asker":
        return frozenset({(facts.get("asking") or {}).get("by", "")})
    votes = (facts.get("appeal") or {}).get("votes", [])
    return frozenset({vote["by"] for vote in votes} | {(facts.get("appeal") or {}).get("by", "")})
