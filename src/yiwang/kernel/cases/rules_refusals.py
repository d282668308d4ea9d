"""What is said when a dispatch rule cannot be as somebody wants it. Pure."""

from collections.abc import Iterable
from datetime import date

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal

from .linter import Finding


def new_errors(found: Iterable[Finding]) -> Refusal:
    """The linter objects; each objection is named."""
    return Refusal(
        "rule_errors",
        Words("这样改会带来新的问题。", "This change brings in new errors."),
        Words("改一改，或勾选“仍要保存”并写明理由。",
              "Change it, or tick “save all the same” and say why."),
        missing=tuple(finding.says for finding in found), field="despite",
    )


def in_the_past(field: str) -> Refusal:
    """Rules change from today on: what decided yesterday's cases stays as it was."""
    return Refusal("in_the_past", Words("不能改已经过去的日子。", "Past days cannot be changed."),
                   Words("从今天或以后起。", "Begin today or later."), field=field)


def not_begun(since: date) -> Refusal:
    """A change must lie after the first day, or the old rule would end before it began."""
    return Refusal(
        "not_begun",
        Words("这条规则 {day} 才开始，只能从之后改。",
              "The rule begins on {day}; it can be changed after that day.").filled(day=since),
        Words("要撤回，就让它到前一天为止。", "To withdraw it, end it on the day before."),
        field="since")


def ended_already(until: date, field: str = "since") -> Refusal:
    """Nothing is left to change."""
    return Refusal("ended", Words("这条规则到 {day} 已结束。", "The rule ends on {day} already."
                                  ).filled(day=until), field=field)


def eve_is_enough(eve: date) -> Refusal:
    """The earliest last day that makes sense."""
    return Refusal(
        "ends_before_start",
        Words("最早填 {day}，即从未生效。",
              "{day} at the earliest: it is then never in force.").filled(day=eve),
        field="last_day")


def ends_before_start() -> Refusal:
    """The last day lies before the first."""
    return Refusal("ends_before_start",
                   Words("结束日不能早于开始日。", "The last day cannot be before the first."),
                   field="until")


def no_such_kind(kind: str) -> Refusal:
    """The kind is in no list that is valid now."""
    return Refusal("no_such_kind", Words("现行分类里没有“{kind}”。", "No current list has “{kind}”."
                                         ).filled(kind=kind[:60]), field="kind")


def no_such_area(area: str) -> Refusal:
    """Neither a unit nor a cell in being."""
    return Refusal(
        "no_such_area", Words("没有“{area}”这个区域。", "There is no area “{area}”.").filled(
            area=area[:40]),
        Words("从列表选，或写编码，如 330206005221。",
              "Choose from the list, or write a code such as 330206005221."), field="area")


def no_such_hours() -> Refusal:
    """One of three."""
    return Refusal("no_such_hours", Words("请选时段。", "Choose the hours."), field="hours")


def no_such_team() -> Refusal:
    """The team is unknown, or closes before the rule begins."""
    return Refusal(
        "no_such_team", Words("请选一个未撤销的单位。", "Choose a team that is not closed."),
        field="team")


def rank_bounds(least: int, most: int) -> Refusal:
    """The order is a small number."""
    return Refusal("rank", Words("次序为 {least} 到 {most}。", "The order is {least} to {most}."
                                 ).filled(least=least, most=most), field="rank")


def odds_bounds(least: int, most: int) -> Refusal:
    """Odds are per cent."""
    return Refusal("odds", Words("几率为 {least} 到 {most}（%）。",
                                 "Odds are {least} to {most} per cent.").filled(
        least=least, most=most), field="least_odds")


def source_missing(most: int) -> Refusal:
    """A rule says where it comes from."""
    return Refusal("source", Words("写明依据，至多 {most} 字。",
                                   "Say what it rests on, in at most {most} characters."
                                   ).filled(most=most), field="source")
