"""The report from its title to its signature."""

from yiwang.algorithms.words import Words

from ..document import Block, Document, Paragraph
from ..names import kinds_named, return_types
from ..rules import of_kinds, of_overdue, of_returns, of_the_total, of_units
from . import breakdown
from .overall import TOLD, by_month, overall
from .parts import Writing, section

TITLE = Words("{unit}{month}事件办理月报", "{unit}: cases handled in {month}")
AGENCY = Words("{unit}指挥室", "{unit} Command Room")
NOTHING_STANDS_OUT = Words("按所定规则，没有需要单独说明的。",
                           "Nothing stands out by the rules set.")


def write(writing: Writing) -> Document:
    """All of it, as a draft; its number comes when it is issued."""
    said = {"unit": writing.unit, "month": writing.month.words}
    parts: list[tuple[Words, list[Block]]] = [
        (Words("总体情况", "Overall"), overall(writing)),
        (Words("需要关注", "What stands out"), numbered(standing_out(writing))),
        (Words("类别", "Kinds"), breakdown.kinds(writing)),
        (Words("承办单位", "Units"), breakdown.units(writing)),
        (Words("跑道、区域与来源", "Tracks, areas and sources"), breakdown.placed(writing)),
        (Words("口径", "Definitions"), [*definitions(writing), by_month(writing)]),
    ]
    blocks: list[Block] = []
    for place, (heading, inside) in enumerate((part for part in parts if part[1]), start=1):
        blocks += [section(place, heading), *inside]
    return Document(AGENCY.filled(**said), TITLE.filled(**said), Words("", ""), tuple(blocks),
                    signature(writing))


def standing_out(writing: Writing) -> list[Words]:
    """Plain sentences, each by a rule from the numbers."""
    counted = writing.counted
    before = breakdown.kinds_before(writing)
    now = counted.counts("opened", "kind")
    types = counted.counts("returned", "return")
    return [
        *of_the_total(counted.whole("opened"),
                      None if before is None else sum(before.values())),
        *of_kinds(now, before, kinds_named(now)),
        *of_units(breakdown.unit_months(writing)),
        *of_returns(counted.whole("returned"),
                    [(name, types.get(code, 0)) for code, name in return_types().items()]),
        *of_overdue(counted.whole("overdue")),
    ]


def numbered(sentences: list[Words]) -> list[Block]:
    """（一）… ."""
    return [Paragraph(Words(f"{place}. {one.zh}", f"{place}. {one.en}"))
            for place, one in enumerate(sentences or [NOTHING_STANDS_OUT], start=1)]


def definitions(writing: Writing) -> list[Block]:
    """What each figure means, how months are compared, and as of when."""
    said = [Words("{title}：{means}。", "{title}: {means}.").filled(
        title=writing.metric(name).title, means=writing.metric(name).definition)
        for name in (*TOLD, "open", "overdue")]
    compared = Words(
        "环比与上月比，同比与去年同月比；件数比百分数，率比百分点，星数比差；"
        "基数为 0 的不算百分数。",
        "A month is compared with the one before and with the same month a year ago: counts by "
        "per cent, shares by points, stars by difference; from 0 there is no per cent.")
    as_of = Words("数据截至 {at}。", "Figures as of {at}.").filled(
        at=f"{writing.at:%Y-%m-%d %H:%M}")
    return [Paragraph(one) for one in (*said, compared, as_of)]


def signature(writing: Writing) -> tuple[Words, ...]:
    """Who prepared it, and the day, without leading zeros (GB/T 9704-2012, 7.3.5.4)."""
    day = writing.at.date()
    lines = [AGENCY.filled(unit=writing.unit)]
    if writing.author:
        lines.append(Words(f"编制：{writing.author}", f"Prepared by {writing.author}"))
    return (*lines, Words(f"{day.year}年{day.month}月{day.day}日", f"{day.day} {day:%B %Y}"))
