"""What a key may be allowed to do: the one table of scopes. Pure.

A scope opens capabilities, never more: what is reached is what the key's own person reaches.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from yiwang.algorithms.words import Words

from .rules import Actor, Grant


@dataclass(frozen=True, slots=True)
class Scope:
    """A thing a key may do. ``opens``: capabilities of its person it lets through; none: needs
    no person, since anybody may do it. ``in_address``: its key stands in an address, where it is
    seen by more eyes than a key in a header, so that it opens nothing else."""

    title: Words
    opens: frozenset[str] = frozenset()
    own: bool = True  # whether a person may put it into a key of their own
    in_address: bool = False


_SEE = frozenset({"case.view"})
_ACT = frozenset({"case.report", "case.triage", "case.handle", "case.check", "case.adjudicate",
                  "case.review"})

CALENDAR = "calendar:read"

# ``case.unmask`` is in none: a reporter's name and number leave only through the page.
SCOPES: dict[str, Scope] = {
    "open311.write": Scope(Words("报事（Open311）", "send reports (Open311)")),
    "open311.read": Scope(
        Words("读本单位事项的原文、地址和确切位置（Open311）",
              "read words, address and exact place of its unit's requests (Open311)"), own=False),
    "cases:read": Scope(Words("读案件", "read cases"), _SEE),
    "cases:write": Scope(Words("上报、办理案件", "report and handle cases"), _SEE | _ACT),
    "places:read": Scope(Words("读网格、单位、地点", "read cells, units and places"),
                         frozenset({"cells.view"})),
    "figures:read": Scope(Words("读指标", "read figures"), frozenset({"figures.view"})),
    CALENDAR: Scope(Words("日历订阅我的时限", "let a calendar subscribe to my deadlines"), _SEE,
                    own=False, in_address=True),
}


def needs_person(scopes: list[str]) -> bool:
    """Whether one of the scopes acts with somebody's roles."""
    return any(SCOPES[code].opens for code in scopes)


def stands_in_address(scopes: Iterable[str]) -> bool:
    """Whether a key with these scopes is one that stands in an address."""
    return any(code in SCOPES and SCOPES[code].in_address for code in scopes)


def narrowed(actor: Actor, scopes: frozenset[str]) -> Actor:
    """The person with no more than the scopes let through; the same areas and teams."""
    let = frozenset[str]().union(*(SCOPES[code].opens for code in scopes if code in SCOPES))
    grants = (Grant(grant.role, grant.capabilities & let, grant.area, grant.practice, grant.team)
              for grant in actor.grants)
    return Actor(actor.ref, actor.name, tuple(g for g in grants if g.capabilities), actor.teams)
