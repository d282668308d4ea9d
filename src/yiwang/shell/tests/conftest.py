"""What tests of the shell's pages share."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.test import Client

if TYPE_CHECKING:
    from yiwang.kernel.people.models import Person


@pytest.fixture
def enter() -> Callable[..., Client]:
    """Somebody of a role in an area, signed in and reading a language."""
    from django.utils.timezone import localdate, now

    from yiwang.kernel.people import actions as people
    from yiwang.kernel.people.rules import SYSTEM

    def let_in(role: str = "adjudicator", area: str = "330206005", language: str = "zh") -> Client:
        name = "陆主任" if language == "zh" else "Director Lu"
        person = people.add_person(account=f"{role.replace('_', '-')}-{area}", name=name,
                                   unit_code=area[:12], by=SYSTEM, at=now())
        people.grant_term(person, role=role, area=area, since=localdate(), by=SYSTEM, at=now())
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        client.cookies["language"] = language
        return client

    return let_in


@pytest.fixture
def person() -> "Person":
    """Li Si, whose password is ``sign_in_ground.GOOD``."""
    from django.utils.timezone import now

    from yiwang.kernel.people import actions
    from yiwang.kernel.people.rules import SYSTEM

    from .sign_in_ground import GOOD, TOWN

    made = actions.add_person(account="lisi", name="李四", unit_code=TOWN, by=SYSTEM, at=now())
    made.set_password(GOOD)
    made.password_set_at = now()
    made.save()
    return made
