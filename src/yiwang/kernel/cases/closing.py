"""When a closed case is closed: the parts of an outcome, and words that say nothing. Pure.

Numbers and phrase lists follow what a district's supervision office sent back in one month:
38 of 68 were half-way closings, 28 too brief, 2 wrong (docs/field.md, supervision).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yiwang.algorithms.words import Words

RETURN_TYPES: tuple[tuple[str, Words], ...] = (
    ("half_way", Words("阶段性闭环", "half-way closing")),
    ("too_brief", Words("过简闭环", "too brief")),
    ("wrong", Words("错误办理", "wrongly handled")),
)

RESULTS: tuple[tuple[str, Words], ...] = (
    ("solved", Words("已解决", "solved")),
    ("answered", Words("已答复", "answered")),
    ("partly", Words("部分未办，有理由", "partly not done, with reason")),
)


@dataclass(frozen=True)
class ClosingRules:
    """Bounds of a closing text. ``least_characters``: below it, a text is 过简 (own choice, 12)."""

    least_characters: int = 12

    def __post_init__(self) -> None:
        if not 1 <= self.least_characters <= 200:
            raise ValueError("least_characters must lie in 1–200")


RULES = ClosingRules()

# Phrases that promise a step instead of telling an outcome; each as (pattern, what it hides).
_PROMISES: tuple[tuple[str, Words], ...] = (
    (r"正在(协商|协调|处理|核实|办理|推进|联系|沟通)", Words("事情还在进行", "still under way")),
    ((r"(已|已经)(联系|告知|转交|转给|反馈给?|通知|上报|移交)[^。；，]{0,16}"
      r"(部门|单位|公司|物业|人员|方面|科室|跟进|处理)"),
     Words("只是转给了别人", "only passed on")),
    (r"(进一步|持续|后续|继续|将会?)(跟进|关注|处理|协调|核实|督促|落实)",
     Words("许诺以后再做", "a promise for later")),
    (r"(明天|明日|近期|下周|尽快|择日|稍后|待[^。；，]{1,12}后)",
     Words("说的是将来", "speaks of the future")),
    (r"(加强|加大)(巡查|管理|监管|宣传|力度)", Words("没有说结果", "tells no result")),
)


def empty_phrases(text: str) -> tuple[tuple[str, Words], ...]:
    """The phrases of ``text`` that say nothing done, each with what it hides; none is good."""
    found = [
        (match.group(0), hides)
        for pattern, hides in _PROMISES
        for match in re.finditer(pattern, text)
    ]
    return tuple(dict(found).items())


def closing_flags(outcome: Mapping[str, Any], rules: ClosingRules = RULES) -> tuple[Words, ...]:
    """Why this outcome cannot close without a reviewer; empty where it can."""
    done = str(outcome.get("done", "")).strip()
    flags = [
        Words("“{phrase}”：{hides}", "“{phrase}”: {hides}").filled(phrase=phrase, hides=hides)
        for phrase, hides in empty_phrases(done)
    ]
    if len(re.sub(r"[\s，。；、,.;]", "", done)) < rules.least_characters:
        flags.append(Words("做了什么写得太简单", "what was done is told too briefly"))
    if outcome.get("result") == "partly" and not str(outcome.get("left_over", "")).strip():
        flags.append(Words("没有写还剩什么、为什么", "what is left, and why, is not told"))
    if str(outcome.get("left_over", "")).strip() and not outcome.get("look_again"):
        flags.append(Words("有遗留却没有定何时再看", "something is left but no day to look again"))
    return tuple(flags)


def suggested_return(outcome: Mapping[str, Any]) -> str:
    """The kind of return a reviewer most likely wants: half-way where a phrase promises."""
    return "half_way" if empty_phrases(str(outcome.get("done", ""))) else "too_brief"
