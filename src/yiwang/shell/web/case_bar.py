"""Who held the ball, and for how long: the holds of a case as a bar. Pure."""

from collections.abc import Sequence
from datetime import datetime

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.models import Hold
from yiwang.kernel.cases.playbooks import Holder, Playbook
from yiwang.shell.says import lasting

Segment = tuple[Words, float, str]
TONES = ("1", "2", "3", "4")
OWNERS = {
    Holder.DESK: Words("指挥室", "command room"),
    Holder.COUNTY: Words("区级", "the county"),
    Holder.PEER: Words("其他镇街", "another town"),
}
NOBODY = Words("无人", "nobody")
LEFT = Words("余 {x}", "{x} left")


def bar_of(
    holds: Sequence[Hold], playbook: Playbook, teams: dict[str, Words], *, at: datetime,
    left: float = 0.0,
) -> list[Segment]:
    """Segments in order: each holder once with all its minutes, then the minutes left."""
    minutes: dict[Words, float] = {}
    for hold in holds:
        owner = owner_of(hold, playbook, teams)
        length = ((hold.until or at) - hold.since).total_seconds() / 60
        minutes[owner] = minutes.get(owner, 0.0) + max(length, 0.0)
    segments = [
        (Words("{who} {x}", "{who} {x}").filled(who=owner, x=lasting(length)), length,
         TONES[place % len(TONES)])
        for place, (owner, length) in enumerate(minutes.items())
    ]
    if left:
        # A long term would squeeze what was held into nothing: the rest is drawn at most as long.
        drawn = min(left, sum(minutes.values()) or left)
        segments.append((LEFT.filled(x=lasting(left)), drawn, "left"))
    return segments


def owner_of(hold: Hold, playbook: Playbook, teams: dict[str, Words]) -> Words:
    """The team, or whose turn the state says it was."""
    if hold.team_id is not None:
        return teams.get(str(hold.team_id), NOBODY)
    return OWNERS.get(playbook.state(hold.state).holder, NOBODY)
