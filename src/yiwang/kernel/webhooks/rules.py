"""What can be told to other systems, in which form, for how long. Pure."""

from dataclasses import dataclass
from datetime import timedelta

from yiwang.algorithms.words import Words

PREFIX, VERSION = "cn.yiwang.", "v1"
OWN = "own choice, 2026-11"

TYPES: dict[str, Words] = {
    "case.reported": Words("新案件", "a case was reported"),
    "case.moved": Words("案件走了一步", "a case made a step"),
    "case.closed": Words("案件结束", "a case came to an end"),
    "case.reopened": Words("案件重开", "a case was reopened"),
}
TEST = "webhook.test"
TEST_WORDS = Words("测试", "a test")
MODES: dict[str, Words] = {
    "structured": Words("结构化：信封和数据在一个 JSON 里",
                        "structured: envelope and data in one JSON"),
    "binary": Words("二进制：信封在标头，正文只有数据",
                    "binary: envelope in headers, data as body"),
}


@dataclass(frozen=True, slots=True)
class WebhookRules:
    """Bounds of webhooks."""

    old_secret: timedelta = timedelta(days=1)  # both secrets sign for so long after a rotation
    log_kept: timedelta = timedelta(days=30)  # replay reaches back so far
    at_once: int = 50  # deliveries to one webhook before the next one has its turn
    most_webhooks: int = 200
    most_replayed: int = 50_000  # events in one replay
    longest_name: int = 60
    source: str = OWN


RULES = WebhookRules()


def full_type(short: str) -> str:
    """``cn.yiwang.case.closed.v1`` of ``case.closed``."""
    return f"{PREFIX}{short}.{VERSION}"


def type_of(event: str, was: str, final: bool) -> str:
    """The type under which an event of a case is told; ``final``: it had ended before."""
    if event == "CaseMoved":
        return "case.reopened" if final and was else "case.moved"
    return {"CaseOpened": "case.reported", "CaseClosed": "case.closed"}[event]
