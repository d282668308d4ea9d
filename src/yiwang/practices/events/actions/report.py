"""Report an event: located, checked, opened once, with photos and a sealed way to answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from yiwang.algorithms.words import Words
from yiwang.kernel import rows
from yiwang.kernel.cases.evidence import attach_photos
from yiwang.kernel.cases.models import Case, Kind, Reporter
from yiwang.kernel.cases.needs import Incomplete
from yiwang.kernel.cases.opening import NewCase, open_case, sent_before
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.rules import Actor
from yiwang.kernel.places.models import Unit
from yiwang.kernel.records.files import StoredPhoto
from yiwang.kernel.records.photo_bounds import BOUNDS, too_many
from yiwang.kernel.records.sealed import seal

from ..rules import PRACTICE, REPORT, clean, initials, is_phone, title_of
from ..states import EVENT
from .where import Where, settle

TOWN = 9  # digits of a town's code


@dataclass(frozen=True, slots=True)
class Report:
    """What a reporter tells. Name and phone are optional and kept sealed, apart from the case."""

    kind: str
    where: Where = field(default_factory=Where)
    text: str = ""
    address: str = ""
    name: str = ""
    phone: str = ""
    channel: str = "resident"
    once_key: str = ""
    captured_at: datetime | None = None
    photos: tuple[StoredPhoto, ...] = ()


def report_event(report: Report, *, by: Actor, at: datetime) -> Case:
    """Open a case of the report, once; raises ``Incomplete`` naming every field that is wrong."""
    if before := sent_before(report.once_key):
        return before
    new = _checked(report, at=at)  # before the transaction: SQLite lets nobody else write in it
    note = {"captured_at": report.captured_at} if report.captured_at else None
    if not (report.name or report.phone or report.photos):
        return open_case(new, by=by, at=at, note=note)
    with transaction.atomic():
        return _with_more(report, open_case(new, by=by, at=at, note=note), by=by, at=at)


def _with_more(report: Report, case: Case, *, by: Actor, at: datetime) -> Case:
    """The case with how to reach the reporter, and with photos."""
    if case.opened_at != at:
        return case  # two replays at once: the other one opened it, photos and all
    if report.name or report.phone:
        Reporter.objects.get_or_create(case=case, defaults={
            "name_sealed": seal(clean(report.name)), "phone_sealed": seal(clean(report.phone))})
    if report.photos:
        attach_photos(case, report.photos, stage="report", by=by, at=at)
    return case


def _checked(report: Report, *, at: datetime) -> NewCase:
    """The new case, everything in it checked; all that is wrong is said at once."""
    wrong = _wrong_words(report)
    kind = rows.one(Kind, code=report.kind)
    if kind is None:
        wrong["kind"] = Words("请选一类；说不准就选“其他”。",
                              "Choose a kind; if unsure, “something else”.")
    area = ""
    columns: dict[str, Any] = {}
    try:
        area, columns = settle(report.where, at=at)
    except Refusal as refusal:
        wrong["place"] = both(refusal)
    if wrong or kind is None:
        raise Incomplete(wrong)
    return _new_case(report, kind, area, columns)


def _wrong_words(report: Report) -> dict[str, Words]:
    wrong: dict[str, Words] = {}
    text = clean(report.text)
    if not text and not report.photos:
        wrong["text"] = Words("拍张照片，或写一句话。", "Take a photo, or write a sentence.")
    for name, value, most in (
        ("text", text, REPORT.most_text), ("address", clean(report.address), REPORT.most_address),
        ("name", clean(report.name), REPORT.most_name),
    ):
        if len(value) > most:
            wrong[name] = Words("最多 {most} 字，现在 {now} 字。",
                                "At most {most} characters, now {now}.").filled(
                most=most, now=len(value))
    phone = clean(report.phone)
    if phone and (len(phone) > REPORT.most_phone or not is_phone(phone)):
        wrong["phone"] = Words("电话只写数字，如 13800001234；不想留可以空着。",
                               "Digits only, such as 13800001234; or leave it empty.")
    if len(report.photos) > BOUNDS.most_photos:
        wrong["photo"] = both(too_many())
    return wrong


def _new_case(report: Report, kind: Kind, area: str, columns: Mapping[str, Any]) -> NewCase:
    text = clean(report.text)
    address = clean(report.address) or str(columns.get("address", ""))
    return NewCase(
        practice=PRACTICE, playbook=EVENT.code, number_prefix=number_prefix(area),
        kind=kind.code, title=title_of(kind.name, text, address), text=text,
        channel=report.channel, area=area, columns={**columns, "address": address},
        once_key=report.once_key or None,
    )


def number_prefix(area: str) -> str:
    """The letters before a case's number: the initials of the town's name, XP for Xiapu."""
    unit = rows.one(Unit, code=area[:TOWN])
    return initials(unit.name_en if unit else "")


def both(refusal: Refusal) -> Words:
    """What and what to do as one sentence, for a field."""
    return Words(f"{refusal.what.zh}{refusal.todo.zh}", f"{refusal.what.en} {refusal.todo.en}")
