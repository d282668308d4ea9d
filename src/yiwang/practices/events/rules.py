"""Bounds and choices of daily events as residents and grid workers meet them. Pure."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from yiwang.algorithms.coordinates import metres_per_degree
from yiwang.algorithms.words import Words
from yiwang.kernel.records.pace_rules import Pace

PRACTICE = "events"
OWN = "own choice, 2026-11"


@dataclass(frozen=True, slots=True)
class ReportBounds:
    """Characters, metres and days of a report. ``most_text`` as for every text of a case."""

    most_text: int = 10_000
    most_address: int = 200
    most_name: int = 60
    most_phone: int = 20
    near_metres: float = 100.0  # two reports of one kind closer than this may be the same thing
    near_days: int = 7
    title_characters: int = 40
    source: str = OWN

    def __post_init__(self) -> None:
        if not 1 <= self.near_metres <= 5_000 or not 1 <= self.near_days <= 90:
            raise ValueError("near_metres is 1 to 5,000 and near_days 1 to 90")


@dataclass(frozen=True, slots=True)
class PublicMapRules:
    """How coarse the public map is: the side in metres of the squares points are moved to."""

    grain_metres: float = 50.0
    most_cases: int = 300  # shown at once, newest first
    source: str = OWN

    def __post_init__(self) -> None:
        if not 10 <= self.grain_metres <= 1_000:
            raise ValueError("grain_metres is 10 to 1,000")


@dataclass(frozen=True, slots=True)
class WalkRules:
    """What a grid worker's day holds."""

    due_within: timedelta = timedelta(hours=24)
    look_back: timedelta = timedelta(days=180)  # closings whose left-overs are looked at again
    most_visits: int = 30
    source: str = OWN


REPORT = ReportBounds()
PUBLIC_MAP = PublicMapRules()
WALK = WalkRules()

# Per network address: a village office or a school may share one, a machine sends hundreds.
REPORT_PACE = Pace("report", 30, timedelta(minutes=10), OWN)
# Only codes that lead nowhere are counted; 50 bits guessed at this pace last longer than records.
WRONG_CODE_PACE = Pace("code", 20, timedelta(minutes=10), OWN)

# Kinds a resident is shown first, in a resident's words; only those the town's lists hold are
# shown. Chosen after the city's list (docs/field.md, classes); a town changes them.
BUTTONS: tuple[tuple[str, Words], ...] = (
    ("GB2021/E.01.10", Words("垃圾没人清", "rubbish lying about")),
    ("GB2021/E.01.13", Words("路面坏了", "broken road")),
    ("GB2021/E.04.10", Words("车辆乱停", "badly parked bikes")),
    ("GB2021/E.04.06", Words("占道经营", "trading on the pavement")),
    ("GB2021/E.05.03", Words("下水道堵了", "blocked drain")),
    ("GB2021/E.01.25", Words("河里有脏物", "dirty river")),
    ("XP/E.98.99", Words("消防通道被堵", "blocked fire lane")),
    ("GB2021/E.03.01", Words("工地扰民", "noisy building works")),
)
OTHER = ("GB2021/E.06", Words("其他，我说不准", "something else"))

# Kinds that may tell about one household: shown on the public map by village only.
SENSITIVE = ("XP/E.99", "XP/E.97", "GB2021/E.01.01")

# Control characters have no place in a record; tab and line ends do. Lone surrogates are no text.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]")
_PHONE = re.compile(r"\+?[0-9][0-9 -]{4,18}")


def clean(text: str) -> str:
    """Text as it is kept: one kind of line end, no control characters, no blanks around it."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def is_phone(text: str) -> bool:
    """Whether it can be a telephone number: five digits or more, blanks and hyphens allowed."""
    return bool(_PHONE.fullmatch(text))


def is_sensitive(kind: str, prefixes: Iterable[str] = SENSITIVE) -> bool:
    """Whether a case of this kind may point to one household."""
    return any(kind.startswith(prefix) for prefix in prefixes)


def coarse(
    lon: float, lat: float, *, grain: float = PUBLIC_MAP.grain_metres
) -> tuple[float, float]:
    """The middle of the square of ``grain`` metres a WGS-84 point lies in; five decimals."""
    _, north = metres_per_degree(lat)
    low = (math.floor(lat * north / grain) + 0.5) * grain / north
    # The width of a square follows from its own row, so that neighbours share their edges.
    east, _ = metres_per_degree(low)
    return round((math.floor(lon * east / grain) + 0.5) * grain / east, 5), round(low, 5)


def title_of(kind: str, text: str, address: str) -> str:
    """A case's title: what it is, and the first words about it."""
    first = next((line.strip() for line in text.splitlines() if line.strip()), address)
    short = first[: REPORT.title_characters] + ("…" if len(first) > REPORT.title_characters else "")
    return f"{kind}：{short}"[:120] if short else kind[:120]


# Between the words of an imported report and what its own system noted when it closed.
NOTES_MARK = "\n\n[status_notes] "

_SYLLABLE = re.compile(r"(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?[aeiouv]+(?:ng?(?![aeiouv])|r\b)?")


def initials(name_en: str) -> str:
    """The initials of a town's pinyin: Xiapu → XP, Tangqi → TQ; SJ (事件) where there are none."""
    words = name_en.lower().split()
    found = _SYLLABLE.findall(words[0]) if words else []
    return "".join(syllable[0] for syllable in found).upper()[:4] or "SJ"
