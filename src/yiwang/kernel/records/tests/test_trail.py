"""The trail refuses changes and shows where a chain does not hold."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.records import trail
from yiwang.kernel.records.models import TrailEntry


def write(at: datetime, *verbs: str, stream: str = "thing/1") -> None:
    for verb in verbs:
        with transaction.atomic():
            trail.append(stream, verb=verb, by="person/1", at=at, changes={"a": verb})


def chain() -> list[TrailEntry]:
    return list(TrailEntry.objects.order_by("stream", "seq"))


@pytest.mark.django_db(transaction=True)
def test_an_entry_is_written_only_within_a_transaction(at: datetime) -> None:
    with pytest.raises(RuntimeError):
        trail.append("thing/1", verb="x", by="person/1", at=at)


@pytest.mark.django_db
def test_a_chain_holds_as_written_and_as_read_back(at: datetime) -> None:
    write(at, "one", "two", "three")
    write(at, "one", stream="thing/2")
    assert trail.broken_links(chain()) == []
    assert [entry.seq for entry in chain()] == [1, 2, 3, 1]


@pytest.mark.django_db
@pytest.mark.parametrize("statement", [
    "UPDATE kernel_trailentry SET by = 'person/2'", "DELETE FROM kernel_trailentry"])
def test_the_database_refuses_changes(at: datetime, statement: str) -> None:
    write(at, "one")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert len(chain()) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("harm", "why"), [
    (lambda entries: setattr(entries[1], "verb", "other"), "content"),
    (lambda entries: setattr(entries[1], "changes", {"a": "z"}), "content"),
    (lambda entries: setattr(entries[1], "at", entries[1].at.replace(year=2020)), "content"),
    (lambda entries: entries.pop(1), "gap"),
    (lambda entries: setattr(entries[2], "previous", "0" * 64), "link"),
])
def test_every_kind_of_harm_is_found(at: datetime, harm: object, why: str) -> None:
    write(at, "one", "two", "three")
    entries = chain()
    harm(entries)  # type: ignore[operator]
    assert why in {found for _, _, found in trail.broken_links(entries)}


@given(st.dictionaries(st.text(max_size=20), st.recursive(
    st.none() | st.booleans() | st.integers(-2**53, 2**53) | st.text(max_size=40)
    | st.datetimes(timezones=st.just(UTC)),
    lambda inner: st.lists(inner, max_size=3), max_leaves=8), max_size=5))
def test_plain_values_are_the_same_after_a_second_time(values: dict[str, object]) -> None:
    assert trail.plain(trail.plain(values)) == trail.plain(values)


@pytest.mark.django_db
def test_many_first_entries_are_what_compose_makes(at: datetime) -> None:
    """Encoded once for all of them, and signed as each by itself."""
    changes = [{"b": 1, "a": 4.25, "at": at, "字": "霞浦", "facts": {"z": [None, True]}}, {}]
    firsts = [(f"many/{n}", said) for n, said in enumerate(changes)]
    with transaction.atomic():
        heads = trail.begin_many(firsts, verb="import", by="system", at=at, note={"run": "甲"})
    single = [trail.compose(stream, 1, trail.GENESIS, verb="import", by="system", at=at,
                            changes=said, note={"run": "甲"}).digest for stream, said in firsts]
    assert heads == single
    kept = list(TrailEntry.objects.filter(stream__startswith="many/").order_by("stream"))
    assert [entry.digest for entry in kept] == single
    assert trail.broken_links(kept) == []
