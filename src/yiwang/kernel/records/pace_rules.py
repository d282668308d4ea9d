"""How often is too often. Pure."""

from dataclasses import dataclass
from datetime import timedelta

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Pace:
    """At most ``most`` times in each window of ``within``."""

    name: str
    most: int
    within: timedelta
    source: str
    what: Words = Words("这个网络上发得太多了", "Too many from this network")
    todo: Words = Words("请稍后再试，已填的都还在。紧急情况请打 110、119、120。",
                        "Please try again later; what you typed is kept. In danger call 110, "
                        "119, 120.")

    def __post_init__(self) -> None:
        if not 1 <= self.most <= 100_000 or self.within < timedelta(seconds=1):
            raise ValueError("most is 1 to 100,000 and within at least a second")


def too_often(pace: Pace) -> Refusal:
    """What somebody in too much of a hurry is told."""
    minutes = max(1, round(pace.within.total_seconds() / 60))
    bound = Words("{what}（{minutes} 分钟内最多 {most} 次）。",
                  "{what} (at most {most} in {minutes} minutes).")
    return Refusal("too_often", bound.filled(what=pace.what, minutes=minutes, most=pace.most),
                   pace.todo)
