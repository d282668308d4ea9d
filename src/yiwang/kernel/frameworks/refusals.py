"""What is said when a framework cannot be changed so."""

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal

_FROM_TODAY = Words("选今天或以后。", "Choose today or later.")


def no_such_framework() -> Refusal:
    return Refusal("no_such_framework",
                   Words("没有这个体系。", "There is no such framework."))


def no_such_member() -> Refusal:
    return Refusal("no_such_member", Words("这一天没有这个成员。", "No such member on that day."),
                   _FROM_TODAY, field="last_day")


def no_such_slot() -> Refusal:
    return Refusal("no_such_slot", Words("体系没有这一部分。", "The framework has no such part."),
                   field="slot")


def no_such_track() -> Refusal:
    return Refusal(
        "no_such_track",
        Words("从这一天起没有这条跑道。", "There is no such track from that day on."),
        Words("换一条跑道，或换日期。", "Choose another track, or another day."), field="member")


def no_such_kind() -> Refusal:
    return Refusal("no_such_kind", Words("没有这一类。", "There is no such class."), field="kind")


def name_missing() -> Refusal:
    return Refusal("name_missing", Words("写上名称。", "Give it a name."), field="name")


def in_the_past(field: str = "since") -> Refusal:
    return Refusal(
        "in_the_past",
        Words("过去的名称和归属不改。", "Names and tracks of the past are not changed."),
        _FROM_TODAY, field=field)


def later_exists() -> Refusal:
    return Refusal(
        "later_exists",
        Words("已有同日或更晚的改动。", "A change of that day or a later one exists."),
        Words("选更晚的日期。", "Choose a later day."), field="since")


def still_mapped(count: int) -> Refusal:
    return Refusal(
        "still_mapped",
        Words("还有 {n} 项类别在这条跑道上。",
              "Kinds still stand on this track: {n}.").filled(n=count),
        Words("先把它们改到别的跑道。", "Put them on another track first."), field="last_day")
