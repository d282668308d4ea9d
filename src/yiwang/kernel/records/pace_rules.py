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
    whose: Words = Words("这个网络上", "from this network")

    def __post_init__(self) -> None:
        if not 1 <= self.most <= 100_000 or self.within < timedelta(seconds=1):
            raise ValueError("most is 1 to 100,000 and within at least a second")


def too_often(pace: Pace) -> Refusal:
    """What somebody in too much of a hurry is told."""
    minutes = max(1, round(pace.within.total_seconds() / 60))
    return Refusal(
        "too_often",
        Words("{whose}发得太多了（{minutes} 分钟内最多 {most} 次）。",
              "Too many {whose} (at most {most} in {minutes} minutes).").filled(
            whose=pace.whose, minutes=minutes, most=pace.most),
        Words("请稍后再试，已填的都还在。紧急情况请打 110、119、120。",
              "Please try again later; what you typed is kept. In danger call 110, 119, 120."),
    )
