"""Which requests repeat which: read from the notes they were closed with."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import takewhile

from .requests_file import Request

_SAYS_SO = re.compile(r"\bdup|重复", re.IGNORECASE)
# Digits that are no part of a date, a clock, a telephone or a longer number.
_NUMBER = re.compile(r"(?<![\d/:.-])(?:\b[A-Z])?\d{6,20}(?!\d|[/:.-]\d)", re.IGNORECASE)


@dataclass
class Truth:
    """What the notes tell. Requests of one group tell of one matter."""

    noted: int = 0  # notes that speak of a duplicate
    itself: int = 0  # ... and name the request itself
    absent: int = 0  # ... and name one that the file does not hold
    pairs: list[tuple[str, str]] = field(default_factory=list)  # request, the one it names
    group: dict[str, str] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)  # said to repeat something, but not what


def read_truth(requests: Iterable[Request]) -> Truth:
    """Groups by what is named, through chains, and also where the one named is not in the file."""
    requests = list(requests)
    known = _by_ending(one.id for one in requests)
    whole = _pattern(one.id for one in requests)
    truth, roots = Truth(), dict[str, str]()
    for one in requests:
        if not _SAYS_SO.search(one.note):
            continue
        truth.noted += 1
        named = [known.get(number) or number for number in numbers_in(one.note, whole)]
        others = [number for number in named if number != one.id]
        truth.itself += len(others) < len(named)
        if not others:
            truth.unknown.add(one.id)
            continue
        roots[_root(roots, one.id)] = _root(roots, others[0])
        if others[0] in known:
            truth.pairs.append((one.id, others[0]))
        else:
            truth.absent += 1
    ids = {one.id for one in requests}
    truth.group = {name: _root(roots, name) for name in roots if name in ids}
    truth.group |= {root: root for root in set(truth.group.values()) if root in ids}
    return truth


def numbers_in(note: str, whole: str) -> list[str]:
    """Request numbers of a note; short ones are filled up to look like ``whole``.

    ``whole`` is what all numbers of the file begin with, and a ``#`` for each digit after it:
    with ``10100#######``, 224112 is 101000224112.
    """
    found = ["".join(number.split()).upper() for number in _NUMBER.findall(note)]
    start, digits = whole.rstrip("#"), whole.count("#")
    return [start + number.zfill(digits) if number.isdigit() and len(number) <= digits else number
            for number in found]


def _pattern(ids: Iterable[str]) -> str:
    """What the plain numbers of a file have in common, as ``numbers_in`` reads it."""
    plain = [name for name in ids if name.isdigit()]
    ends = zip(min(plain, default=""), max(plain, default=""), strict=False)
    start = "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], ends))
    return start + "#" * (max(map(len, plain), default=0) - len(start))


def _by_ending(ids: Iterable[str]) -> dict[str, str]:
    """Ids by themselves and by each part of such as ``H87991-101000251266``."""
    found: dict[str, str] = {}
    for name in ids:
        for part in (name, *name.split("-")):
            found.setdefault(part.upper(), name)
    return found


def _root(roots: dict[str, str], name: str) -> str:
    while (above := roots.setdefault(name, name)) != name:
        roots[name] = roots[above]
        name = above
    return name


def earlier_siblings(requests: Iterable[Request], group: Mapping[str, str]) -> dict[str, set[str]]:
    """For each request whose matter was reported before: those earlier reports. Oldest first."""
    seen: defaultdict[str, set[str]] = defaultdict(set)
    found: dict[str, set[str]] = {}
    for one in requests:
        if one.id in group:
            if seen[group[one.id]]:
                found[one.id] = set(seen[group[one.id]])
            seen[group[one.id]].add(one.id)
    return found
