"""The demo command: made once, never among a town's own people."""

import pytest
from django.utils.timezone import now

from yiwang.cli import demo
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.models import Person
from yiwang.kernel.practice import Practice, practices
from yiwang.kernel.records import demo_town
from yiwang.kernel.records.models import TrailEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was made: the practices' own demos are replaced by one that notes its name."""
    names: list[str] = []
    plug = Practice("lamps", practices["events"].title, "", demo=lambda at: names.append("lamps"))
    monkeypatch.setattr(practices, "_practices", {"lamps": plug})
    return names


def test_a_second_start_makes_nothing_again(made: list[str]) -> None:
    demo.make_town()
    demo.make_town()
    assert made == ["lamps"]
    entries = TrailEntry.objects.filter(stream=demo_town.STREAM)
    assert [entry.verb for entry in entries.order_by("seq")] == ["begin", "finish"]


def test_an_interrupted_start_goes_on(made: list[str]) -> None:
    demo_town.note(demo_town.BEGIN, by="system", at=now())
    Person.objects.create(account="diaodu", name="made before the cut")
    demo.make_town()
    assert made == ["lamps"]


def test_a_town_with_people_of_its_own_is_left_alone(made: list[str]) -> None:
    Person.objects.create(account="own", name="own")
    with pytest.raises(Refusal) as refused:
        demo.make_town()
    assert refused.value.code == "instance_in_use"
    assert not made


def test_the_table_names_account_and_role() -> None:
    Person.objects.create(account="diaodu", name="沈调度")
    table = demo.sign_in_table("http://127.0.0.1:8000/")
    assert "http://127.0.0.1:8000/" in table
    assert "diaodu" in table
