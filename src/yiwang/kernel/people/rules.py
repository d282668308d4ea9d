"""Who may do what: capabilities, roles, and the one question ``can``. Pure.

A permission is capability × area × practice (× team). Deny by default: what no term grants is
refused. System administration, security administration and audit are never held together
(GB/T 22239, 8.1.4: separated administrators).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Role:
    """A named bundle of capabilities. ``team_bound``: reaches only what the term's team holds."""

    code: str
    title: Words
    capabilities: frozenset[str]
    team_bound: bool = False


@dataclass(frozen=True, slots=True)
class Grant:
    """One role held now: where, for which practice (empty: all), in which team (None: any)."""

    role: str
    capabilities: frozenset[str]
    area: str
    practice: str = ""
    team: UUID | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts: the ``by`` of every action. ``ref`` is what the trail remembers."""

    ref: str
    name: str = ""
    grants: tuple[Grant, ...] = ()
    teams: frozenset[UUID] = frozenset()


CAPABILITIES: dict[str, Words] = {
    "case.view": Words("看案件", "see cases"),
    "case.report": Words("上报", "report"),
    "case.triage": Words("受理、派遣、并案", "accept, dispatch, merge"),
    "case.handle": Words("签收、退回、处置", "accept, refuse, handle"),
    "case.check": Words("现场核查", "check on site"),
    "case.adjudicate": Words("裁定归属", "rule on whose it is"),
    "case.review": Words("审批延期、挂账、结案", "approve extensions, suspensions, closings"),
    "case.unmask": Words("查看当事人联系方式", "see a reporter's contact"),
    "figures.view": Words("看指标", "see figures"),
    "figures.export": Words("导出", "export"),
    "report.issue": Words("签发月报", "issue monthly reports"),
    "dispatch.edit": Words("改派单规则", "edit dispatch rules"),
    "playbook.edit": Words("改流程", "edit playbooks"),
    "calendar.edit": Words("改日历", "edit the calendar"),
    "cells.view": Words("看网格", "see cells"),
    "cells.edit": Words("改网格", "edit cells"),
    "events.import": Words("导入事件", "import events"),
    "people.view": Words("看人员与机构", "see people and teams"),
    "people.edit": Words("管人员与机构", "manage people and teams"),
    "system.edit": Words("管系统设置", "manage settings"),
    "terms.edit": Words("授权", "grant roles"),
    "trail.read": Words("读审计记录", "read the audit trail"),
}

_WORK = frozenset({"case.view", "cells.view", "figures.view"})

ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role("grid_worker", Words("专职网格员", "grid worker"),
             frozenset({"case.view", "case.report", "case.check", "cells.view"})),
        Role("village_cadre", Words("村社干部", "village cadre"),
             _WORK | {"case.report", "case.handle"}),
        Role("dispatcher", Words("调度员", "dispatcher"),
             _WORK | {"case.report", "case.triage", "case.check", "case.unmask",
                      "figures.export", "events.import"}),
        Role("office", Words("科室人员", "office worker"),
             frozenset({"case.view", "case.report", "case.handle", "cells.view",
                        "figures.view", "figures.export"}), team_bound=True),
        Role("adjudicator", Words("指挥室负责人", "head of the command room"),
             _WORK | {"case.triage", "case.adjudicate", "case.review", "case.unmask",
                      "figures.export", "report.issue", "dispatch.edit", "playbook.edit",
                      "calendar.edit", "cells.edit", "events.import"}),
        Role("leader", Words("领导", "leader"),
             _WORK | {"case.review", "figures.export", "report.issue"}),
        Role("system_admin", Words("系统管理员", "system administrator"),
             frozenset({"people.view", "people.edit", "system.edit"})),
        Role("security_admin", Words("安全管理员", "security administrator"),
             frozenset({"people.view", "terms.edit"})),
        Role("auditor", Words("审计员", "auditor"), frozenset({"people.view", "trail.read"})),
    )
}

SEPARATED = frozenset({"system_admin", "security_admin", "auditor"})

SYSTEM = Actor("system")
RESIDENT = Actor("resident")


def covers(area: str, code: str) -> bool:
    """Whether a scope reaches a unit or cell: codes are hierarchical, so a prefix is a subtree."""
    return code.startswith(area)


def can(
    actor: Actor, capability: str, *, area: str, practice: str = "", teams: Iterable[UUID] = ()
) -> bool:
    """Whether one of the actor's grants reaches this: the single rule behind every page and list.

    ``teams`` are the teams the thing belongs to; a team-bound grant needs its own among them.
    """
    mine = frozenset(teams)
    return any(
        capability in grant.capabilities
        and covers(grant.area, area)
        and grant.practice in ("", practice)
        and (grant.team is None or grant.team in mine)
        for grant in actor.grants
    )


def can_somewhere(actor: Actor, capability: str) -> bool:
    """Whether the actor holds the capability in any scope: decides menus and page doors."""
    return any(capability in grant.capabilities for grant in actor.grants)


def check_can(
    actor: Actor, capability: str, *, area: str, practice: str = "", teams: Iterable[UUID] = ()
) -> None:
    """Raise ``NotAllowed`` where :func:`can` says no."""
    if not can(actor, capability, area=area, practice=practice, teams=teams):
        raise not_allowed(capability)


def not_allowed(capability: str) -> NotAllowed:
    """The refusal that names what was missing and whom to ask."""
    return NotAllowed(
        code="not_allowed",
        what=Words("你的角色不能{act}。", "Your role does not allow you to {act}.").filled(
            act=CAPABILITIES[capability]
        ),
        todo=Words("需要时请找安全管理员授权。", "Ask the security administrator for it."),
    )


def can_hold_together(roles: Iterable[str]) -> bool:
    """Whether one person may hold these roles: at most one of the three administrators."""
    return len(SEPARATED.intersection(roles)) <= 1
