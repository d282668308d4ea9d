"""Closing texts: what says something passes, what says nothing goes to a reviewer."""

import pytest

from yiwang.kernel.cases.closing import closing_flags, empty_phrases, suggested_return

SAYS = (
    "城建办李工 10:05 到场清扫路面并疏通雨水口，积水已退",
    "当事人当场收回货架，盲道腾空，复看未再摆",
    "树根支撑古桥不宜清除，已加固并立牌，居民理解",
    "已拆除飞线两处，住户改用集中充电棚",
    "补发工资 3,200 元，双方签字确认",
)
SAYS_NOTHING = (
    "已联系相关部门进一步跟进处理", "正在协商中，请耐心等待处理结果",
    "已转交物业公司处理，后续跟进",
    "明天安排人员到现场查看处理情况", "我单位将会持续关注，加强巡查力度",
    "已通知施工单位人员尽快整改落实",
    "已上报上级部门，待审批后再行处理", "近期会安排人员进行清理和维护",
)


@pytest.mark.parametrize("done", SAYS)
def test_a_text_that_tells_an_outcome_passes(done: str) -> None:
    assert closing_flags({"done": done, "result": "solved"}) == ()


@pytest.mark.parametrize("done", SAYS_NOTHING)
def test_a_text_that_promises_is_flagged_with_the_phrase(done: str) -> None:
    flags = closing_flags({"done": done, "result": "solved"})
    assert flags
    assert empty_phrases(done)
    assert suggested_return({"done": done}) == "half_way"
    assert any(phrase in flag.zh for flag in flags for phrase, _ in empty_phrases(done))


@pytest.mark.parametrize("done", ["已处理", "好了。", "", "已 解 决 。。。。。。。。。。。"])
def test_a_brief_text_is_flagged(done: str) -> None:
    assert closing_flags({"done": done, "result": "solved"})
    assert suggested_return({"done": done}) == "too_brief"


@pytest.mark.parametrize(("outcome", "flagged"), [
    ({"result": "partly"}, True),
    ({"result": "partly", "left_over": "古桥旁树根"}, True),
    ({"result": "partly", "left_over": "古桥旁树根", "look_again": "2026-09-01"}, False),
    ({"result": "solved", "left_over": "余料待清"}, True),
    ({"result": "answered"}, False),
])
def test_what_is_left_needs_a_reason_and_a_day(outcome: dict[str, str], flagged: bool) -> None:
    assert bool(closing_flags({"done": SAYS[0], **outcome})) is flagged
