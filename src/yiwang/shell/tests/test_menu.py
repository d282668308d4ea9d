"""The menu shows what opens, and nothing else; home leads to the reader's own work."""

from collections.abc import Callable

import pytest

from yiwang.kernel.people.rules import RESIDENT, Actor
from yiwang.shell import menu
from yiwang.shell.web import home


@pytest.fixture
def all_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every named page exists at /<name>, whatever practices are switched on."""
    monkeypatch.setattr(menu, "address", lambda name: f"/{name}")
    monkeypatch.setattr(home, "address", lambda name: f"/{name}")


def titles(actor: Actor, path: str = "/") -> set[str]:
    return {door.title.en for group in menu.groups_for(actor, path) for door in group.doors}


@pytest.mark.usefixtures("all_pages")
@pytest.mark.parametrize(
    ("role", "seen", "unseen"),
    [
        ("dispatcher", {"Cockpit", "Grid cells"}, {"People", "Audit"}),
        ("adjudicator", {"Dispatch rules", "Calendar"}, {"Roles held"}),
        ("system_admin", {"People", "Teams"}, {"Roles held", "Audit", "Cockpit"}),
        ("security_admin", {"Roles held", "People"}, {"Audit", "Cockpit"}),
        ("auditor", {"Audit", "People"}, {"Roles held", "Cockpit"}),
    ],
)
def test_each_role_sees_its_doors(
    actor: Callable[..., Actor], role: str, seen: set[str], unseen: set[str]
) -> None:
    shown = titles(actor(role))
    assert seen <= shown
    assert not unseen & shown


@pytest.mark.usefixtures("all_pages")
def test_a_resident_has_no_menu() -> None:
    assert menu.groups_for(RESIDENT, "/") == ()


@pytest.mark.usefixtures("all_pages")
def test_the_page_one_is_on_is_marked_below_it_too(actor: Callable[..., Actor]) -> None:
    groups = menu.groups_for(actor("system_admin"), "/people/017/edit")
    assert [door.url for group in groups for door in group.doors if door.here] == ["/people"]


def test_a_page_nobody_has_is_no_door(actor: Callable[..., Actor]) -> None:
    assert menu.address("no-such-page-anywhere") == ""


@pytest.mark.usefixtures("all_pages")
@pytest.mark.parametrize(
    ("role", "page"),
    [
        ("dispatcher", "/desk"), ("adjudicator", "/desk"), ("grid_worker", "/phone-today"),
        ("office", "/desk"), ("leader", "/cockpit"), ("system_admin", "/people"),
        ("security_admin", "/terms"), ("auditor", "/audit"),
    ],
)
def test_home_leads_to_ones_own_work(actor: Callable[..., Actor], role: str, page: str) -> None:
    assert home.first_page(actor(role)) == page


def test_nobody_without_a_role_is_sent_anywhere() -> None:
    assert home.first_page(RESIDENT) == ""
