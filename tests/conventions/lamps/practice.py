"""The plug of street lamps."""

from yiwang.algorithms.words import Words
from yiwang.kernel.practice import MenuItem, Practice

from .states import LAMP

LAMPS = Practice(
    code="lamps",
    title=Words("路灯", "Street lamps"),
    urls="yiwang.practices.lamps.urls",
    playbooks=(LAMP,),
    menu=(MenuItem(Words("路灯", "Street lamps"), "lamps-list", "case.view"),),
)
