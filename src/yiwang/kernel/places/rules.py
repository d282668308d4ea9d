"""Codes and norms of cells. Pure.

A governance code is a unit's statistics code (12 digits) + grid (3) + micro-grid (3). Sizes are
warned about, never refused: a county, a city or a year may change them.
"""

import re
from dataclasses import dataclass

from yiwang.algorithms.words import Words

GOVERNANCE = "governance"
TOWN, VILLAGE, GRID, MICRO = 9, 12, 15, 18  # digits of a code at each level
LEVELS: dict[int, Words] = {
    TOWN: Words("镇街", "town"),
    VILLAGE: Words("村社", "village"),
    GRID: Words("网格", "grid"),
    MICRO: Words("微网格", "micro-grid"),
}
LONGEST_CODE = 24  # models.Cell.code
LONGEST_NAME = 80  # models.Cell.name
SNAP_M = 5.0  # metres; our reading: about the width of a lane and of a phone's best fix

_OTHER_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,23}")
_ROUNDED = re.compile(r"\d(\.\d+)?[eE]\+?\d+")


@dataclass(frozen=True)
class SizeNorms:
    """Households a grid and a micro-grid should hold; outside is a warning.

    Sources: 300–500 a grid and 200–300 in mixed communities of 3,000 households or more:
    xczx.news.cn 2023-08-11. The micro-grid has no published number: 30 is practice (未证实),
    100 is 500 households over the province's mean of 5.3 micro-grids a grid. Since 2023-08-11.
    """

    grid: tuple[int, int] = (300, 500)
    mixed_grid: tuple[int, int] = (200, 300)
    micro: tuple[int, int] = (30, 100)
    large_village: int = 3000
    source: str = "xczx.news.cn/2023-08/11/c_1212254868.htm"

    def __post_init__(self) -> None:
        for low, high in (self.grid, self.mixed_grid, self.micro):
            if not 0 < low <= high:
                raise ValueError("a norm is a pair: at least, at most")

    def bounds(self, code: str, *, village_households: int, is_community: bool) -> tuple[int, int]:
        """The pair that a governance cell is measured against; ``(0, 0)`` where there is none."""
        if len(code) == MICRO:
            return self.micro
        if len(code) != GRID:
            return 0, 0
        large = is_community and village_households >= self.large_village
        return self.mixed_grid if large else self.grid


def code_fault(code: str, layer: str) -> tuple[Words, Words] | None:
    """What is wrong with a cell's code and what to do about it; ``None`` when it is right."""
    if not code:
        return Words("没有编码。", "The code is missing."), _HOW
    if _ROUNDED.fullmatch(code):
        return (
            Words("编码成了 {code}：Excel 把长数字改成了科学计数。",
                  "The code reads {code}: Excel rounded a long number.").filled(code=code),
            Words("把编码列设为“文本”，从原表重新粘贴编码。",
                  "Format the column as text and paste the codes again from their source."),
        )
    fits = _is_governance(code) if layer == GOVERNANCE else bool(_OTHER_CODE.fullmatch(code))
    if fits:
        return None
    return (
        Words("编码“{code}”不合规则。", "“{code}” is not a cell code.").filled(code=code[:40]),
        _HOW if layer == GOVERNANCE
        else Words("编码为 1–24 位字母、数字或 _ -。",
                   "A code has 1–24 letters, digits or _ -."),
    )


_HOW = Words(
    "网格编码 = 村社代码 12 位 + 网格 3 位（+ 微网格 3 位），如 330206005208001。",
    "A code is the village's 12 digits + 3 for the grid (+ 3 for the micro-grid), "
    "such as 330206005208001.",
)


def _is_governance(code: str) -> bool:
    return code.isascii() and code.isdigit() and len(code) in LEVELS


def parent_of(code: str) -> str:
    """The code one level up; empty at the top."""
    return code[: -3] if len(code) in (VILLAGE, GRID, MICRO) else ""


def level_of(code: str) -> Words:
    """What a governance cell with this code is called."""
    return LEVELS.get(len(code), Words("片区", "area"))


def is_community(code: str) -> bool:
    """Whether the village-level unit is a residents' committee: 001–199 (statistics codes)."""
    return "001" <= code[TOWN:VILLAGE] <= "199"
