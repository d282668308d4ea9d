"""The first part: the figures of the month beside those before, and thirteen months as a line."""

from yiwang.algorithms.words import Words

from ..document import Block, Cell, Chart, Paragraph, Series, Table
from ..months import A_YEAR, Month
from ..rules import NO_RECORD
from .parts import Writing, number

TOLD = ("opened", "closed", "closed_in_time", "closed_late", "in_time", "returned",
        "refused_once", "reopened", "stars")
HEAD = (Words("指标", "figure"), Words("本月", "this month"), Words("上月", "last month"),
        Words("环比", "on last month"), Words("去年同月", "a year ago"),
        Words("同比", "on a year ago"))
LEAD = Words(
    "{month}，{unit}新收事件 {opened} 件，办结 {closed} 件，其中按时 {kept} 件、超时 {late} 件，"
    "按时办结率 {share}；核查退回重办 {returned} 件。制表时在办 {open} 件，其中超时 {overdue} 件。",
    "In {month}, {unit} received {opened} {opened:case|cases} and closed {closed}: {kept} in time, "
    "{late} late, {share} in time; {returned} sent back to be redone. As this is written, {open} "
    "{open:is|are} open, {overdue} of them overdue.")
UNFINISHED = Words(
    "本月未满，数字只到 {day}，不作环比、同比。",
    "The month is not over: figures run to {day} and are not compared.")
OWN = Words("只含本单位经办的事件。", "Only cases of the preparer's own unit are counted.")


def overall(writing: Writing) -> list[Block]:
    """The lead, the table of figures, the line."""
    blocks: list[Block] = [Paragraph(lead(writing))]
    if not writing.is_over:
        blocks.append(Paragraph(UNFINISHED.filled(day=writing.at.date())))
    if writing.own_only:
        blocks.append(Paragraph(OWN))
    return [*blocks, figures(writing), *line(writing)]


def lead(writing: Writing) -> Words:
    """The month in a sentence."""
    counted = writing.counted
    share = counted.value("in_time")
    return LEAD.filled(
        month=writing.month.words, unit=writing.unit, opened=counted.whole("opened"),
        closed=counted.whole("closed"), kept=counted.whole("closed_in_time"),
        late=counted.whole("closed_late"), returned=counted.whole("returned"),
        share=number(share) if share is None else f"{share}%",
        open=counted.whole("open"), overdue=counted.whole("overdue"))


def figures(writing: Writing) -> Table:
    """Every figure: this month, last month, a year ago, and the two changes."""
    before, ago = writing.month.later(-1), writing.month.later(-A_YEAR)
    return Table(
        Words("主要指标", "Main figures"), HEAD,
        tuple((Cell(title(writing, name)), writing.whole(name), writing.whole(name, before),
               Cell(writing.change(name, before)), writing.whole(name, ago),
               Cell(writing.change(name, ago))) for name in TOLD))


def title(writing: Writing, name: str) -> Words:
    """新收（件）."""
    metric = writing.metric(name)
    unit = metric.unit.filled(n=2)
    return Words(f"{metric.title.zh}（{unit.zh}）", f"{metric.title.en} ({unit.en})")


def line(writing: Writing) -> list[Block]:
    """Received and closed by month; nothing where only one month is on record."""
    months = list(writing.counted.months())
    if len(months) < 2:
        return []
    chart = Chart(
        "line", Words("近十三个月新收与办结（件）", "Received and closed over thirteen months"),
        tuple(short(month) for month in months),
        tuple(Series(writing.metric(name).title,
                     tuple(writing.counted.whole(name, month) for month in months))
              for name in ("opened", "closed")))
    return [chart]


def short(month: Month) -> Words:
    """26.10."""
    text = f"{month.year % 100:02}.{month.month:02}"
    return Words(text, text)


def by_month(writing: Writing) -> Table:
    """Thirteen months as a table: the line's numbers, and the share kept."""
    names = ("opened", "closed", "in_time")
    counted = writing.counted
    months = [month for back in range(-A_YEAR, 1)
              if counted.on_record(month := writing.month.later(back))]
    rows = tuple((Cell(month.words), *(writing.whole(name, month) for name in names))
                 for month in months)
    return Table(Words("附表：各月数字", "Annex: by month"),
                 (Words("月", "month"), *(title(writing, name) for name in names)),
                 rows or ((Cell(writing.month.words), *(Cell(NO_RECORD) for _ in names)),))
