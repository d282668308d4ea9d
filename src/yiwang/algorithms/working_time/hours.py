"""Office hours: the spans of a working day in which working time passes."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from itertools import pairwise

from yiwang.algorithms.words import Words

from .errors import TermError

MINUTE = 60_000_000
"""Microseconds in a minute: all counting is in whole microseconds, so nothing is rounded."""
DAY_MINUTES = 24 * 60
MAX_SPANS = 6


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Spans in minutes after midnight, ascending and apart; bounds are checked.

    The default 08:00–12:00, 14:00–18:00 is the one the city-management limits are written for.
    """

    spans: tuple[tuple[int, int], ...] = ((8 * 60, 12 * 60), (14 * 60, 18 * 60))
    source: str = "市级城市管理立案、处置和结案规范（GB/T 30428.8 系列）：工作时的起止"
    _starts: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _ends: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _done: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not 1 <= len(self.spans) <= MAX_SPANS or not self._ascending():
            raise _bad_hours()
        done = [0]
        for begins, ends in self.spans:
            done.append(done[-1] + (ends - begins) * MINUTE)
        object.__setattr__(self, "_starts", tuple(begins * MINUTE for begins, _ in self.spans))
        object.__setattr__(self, "_ends", tuple(ends * MINUTE for _, ends in self.spans))
        object.__setattr__(self, "_done", tuple(done))

    def _ascending(self) -> bool:
        inside = all(0 <= begins < ends <= DAY_MINUTES for begins, ends in self.spans)
        return inside and all(one[1] < two[0] for one, two in pairwise(self.spans))

    @classmethod
    def parse(cls, text: str) -> "OfficeHours":
        """Read ``08:00-12:00,14:00-18:00`` (24:00 is allowed as an end); raises ``TermError``."""
        try:
            spans = tuple(_span(part) for part in text.replace("，", ",").split(","))
        except ValueError:
            raise _bad_hours() from None
        return cls(spans, source=text)

    @property
    def day(self) -> int:
        """Working microseconds in one working day."""
        return self._done[-1]

    @property
    def opens(self) -> int:
        """When the day begins, microseconds after midnight."""
        return self._starts[0]

    @property
    def closes(self) -> int:
        """When the day ends, microseconds after midnight."""
        return self._ends[-1]

    def worked_by(self, clock: int) -> int:
        """Working microseconds that have passed on a working day at ``clock`` (µs of the day)."""
        span = bisect_right(self._starts, clock)
        if span == 0:
            return 0
        return self._done[span - 1] + min(clock, self._ends[span - 1]) - self._starts[span - 1]

    def clock_when(self, worked: int) -> int:
        """The earliest µs of the day at which ``worked`` (more than 0) µs have passed."""
        span = bisect_left(self._done, worked)
        return self._ends[span - 1] - (self._done[span] - worked)

    def is_open(self, clock: int) -> bool:
        """Whether ``clock`` lies in a span; the closing moment itself does not."""
        span = bisect_right(self._starts, clock)
        return span > 0 and clock < self._ends[span - 1]

    def __str__(self) -> str:
        return "、".join(f"{_hhmm(begins)}–{_hhmm(ends)}" for begins, ends in self.spans)


OFFICE_HOURS = OfficeHours()


def _span(text: str) -> tuple[int, int]:
    begins, ends = text.replace("–", "-").split("-")
    return _minutes(begins), _minutes(ends)


def _minutes(text: str) -> int:
    hour, minute = text.strip().split(":")
    if not 0 <= int(minute) < 60:
        raise ValueError(text)
    return int(hour) * 60 + int(minute)


def _hhmm(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _bad_hours() -> TermError:
    return TermError(
        Words(
            "上班时间要写成 08:00-12:00,14:00-18:00 这样："
            f"先后有序、互不相接、至多 {MAX_SPANS} 段。",
            "Office hours read 08:00-12:00,14:00-18:00: in order, apart from each other, at most "
            f"{MAX_SPANS} spans.",
        ),
        field="hours",
    )
