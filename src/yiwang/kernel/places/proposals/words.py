"""Why a spot may not be moved, in words."""

from yiwang.algorithms.districting.moving import Consequence, Fault
from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal

WHY: dict[Fault, Words] = {
    "same": Words("它已在第 {there} 片。", "It is in part {there} already."),
    "last": Words("第 {here} 片只剩这一个点，移走就空了。",
                  "It is the last point of part {here}, which would be empty."),
    "apart": Words("移走后第 {here} 片会断成几块。",
                   "Without it part {here} would fall into pieces."),
    "far": Words("它不挨着第 {there} 片。", "It does not touch part {there}."),
}
INSTEAD = Words("先移更靠边的点，或换一片。",
                "Move a point nearer the border first, or take another part.")


def why(found: Consequence) -> Words | None:
    """What forbids the move; ``None`` where nothing does. Parts are counted from 1."""
    said = WHY.get(found.fault)
    return said and said.filled(here=found.here + 1, there=found.there + 1)


def move_refused(found: Consequence) -> Refusal:
    """The same as a refusal."""
    return Refusal(f"move_{found.fault}", why(found) or Words("", ""), INSTEAD)
