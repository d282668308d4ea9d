"""Why a clock says no: each refusal in both languages, with what to do instead. Pure."""

from datetime import datetime

from yiwang.algorithms.words import Words
from yiwang.algorithms.working_time import TermError, moment_words
from yiwang.kernel.errors import Refusal


def bad_term(wrong: TermError) -> Refusal:
    """An amount, a date or a kind that cannot be counted."""
    return Refusal("bad_term", wrong.what, field=wrong.field)


def stopped() -> Refusal:
    """The clock has ended; it does not go on."""
    return Refusal("clock_stopped", Words("时钟已停。", "The clock has stopped."))


def already_paused() -> Refusal:
    """A pause within a pause."""
    return Refusal(
        "clock_paused",
        Words("时钟已在暂停中。", "The clock is paused already."),
        Words("先恢复计时。", "Let it go on first."),
    )


def not_paused() -> Refusal:
    """Nothing to resume."""
    return Refusal("clock_not_paused", Words("时钟没有暂停。", "The clock is not paused."))


def backdated(last: datetime) -> Refusal:
    """A moment before what already happened to the clock."""
    return Refusal(
        "clock_backdated",
        Words("时间早于时钟的上一次变动（{last}）。",
              "This lies before the last change of the clock ({last}).").filled(
            last=moment_words(last)
        ),
        Words("改成更晚的时间。", "Give a later time."),
        field="at",
    )


def overdue() -> Refusal:
    """An extension after the limit has passed."""
    return Refusal(
        "clock_overdue",
        Words("已经超期，不能再延期。", "It is overdue: no extension any more."),
        Words("如对超期认定有异议，结案后可以申诉。",
              "Who disputes the overdue mark may appeal once the case is closed."),
    )


def extensions_used(most: int) -> Refusal:
    """All extensions are granted."""
    return Refusal(
        "extensions_used",
        Words("已批准延期 {most} 次，不能再延。",
              "{most} {most:extension is|extensions are} granted, which is the most.").filled(
            most=most),
        Words("条件不具备的可申请挂账。", "Where it cannot be done for now, ask to suspend it."),
    )


def suspensions_used(most: int) -> Refusal:
    """All suspensions are used up."""
    return Refusal(
        "suspensions_used",
        Words("一件最多挂账 {most} 次。",
              "A case is suspended {most} {most:time|times} at most.").filled(most=most),
    )


def suspension_term(latest: datetime) -> Refusal:
    """A suspension that ends in the past, or later than the rules allow."""
    return Refusal(
        "suspension_term",
        Words("挂账要定到将来的日期，最晚 {latest}。",
              "A suspension ends in the future, by {latest} at the latest.").filled(
            latest=moment_words(latest)
        ),
        field="until",
    )
