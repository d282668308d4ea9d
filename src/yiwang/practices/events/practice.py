"""The plug of daily events."""

from datetime import datetime

from yiwang.algorithms.words import Words
from yiwang.kernel.practice import HandMove, MenuItem, Practice

from .actions.handed import new_case_of
from .importing.forgetting import forget_imports
from .kinds import seed_kinds
from .metrics import METRICS
from .rules import is_sensitive
from .states import EVENT
from .tasks import count_finished, dispatch_automatically, keep_advice, learn_history


def make_demo(*, at: datetime) -> None:
    """The demo town, loaded only when asked for."""
    from .demo import make

    make(at=at)


EVENTS = Practice(
    code="events",
    title=Words("事件", "Events"),
    urls="yiwang.practices.events.urls",
    short_urls="yiwang.practices.events.web.root_urls",
    api_urls="yiwang.practices.events.api.urls",
    api_router="yiwang.practices.events.api.v1",
    playbooks=(EVENT,),
    metrics=METRICS,
    hourly=(forget_imports, learn_history),
    hands=(
        HandMove("hand_up", back="hand_down", done="county_done", above=True),
        HandMove("hand_over", back="come_back", done="done_elsewhere"),
    ),
    take_handed=new_case_of,
    is_sensitive=is_sensitive,
    seed=seed_kinds,
    demo=make_demo,
    listens={
        "CaseOpened": (dispatch_automatically,),
        "CaseMoved": (keep_advice,),
        "CaseClosed": (count_finished,),
    },
    menu=(
        MenuItem(Words("事件", "Events"), "desk", "case.view"),
        MenuItem(Words("今天", "Today"), "phone-today", "case.check"),
        MenuItem(Words("导入", "Import"), "imports", "events.import", "manage"),
        MenuItem(Words("类别与时限", "Classes and limits"), "kinds", "playbook.edit", "manage"),
    ),
)
