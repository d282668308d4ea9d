"""How two months are compared, and what of a month stands out. Pure: numbers in, words out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from yiwang.algorithms.words import Words

TENTH = Decimal("0.1")
NOT_OVER = Words("未满月，不比", "month not over")
NO_RECORD = Words("无记录", "no records")
IN_PART = Words("记录不全，不比", "records begin")
FROM_ZERO = Words("基数为 0", "from 0")
SAME = Words("持平", "unchanged")
NOTHING = Words("—", "—")


@dataclass(frozen=True, slots=True)
class StandoutRules:
    """Bounds of what is worth a sentence (own choice, 2026-11; nothing official sets them).

    ``least`` cases below which a percentage says nothing; ``change`` and ``good`` in per cent.
    """

    least: int = 10
    change: Decimal = Decimal(20)
    good: Decimal = Decimal(90)
    named: int = 5

    def __post_init__(self) -> None:
        if self.least < 1 or self.named < 1 or not 0 < self.change <= 1000:
            raise ValueError("least and named begin at 1, change lies in (0, 1000]")
        if not 0 < self.good <= 100:
            raise ValueError("good is a share in per cent")


RULES = StandoutRules()


def tenth(value: Decimal) -> Decimal:
    """To one decimal place, halves up, as figures are."""
    return value.quantize(TENTH, ROUND_HALF_UP)


def share(part: int, whole: int) -> Decimal | None:
    """Per cent to one decimal place; None of nothing."""
    return tenth(Decimal(part) * 100 / whole) if whole else None


def growth(now: Decimal, before: Decimal) -> Decimal | None:
    """By how many per cent a count has changed; None from zero."""
    return tenth((now - before) * 100 / before) if before else None


def change_words(
    now: Decimal | None, before: Decimal | None, *, is_share: bool = False, is_mean: bool = False,
) -> Words:
    """环比 or 同比 as a cell: per cent of a count, points of a share, the difference of a mean."""
    if now is None or before is None:
        return NOTHING
    if now == before:
        return SAME
    if is_share or is_mean:
        points = Words("{n} 个百分点", "{n} points") if is_share else Words("{n}", "{n}")
        return points.filled(n=f"{now - before:+}")
    grown = growth(now, before)
    return FROM_ZERO if grown is None else Words(f"{grown:+}%", f"{grown:+}%")


@dataclass(frozen=True, slots=True)
class UnitMonth:
    """How a unit did: cases closed and judged by time, of these late, and sent back to be redone.
    """

    name: Words
    judged: int
    late: int
    returned: int

    @property
    def in_time(self) -> Decimal:
        """Per cent."""
        return share(self.judged - self.late, self.judged) or Decimal("0.0")


def of_the_total(
    opened: int, before: int | None, rules: StandoutRules = RULES
) -> list[Words]:
    """A sentence where what was received has changed by much; ``before`` None: not comparable."""
    if not opened:
        return [Words("本月没有上报。", "Nothing was reported this month.")]
    grown = growth(Decimal(opened), Decimal(before)) if before else None
    if grown is None or before is None or before < rules.least or abs(grown) < rules.change:
        return []
    said = (Words("新收 {n} 件，比上月的 {before} 件多 {by}%。",
                  "{n} {n:case|cases} received, {by}% more than the {before} of last month.")
            if grown > 0 else
            Words("新收 {n} 件，比上月的 {before} 件少 {by}%。",
                  "{n} {n:case|cases} received, {by}% fewer than the {before} of last month."))
    return [said.filled(n=opened, before=before, by=abs(grown))]


def of_kinds(
    now: Mapping[str, int], before: Mapping[str, int] | None, names: Mapping[str, Words],
    rules: StandoutRules = RULES,
) -> list[Words]:
    """The commonest kind, and the one that has grown most."""
    if not now:
        return []
    most = max(sorted(now), key=lambda kind: now[kind])
    found = [Words("最多的类别是{kind}，{n} 件，占 {part}%。",
                   "The commonest kind is {kind}: {n} {n:case|cases}, {part}%.").filled(
        kind=names[most], n=now[most], part=share(now[most], sum(now.values())))]
    if before is not None:
        found += _grown(now, before, names, rules)
    return found


def _grown(
    now: Mapping[str, int], before: Mapping[str, int], names: Mapping[str, Words],
    rules: StandoutRules,
) -> list[Words]:
    grown = {kind: n - before.get(kind, 0) for kind, n in now.items() if n >= rules.least}
    kind = max(sorted(grown), key=lambda one: grown[one], default="")
    was = before.get(kind, 0)
    if not kind or grown[kind] * 100 < rules.change * was or grown[kind] <= 0:
        return []
    return [Words("增加最多的类别是{kind}，由 {was} 件到 {n} 件。",
                  "The kind that grew most is {kind}: from {was} to {n}.").filled(
        kind=names[kind], was=was, n=now[kind])]


def of_units(units: Iterable[UnitMonth], rules: StandoutRules = RULES) -> list[Words]:
    """Units that kept too few of their terms; units with returns, and those without any."""
    judged = [unit for unit in units if unit.judged >= rules.least]
    slow = sorted((unit for unit in judged if unit.in_time < rules.good),
                  key=lambda unit: (unit.in_time, unit.name.zh))[:rules.named]
    found = [Words("{unit}按时办结率 {share}%，{judged} 件中超时 {late} 件。",
                   "{unit} closed {share}% in time: {late} of {judged} late.").filled(
        unit=unit.name, share=unit.in_time, judged=unit.judged, late=unit.late) for unit in slow]
    clean = [unit.name for unit in judged if not unit.returned]
    if clean and len(clean) < len(judged):
        found.append(Words("办结 {least} 件以上而没有退回重办的单位：{names}。",
                           "Units with at least {least} closed and none sent back: {names}.")
                     .filled(least=rules.least, names=listed(clean)))
    return found


def of_returns(returned: int, types: Sequence[tuple[Words, int]]) -> list[Words]:
    """How many were sent back, by type."""
    if not returned:
        return []
    told = [Words("{name} {n} 件", "{name} {n}").filled(name=name, n=n) for name, n in types if n]
    return [Words("核查退回重办 {n} 件：{types}。",
                  "{n} {n:case was|cases were} sent back to be redone: {types}.").filled(
        n=returned, types=listed(told))]


def of_overdue(overdue: int) -> list[Words]:
    """What is late now."""
    if not overdue:
        return []
    return [Words("制表时在办事件中超时 {n} 件。",
                  "{n} open {n:case is|cases are} overdue as this is written.").filled(n=overdue)]


def listed(names: Sequence[Words]) -> Words:
    """Several names in a row."""
    return Words("、".join(name.zh for name in names), ", ".join(name.en for name in names))
