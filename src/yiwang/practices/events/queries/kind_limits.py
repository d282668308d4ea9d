"""Classes with their limits on a day, for the page of classes."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from yiwang.algorithms.words import Words
from yiwang.algorithms.working_time import ClockKind, amount_words
from yiwang.kernel.cases.models import Kind, KindList, TimeLimit
from yiwang.practices.events.kinds import PRACTICE


@dataclass(frozen=True, slots=True)
class ShownLimit:
    """A limit in words: under which condition, how long, since when and by which document."""

    condition: str
    label: Words
    amount: Words
    since: date
    until: date | None
    source: Words


@dataclass(frozen=True, slots=True)
class ShownKind:
    """A class with its own limits (none: those of the class above hold) and classes below it."""

    code: str
    name: Words
    limits: tuple[ShownLimit, ...]
    below: int


def kind_lists() -> list[KindList]:
    """The classifications of events, by code."""
    return list(KindList.objects.filter(practice=PRACTICE).order_by("code"))


def words_of(kind: Kind | KindList) -> Words:
    """Its name in both languages; the Chinese one where no English is known."""
    return Words(kind.name, kind.name_en or kind.name)


def source_words(source: str) -> Words:
    """A source as ``中文 / English``, told apart; one language alone is said in both."""
    zh, _, en = source.partition(" / ")
    return Words(zh, en or zh)


def kinds_under(list_code: str, above: str, *, on: date) -> list[ShownKind]:
    """The classes right under ``above`` (empty: the widest), in order, with limits on that day."""
    kinds = list(Kind.objects.filter(list=list_code).order_by("code"))
    codes = {kind.code for kind in kinds}
    below: dict[str, int] = defaultdict(int)
    for kind in kinds:
        below[_above(kind.code, codes)] += 1
    shown = [kind for kind in kinds if _above(kind.code, codes) == above]
    limits = limits_of([kind.code for kind in shown], on=on)
    return [ShownKind(kind.code, words_of(kind), tuple(limits[kind.code]), below[kind.code])
            for kind in shown]


def _above(code: str, codes: set[str]) -> str:
    """The code it stands under; empty for the widest."""
    above = code.rpartition(".")[0]
    return above if above in codes else ""


def limits_of(codes: list[str], *, on: date) -> dict[str, list[ShownLimit]]:
    """Limits of these kinds that hold on the day or begin later."""
    found: dict[str, list[ShownLimit]] = defaultdict(list)
    rows = TimeLimit.objects.filter(
        Q(until__isnull=True) | Q(until__gte=on), practice=PRACTICE, kind__in=codes,
    ).order_by("kind", "-condition", "since")
    for row in rows:
        found[row.kind].append(_shown(row))
    return found


def _shown(row: TimeLimit) -> ShownLimit:
    plain = Words("未注明情形", "no condition")
    label = Words(row.condition, row.condition_en or row.condition) if row.condition else plain
    return ShownLimit(row.condition, label, amount_words(ClockKind(row.clock), float(row.amount)),
                      row.since, row.until, source_words(row.source))
