"""Whom to answer is forgotten when the answer has stood; the case and its proof stay."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from yiwang.kernel.cases.models import Case, Reporter
from yiwang.kernel.cases.opening import searched_text
from yiwang.kernel.cases.replay import prove
from yiwang.kernel.cases.retention import CONTACT_KEPT, blur_words, forget_contacts, words_kept
from yiwang.kernel.cases.step import commit_step
from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.records import search
from yiwang.kernel.records.models import TrailEntry
from yiwang.kernel.records.sealed import seal

from .town import Town


def test_contacts_go_after_their_time_and_only_they(town: Town) -> None:
    closed, running = town.closed(), town.assigned()
    for case in (closed, running):
        Reporter.objects.create(case=case, name_sealed=seal("王某"),
                                phone_sealed=seal("13800000000"))
    last = town.at + CONTACT_KEPT
    assert forget_contacts(at=last) == 0
    assert forget_contacts(at=last + timedelta(seconds=1)) == 1
    assert [reporter.case_id for reporter in Reporter.objects.all()] == [running.pk]
    assert Case.objects.filter(pk=closed.pk).exists()
    assert prove().faults == ()
    assert TrailEntry.objects.get(stream="retention/contacts").changes == {"contacts": 1}
    assert forget_contacts(at=last + timedelta(days=900)) == 0


PERSONAL = {"title": "张三丰反映：姓名：李四，13812345678",
            "text": "业主王小明，电话 0574-86221234",
            "address": "霞浦中路 1 号，联系人：赵六"}


def with_words(case: Case, town: Town, closed_at: datetime | None = None) -> Case:
    """The case with private words, as if it had been opened with them."""
    changes: dict[str, Any] = {**PERSONAL, **({"closed_at": closed_at} if closed_at else {})}
    written = commit_step(case, verb="import_again", by=SYSTEM, at=town.at, changes=changes)
    search.forget(case.pk, by=case.number)
    search.index(case.pk, text=searched_text(written))
    return written


def test_words_are_covered_after_their_time_and_the_proof_holds(town: Town) -> None:
    closed, running = with_words(town.closed(), town), with_words(town.assigned(), town)
    last = town.at + words_kept()
    assert blur_words(at=last) == 0
    assert blur_words(at=last + timedelta(seconds=1)) == 1
    closed.refresh_from_db()
    running.refresh_from_db()
    assert (closed.title, closed.address) == ("张三丰反映：姓名：**，***********",
                                              "霞浦中路 1 号，联系人：**")
    assert closed.text == "业主***，电话 *************"
    assert running.text == PERSONAL["text"]
    assert prove().faults == ()
    assert "13812345678" not in str(list(TrailEntry.objects.values()))
    assert search.find("13812345678") == [running.pk]
    assert closed.pk in search.find(closed.number)
    assert blur_words(at=last + timedelta(days=2)) == 0


def test_many_closed_at_one_moment_are_all_reached(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yiwang.kernel.cases.retention.AT_ONCE", 2)
    cases = [with_words(town.closed(), town) for _ in range(5)]
    late = town.at + words_kept() + timedelta(days=1)
    assert [blur_words(at=late) for _ in range(4)] == [2, 2, 1, 0]
    assert {Case.objects.get(pk=case.pk).text for case in cases} == {"业主***，电话 *************"}


def test_what_is_imported_long_after_it_closed_is_reached(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = town.at + words_kept() + timedelta(days=9)
    with_words(town.closed(), town)
    assert blur_words(at=late) == 1
    brought_in = late + timedelta(minutes=5)
    id_ = UUID(int=int(brought_in.timestamp() * 1000) << 80 | 7)
    monkeypatch.setattr("yiwang.kernel.cases.opening.new_id", lambda: id_)
    old = with_words(town.closed(), town, closed_at=town.at - timedelta(days=900))
    assert blur_words(at=late + timedelta(minutes=30)) == 0, "perhaps still being written"
    assert blur_words(at=late + timedelta(hours=2)) == 1
    assert Case.objects.get(pk=old.pk).text == "业主***，电话 *************"
    assert prove().faults == ()
