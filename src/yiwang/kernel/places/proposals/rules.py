"""What a proposal may hold and for how long, and the codes of what it becomes. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal

LAST_NUMBER = 999  # three digits below the grid's code


@dataclass(frozen=True)
class Bounds:
    """Own choice. ``spots``: laying 2,000 out takes half a second (docs/decisions/0035), and a
    grid has some hundreds. ``seconds``: of a web worker's thread, of which there are few. ``kept``:
    as long as a meeting on it may take to come together.
    """

    spots: int = 2_000
    seconds: float = 5.0
    open_a_grid: int = 5
    kept: timedelta = timedelta(days=30)
    moves: int = 1_000

    def __post_init__(self) -> None:
        if min(self.spots, self.seconds, self.open_a_grid, self.moves, self.kept.days) <= 0:
            raise ValueError("bounds are positive")


BOUNDS = Bounds()


def parts_for(households: int, each: int) -> int:
    """How many parts hold about ``each`` households."""
    return max(1, round(households / each))


def codes_for(grid: str, used: Iterable[str], count: int) -> list[str]:
    """Codes of ``count`` new micro-grids: the numbers after the highest ever given below the grid,
    then those never given. A code is not given twice; raises ``Refusal`` where none is left.
    """
    taken = {int(code[len(grid):]) for code in used}
    after = max(taken, default=0) + 1
    free = [n for n in (*range(after, LAST_NUMBER + 1), *range(1, after)) if n not in taken]
    if len(free) < count:
        raise Refusal("codes_used_up", Words(
            "这个网格的微网格编码只剩 {n} 个没用过。",
            "Only {n} {n:code is|codes are} left for micro-grids of this grid.").filled(
            n=len(free)))
    return [f"{grid}{n:03}" for n in sorted(free[:count])]
