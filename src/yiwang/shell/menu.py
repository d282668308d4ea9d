"""The menu beside every page: what the practices plug in and what the shell itself offers."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain

from django.urls import NoReverseMatch

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.rules_queries import rules_warnings
from yiwang.kernel.people.rules import Actor, can_somewhere
from yiwang.kernel.practice import MenuItem, practices

from .addresses import address_of

GROUPS: dict[str, Words] = {
    "work": Words("办", "Do"),
    "look": Words("看", "See"),
    "manage": Words("管", "Manage"),
    "connect": Words("联", "Connect"),
}

SHELL_MENU: tuple[MenuItem, ...] = (
    MenuItem(Words("驾驶舱", "Cockpit"), "cockpit", "figures.view", "look"),
    MenuItem(Words("月报", "Monthly reports"), "monthly-reports", "figures.view", "look"),
    MenuItem(Words("网格", "Grid cells"), "cells", "cells.view", "manage"),
    MenuItem(Words("单位与权力", "Units and powers"), "units", "cells.edit", "manage"),
    MenuItem(Words("派单规则", "Dispatch rules"), "dispatch-rules", "dispatch.edit", "manage"),
    MenuItem(Words("流程", "Playbooks"), "playbooks", "playbook.edit", "manage"),
    MenuItem(Words("体系与跑道", "Frameworks"), "frameworks", "playbook.edit", "manage"),
    MenuItem(Words("日历", "Calendar"), "calendar", "calendar.edit", "manage"),
    MenuItem(Words("人员", "People"), "people", "people.view", "manage"),
    MenuItem(Words("机构", "Teams"), "teams", "people.view", "manage"),
    MenuItem(Words("接口密钥", "API keys"), "api-keys", "system.edit", "connect"),
    MenuItem(Words("推送", "Webhooks"), "webhooks", "system.edit", "connect"),
    MenuItem(Words("对接系统", "Peers"), "peer-list", "system.edit", "connect"),
    MenuItem(Words("运行状况", "System health"), "instance", "system.edit", "manage"),
    MenuItem(Words("授权", "Roles held"), "terms", "terms.edit", "manage"),
    MenuItem(Words("审计", "Audit"), "audit", "trail.read", "manage"),
)


@dataclass(frozen=True, slots=True)
class Door:
    """A line of the menu as shown: its title, its address, whether the reader stands there.

    ``badge`` says what waits behind it, if anything does; it is asked only where it is shown.
    """

    title: Words
    url: str
    here: bool
    asks: Callable[[], Words | None] | None = None

    @property
    def badge(self) -> Words | None:
        return self.asks() if self.asks else None


@dataclass(frozen=True, slots=True)
class Group:
    """A heading and its doors; empty groups are not shown."""

    title: Words
    doors: tuple[Door, ...]


def groups_for(actor: Actor, path: str) -> tuple[Group, ...]:
    """The menu of ``actor``, with the longest address that leads to ``path`` marked."""
    items = [(item, url) for item in _open_to(actor) if (url := address(item.url_name))]
    here = max((url for _, url in items if path.startswith(url)), key=len, default="")
    return tuple(
        Group(title, doors)
        for code, title in GROUPS.items()
        if (doors := _doors(items, code, here))
    )


def _open_to(actor: Actor) -> list[MenuItem]:
    plugged = chain.from_iterable(practice.menu for practice in practices)
    return [
        item for item in chain(plugged, SHELL_MENU) if can_somewhere(actor, item.capability)
    ]


def _doors(items: list[tuple[MenuItem, str]], group: str, here: str) -> tuple[Door, ...]:
    return tuple(Door(item.title, url, url == here, BADGES.get(item.url_name))
                 for item, url in items if item.group == group)


def _rules_to_mend() -> Words | None:
    """How much the linter finds wrong with the rules; kept, so that a page costs no count."""
    count = sum(rules_warnings(practice.code) for practice in practices)
    return Words("{n} 处问题", "{n} to mend").filled(n=count) if count else None


BADGES: dict[str, Callable[[], Words | None]] = {"dispatch-rules": _rules_to_mend}


def address(url_name: str) -> str:
    """The address of a named page; empty where the practice that has it is not switched on."""
    try:
        return address_of(url_name)
    except NoReverseMatch:
        return ""
