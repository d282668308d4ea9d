"""The playbook of a daily event: from a report to a closed case, as one table. Pure.

Stages and roles follow GB/T 30428 (case filing, dispatch, handling, check, closing) and the
12345 order of things; limits of stages are this product's defaults and a town changes them.
"""

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.closing import RESULTS, RETURN_TYPES
from yiwang.kernel.cases.playbooks import (
    ClockSpec,
    Holder,
    Move,
    Need,
    NeedKind,
    Playbook,
    Relation,
    State,
)

OWN = "一网默认，可由镇街改 / default of Yiwang, a town may change it"
CLAUSES: tuple[tuple[str, Words], ...] = (
    ("territory", Words("属地不符：不在本单位辖区", "wrong territory: outside our area")),
    ("owner", Words("权属不清：设施归别的单位", "ownership: the facility is another unit's")),
    ("duty", Words("职责不符：法定职责在别的单位", "duty: the law gives it to another unit")),
    ("entry", Words("不在网格事项准入清单", "not on the list of matters a grid may be given")),
)

STATES = (
    State("reported", Words("待派", "to dispatch"), Holder.DESK, clock="dispatch"),
    State("assigned", Words("待签收", "to accept"), Holder.HANDLER, clock="accept"),
    State("working", Words("处置中", "in hand"), Holder.HANDLER, clock="handle"),
    State("disputed", Words("待裁定", "to rule on"), Holder.DESK, clock="rule"),
    State("review", Words("待审结", "closing to review"), Holder.DESK, clock="review"),
    State("checking", Words("待核查", "to check"), Holder.DESK, clock="check"),
    State("suspended", Words("挂账", "suspended"), Holder.HANDLER, clock="suspension"),
    State("county", Words("已上报区级", "handed up"), Holder.COUNTY, clock="county"),
    State("elsewhere", Words("已转其他镇街", "handed over"), Holder.PEER, clock="elsewhere"),
    State("questioned", Words("待定不合理诉求", "unreasonable?"), Holder.DESK, clock="review"),
    State("closed", Words("已结案", "closed"), Holder.NOBODY, final=True),
    State("rejected", Words("不予受理", "not accepted"), Holder.NOBODY, final=True),
    State("merged", Words("已并案", "merged"), Holder.NOBODY, final=True),
    State("set_aside", Words("不合理诉求，不计考核", "set aside"), Holder.NOBODY, final=True),
)

CLOCKS = (
    ClockSpec("dispatch", Words("派遣", "dispatch"), "working_hours", 1, OWN),
    ClockSpec("accept", Words("签收", "acceptance"), "working_hours", 2, OWN),
    ClockSpec("handle", Words("处置", "handling"), "", 0, "按类别取时限表 / by kind of case"),
    ClockSpec("rule", Words("裁定", "ruling"), "working_hours", 4, OWN),
    ClockSpec("review", Words("审批", "review"), "working_hours", 4, OWN),
    ClockSpec("check", Words("核查", "check"), "working_hours", 8, OWN),
    ClockSpec("suspension", Words("挂账", "suspension"), "calendar_days", 0,
              "挂账申请写明的日子，不超过一年 / until the day asked for, a year at most"),
    ClockSpec("county", Words("区级办理", "at the county"), "working_days", 15, OWN),
    ClockSpec("elsewhere", Words("其他镇街办理", "in another town"), "working_days", 15, OWN),
)


def _reason(zh: str = "理由", en: str = "reason") -> Need:
    return Need("reason", Words(zh, en), NeedKind.TEXT)


TEAM = Need("team", Words("派给", "dispatch to"), NeedKind.TEAM)
NOTE = Need("note", Words("附言", "note"), NeedKind.LINE, required=False)
OUTCOME = (
    Need("result", Words("结果", "result"), NeedKind.CHOICE, choices=RESULTS),
    Need("done", Words("谁、何时、做了什么", "who did what, when"), NeedKind.TEXT),
    Need("for_person", Words("对反映人的答复", "result for the person who reported"),
         NeedKind.TEXT),
    Need("left_over", Words("还剩什么", "what is left"), NeedKind.TEXT, required=False),
    Need("look_again", Words("何时再看", "when it is looked at again"), NeedKind.DATE,
         required=False),
    Need("photo", Words("处置后照片", "photo after"), NeedKind.PHOTO, required=False),
)

MOVES = (
    Move("assign", Words("派单", "dispatch"), ("reported",), "assigned", "case.triage",
         needs=(TEAM, NOTE), does=("assign",), starts=("handle",), tone="main", key="Enter"),
    Move("reassign", Words("改派", "dispatch elsewhere"), ("assigned", "working"), "assigned",
         "case.triage", needs=(TEAM, NOTE), does=("assign",), starts=("handle",)),
    Move("accept", Words("签收", "accept"), ("assigned",), "working", "case.handle",
         Relation.HOLDER, tone="main", key="a"),
    *(Move("refuse", Words("退回", "refuse"), ("assigned",), target, "case.handle",
           Relation.HOLDER, when=when, does=("count_refusal",), pauses=pauses, tone="back",
           key="r",
           needs=(Need("clause", Words("退回依据", "clause"), NeedKind.CHOICE, choices=CLAUSES),
                  Need("team", Words("应由谁办", "whose it is"),
                       NeedKind.OTHER_TEAM),
                  _reason("说明", "explanation")))
      # While an objection is under review nothing falls overdue (国办函〔2025〕66号).
      for target, when, pauses in (("reported", "first_refusal", ()),
                                   ("disputed", "refused_before", ("handle",)))),
    Move("rule", Words("裁定", "rule"), ("disputed",), "assigned", "case.adjudicate",
         needs=(TEAM, _reason()), does=("assign", "rule"), resumes=("handle",), tone="main",
         key="Enter"),
    *(Move("submit", Words("提交办结", "submit as done"), ("assigned", "working"), target,
           "case.handle", Relation.HOLDER, needs=OUTCOME, when=when, does=("take_outcome",),
           pauses=("handle",), tone="main", key="s")
      for target, when in (("checking", "outcome_clear"), ("review", "outcome_thin"))),
    Move("approve_closing", Words("同意按此结案", "let it close"), ("review",), "checking",
         "case.review", needs=(_reason(),), not_by="doer", tone="main"),
    Move("pass", Words("核查通过", "check passed"), ("checking",), "closed", "case.check",
         needs=(Need("opinion", Words("核查意见", "what was seen"), NeedKind.LINE,
                     required=False),
                Need("photo", Words("核查照片", "photo"), NeedKind.PHOTO, required=False)),
         when="children_done", not_by="doer", tone="main", key="p"),
    Move("send_back", Words("退回重办", "send back"), ("checking", "review"), "working",
         "case.check", not_by="doer", does=("send_back",), resumes=("handle",), tone="back",
         key="b",
         needs=(Need("return_type", Words("退回类型", "kind of return"), NeedKind.CHOICE,
                     choices=RETURN_TYPES), _reason())),
    Move("rate", Words("评价", "rate"), ("closed",), "closed", "", Relation.REPORTER,
         when="not_rated", does=("rate",),
         optional=True,
         needs=(Need("stars", Words("满意度", "stars"), NeedKind.STARS),
                Need("words", Words("想说的话", "in words"), NeedKind.TEXT, required=False))),
    Move("reopen", Words("没有解决，再办", "not solved: reopen"), ("closed",), "reported", "",
         Relation.REPORTER, when="may_reopen", does=("reopen",), needs=(_reason(),)),
    Move("reject", Words("不予受理", "do not accept"), ("reported",), "rejected", "case.triage",
         needs=(Need("whose", Words("应找谁", "whose it is"), NeedKind.LINE), _reason()),
         tone="back"),
    Move("merge", Words("并案", "merge"), ("reported",), "merged", "case.triage",
         needs=(Need("case", Words("并入哪一件", "into which case"), NeedKind.CASE),),
         does=("merge",), key="m", optional=True),
    Move("hand_up", Words("上报区级", "hand up"), ("reported", "working", "disputed"), "county",
         "case.triage", needs=(_reason(),), pauses=("handle",), optional=True),
    Move("hand_down", Words("区级交回", "handed back down"), ("county",), "reported",
         "case.triage", needs=(_reason("区级意见", "the county's opinion"),), resumes=("handle",)),
    Move("county_done", Words("区级已办", "done by the county"), ("county",), "checking",
         "case.triage", needs=OUTCOME[:3], does=("take_outcome",), pauses=("handle",)),
    Move("hand_over", Words("转其他镇街", "hand to another town"),
         ("reported", "working", "disputed"), "elsewhere", "case.triage",
         needs=(Need("peer", Words("转给", "to"), NeedKind.PEER), _reason()), when="peer_known",
         pauses=("handle",), optional=True),
    Move("come_back", Words("转办退回", "taken back"), ("elsewhere",), "reported",
         "case.triage", needs=(_reason("对方意见", "their opinion"),), resumes=("handle",)),
    Move("done_elsewhere", Words("对方已办", "done elsewhere"), ("elsewhere",), "checking",
         "case.triage", needs=OUTCOME[:3], does=("take_outcome",), pauses=("handle",)),
    Move("question", Words("疑为不合理诉求", "mark as unreasonable"), ("reported", "working"),
         "questioned", "case.triage", needs=(_reason(),), does=("ask",), pauses=("handle",),
         optional=True),
    Move("confirm_unreasonable", Words("第二人确认", "second signature"), ("questioned",),
         "set_aside", "case.review", needs=(_reason(),), does=("discount",), not_by="asker",
         tone="main"),
    Move("deny_unreasonable", Words("照常办理", "handle as usual"), ("questioned",), "reported",
         "case.review", needs=(_reason(),), not_by="asker", does=("answer",),
         resumes=("handle",), tone="back"),
    Move("ask_extension", Words("申请延期", "ask for more time"), ("working",), "working",
         "case.handle", Relation.HOLDER, needs=(_reason(),), when="may_ask_extension",
         does=("ask",), optional=True),
    Move("grant_extension", Words("同意延期", "grant the extension"), ("working",), "working",
         "case.review", when="extension_asked", does=("extend",), not_by="asker", tone="main"),
    Move("refuse_extension", Words("不同意延期", "refuse the extension"), ("working",),
         "working", "case.review", needs=(_reason(),), when="extension_asked",
         does=("answer",), not_by="asker", tone="back"),
    Move("ask_suspension", Words("申请挂账", "ask to suspend"), ("working",), "working",
         "case.handle", Relation.HOLDER, when="may_ask_suspension", does=("ask",), optional=True,
         needs=(_reason(), Need("until", Words("挂账到", "until"), NeedKind.DATE))),
    Move("grant_suspension", Words("同意挂账", "grant the suspension"), ("working",),
         "suspended", "case.review", when="suspension_asked", does=("suspend",),
         not_by="asker", tone="main"),
    Move("refuse_suspension", Words("不同意挂账", "refuse the suspension"), ("working",),
         "working", "case.review", needs=(_reason(),), when="suspension_asked",
         does=("answer",), not_by="asker", tone="back"),
    Move("resume", Words("恢复办理", "resume"), ("suspended",), "working", "case.handle",
         Relation.HOLDER, resumes=("handle",), tone="main"),
    Move("appeal", Words("申诉超时", "appeal the overdue mark"), ("closed",), "closed",
         "case.handle", Relation.HANDLER, when="may_appeal", needs=(_reason(),),
         does=("appeal",)),
    *(Move(code, label, ("closed",), "closed", "case.review", when="appeal_open",
           needs=(_reason(),), does=(effect,), not_by="judges")
      for code, label, effect in (
          ("uphold_appeal", Words("支持申诉", "uphold the appeal"), "uphold"),
          ("dismiss_appeal", Words("驳回申诉", "dismiss the appeal"), "dismiss"))),
)

EVENT = Playbook("event", Words("日常事件", "daily event"), "reported", STATES, MOVES, CLOCKS)
