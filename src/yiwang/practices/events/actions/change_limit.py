"""A town sets how long a kind of case may take: a new version from a day on, with its source."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils.timezone import localdate

from yiwang.algorithms.words import Words
from yiwang.algorithms.working_time import ClockKind, TermError
from yiwang.kernel.cases.models import Kind, TimeLimit
from yiwang.kernel.errors import Refusal, source_missing
from yiwang.kernel.people.rules import SYSTEM, Actor, can_somewhere, not_allowed
from yiwang.kernel.records import trail
from yiwang.practices.events.kinds import PRACTICE

MOST_AMOUNT = 10_000  # hours or days; catches a slip of the hand


@dataclass(frozen=True, slots=True)
class NewLimit:
    """A limit as somebody sets it; ``condition`` empty means the plain limit of the kind."""

    kind: str
    clock: str
    amount: str
    since: date
    source: str
    condition: str = ""
    condition_en: str = ""


@transaction.atomic
def change_limit(new: NewLimit, *, by: Actor, at: datetime) -> TimeLimit:
    """Begin a limit on a day; the one before ends the day before. Running cases keep theirs."""
    if by != SYSTEM and not can_somewhere(by, "playbook.edit"):
        raise not_allowed("playbook.edit")
    clock, amount = _checked(new)
    _check_day(new.since, localdate(at))
    before = TimeLimit.objects.select_for_update().filter(
        practice=PRACTICE, kind=new.kind, condition=new.condition, until__isnull=True)
    if before.filter(since__gte=new.since).exists():
        raise Refusal(
            "limit_later_exists",
            Words("已有同日或更晚生效的时限。", "A limit of that day or a later one exists."),
            Words("选更晚的生效日。", "Choose a later first day."), field="since")
    before.update(until=new.since - timedelta(days=1))
    limit = TimeLimit.objects.create(
        practice=PRACTICE, kind=new.kind, condition=new.condition, clock=clock, amount=amount,
        condition_en=new.condition_en, since=new.since, source=new.source.strip())
    trail.append(f"kinds/{PRACTICE}", verb="change_limit", by=by.ref, at=at, changes={
        "kind": new.kind, "condition": new.condition, "clock": clock, "amount": str(amount),
        "since": new.since, "source": limit.source})
    return limit


def _checked(new: NewLimit) -> tuple[str, Decimal]:
    if not Kind.objects.filter(code=new.kind, list__practice=PRACTICE).exists():
        raise Refusal("no_such_kind", Words("没有这一类。", "There is no such class."),
                      field="kind")
    if not new.source.strip():
        raise source_missing()
    try:
        clock = ClockKind.named(new.clock)
    except TermError as wrong:
        raise Refusal("bad_clock", wrong.what, field="clock") from None
    return clock.value, _amount(new.amount, clock)


def _amount(text: str, clock: ClockKind) -> Decimal:
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        amount = Decimal(-1)
    whole = not clock.in_days or amount == amount.to_integral_value()
    if not (amount.is_finite() and 0 < amount <= MOST_AMOUNT and whole):
        raise Refusal(
            "bad_amount",
            Words("填大于 0 的数；按日计的填整数。", "A number above 0; whole for days."),
            field="amount")
    return amount.quantize(Decimal("0.01"))


def _check_day(since: date, today: date) -> None:
    if since < today:
        raise Refusal(
            "limit_in_the_past",
            Words("时限不能从过去的日期起改。",
                  "A limit cannot be changed from a day in the past."),
            Words("从今天或以后起。", "From today on."), field="since")
