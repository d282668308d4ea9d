"""The playbook of a dark lamp, as one table. Pure."""

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.playbooks import (
    ClockSpec,
    Holder,
    Move,
    Need,
    NeedKind,
    Playbook,
    State,
)

LAMP = Playbook(
    code="lamp",
    title=Words("路灯", "street lamp"),
    start="dark",
    states=(
        State("dark", Words("不亮", "dark"), Holder.DESK, clock="mend"),
        State("lit", Words("已亮", "lit"), Holder.NOBODY, final=True),
    ),
    moves=(
        Move("mend", Words("修好", "mend"), ("dark",), "lit", "case.triage",
             needs=(Need("done", Words("做了什么", "what was done"), NeedKind.TEXT),)),
    ),
    clocks=(
        ClockSpec("mend", Words("修理", "mending"), "working_days", 3, "示例 / an example"),
    ),
)
