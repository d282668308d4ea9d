"""“It is this one, me too”: a report of its own, joined at once to the case it repeats."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.moves import make_move
from yiwang.kernel.cases.opening import NewCase, open_case
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.rules import Actor, Grant

from ..rules import PRACTICE, is_sensitive
from ..states import EVENT
from .report import number_prefix


@transaction.atomic
def report_me_too(case_id: UUID, *, once_key: str = "", by: Actor, at: datetime) -> Case:
    """A case merged into the one pointed at, with a follow code of its own; not counted again."""
    if once_key and (before := Case.objects.filter(once_key=once_key).first()):
        return before
    same = Case.objects.filter(id=case_id, practice=PRACTICE, is_open=True).first()
    if same is None or is_sensitive(same.kind):
        raise Refusal(
            "no_such_case",
            Words("这件已经办结或不在了。", "That one is finished or not there any more."),
            Words("请直接发送你的这件。", "Please send yours."),
            field="place",
        )
    new = NewCase(
        practice=PRACTICE, playbook=EVENT.code, number_prefix=number_prefix(same.area),
        kind=same.kind, title=same.title, text="", channel="resident", area=same.area,
        columns={name: getattr(same, name) for name in
                 ("address", "longitude", "latitude", "datum", "original_x", "original_y")},
        once_key=once_key or None,
    )
    case = open_case(new, by=by, at=at, note={"same_as": same.number}, announce=False)
    if case.opened_at != at:
        return case  # two replays at once: the other one opened it
    return make_move(case, "merge", by=_joiner(same.area), at=at, given={"case": same.number})


def _joiner(area: str) -> Actor:
    """The system, allowed this one thing here: the person pointed at the case themselves."""
    return Actor("system", grants=(Grant("me_too", frozenset({"case.triage"}), area, PRACTICE),))
