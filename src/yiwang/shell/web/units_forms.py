"""Forms of the unit pages. They check shapes; what the domain refuses lands by its field."""

from yiwang.algorithms.words import Words
from yiwang.kernel.places.unit_actions import POWERS

from .people_forms import PlainForm, choice, day, text

KINDS: dict[str, Words] = {
    "county": Words("县（区、市）", "county or district"),
    "town": Words("镇", "town"),
    "township": Words("乡", "township"),
    "subdistrict": Words("街道", "sub-district"),
    "village": Words("村", "village"),
    "community": Words("社区", "community"),
}
SOURCE = Words("批复、法律条款或权力清单的文号", "An approval, an article of law, a power list")


class KindForm(PlainForm):
    """What a unit is from a day on."""

    kind = choice("类型", "Kind", choices=list(KINDS.items()))
    since = day("从哪天起", "From")
    source = text("依据", "What it rests on", 200, SOURCE)


class PowerForm(PlainForm):
    """A power of one unit."""

    power = choice("权力事项", "Power", choices=list(POWERS.items()))
    since = day("从哪天起", "From")
    until = day("到哪天止", "Last day", Words("空：长期", "Empty: no end"), required=False)
    source = text("依据", "What it rests on", 200, SOURCE)


class WithdrawForm(PlainForm):
    """The last day of a power."""

    last_day = day("最后一天", "Last day")
