"""Whom to answer is forgotten when the answer has stood; the case and its proof stay."""

from datetime import timedelta

from yiwang.kernel.cases.models import Case, Reporter
from yiwang.kernel.cases.replay import prove
from yiwang.kernel.cases.retention import CONTACT_KEPT, forget_contacts
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
