"""The official sheet: sizes and typefaces of GB/T 9704-2012 (5.2 and 7), and what stands in.

The standard's typefaces are seldom installed and not free; none is shipped. Each has stand-ins,
and whoever reads the report is told which of them was used.
"""

from collections.abc import Collection
from dataclasses import dataclass

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Sheet:
    """A4 in millimetres; type in points. 22 lines of 28 characters fill the type area."""

    width: float = 210
    height: float = 297
    top: float = 37
    bottom: float = 35
    left: float = 28
    right: float = 26
    lines: int = 22
    characters: int = 28
    body: float = 16  # 三号
    title: float = 22  # 二号
    folio: float = 14  # 四号
    table: float = 12  # 小四; own choice, the standard leaves tables open
    agency: float = 34  # own choice: 7.2.4 asks for smaller than the state's own

    def __post_init__(self) -> None:
        if self.left + self.right >= self.width or self.top + self.bottom >= self.height:
            raise ValueError("the margins leave no type area")

    @property
    def measure(self) -> float:
        """Width of the type area, mm."""
        return self.width - self.left - self.right

    @property
    def depth(self) -> float:
        """Height of the type area, mm."""
        return self.height - self.top - self.bottom

    @property
    def pitch(self) -> float:
        """From line to line, points."""
        return self.depth * POINTS / self.lines

    @property
    def tracking(self) -> float:
        """What is added after each character so that a line holds them all, points."""
        return self.measure * POINTS / self.characters - self.body


POINTS = 72 / 25.4  # in a millimetre
SHEET = Sheet()
SERIF = ("Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC")
SANS = ("Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC")
OFFICIAL: dict[str, tuple[str, ...]] = {
    "song": ("FZXiaoBiaoSong-B05S", "方正小标宋简体", "FZXiaoBiaoSong-B05"),
    "fang": ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "STFangsong"),
    "hei": ("SimHei", "黑体", "STHeiti"),
}
STAND_IN = {"song": SERIF, "fang": SERIF, "hei": SANS}
CALLED = {"song": Words("小标宋", "Xiaobiaosong"), "fang": Words("仿宋", "Fangsong"),
          "hei": Words("黑体", "Heiti")}


@dataclass(frozen=True, slots=True)
class Faces:
    """The typefaces a report is set in, by role; ``missing`` are the official ones not there."""

    song: str
    fang: str
    hei: str
    missing: tuple[str, ...]

    @property
    def said(self) -> Words:
        """What stands in for what; empty where nothing does."""
        told = [Words("{official}以 {used} 代替", "{used} stands in for {official}").filled(
            official=CALLED[role], used=getattr(self, role)) for role in self.missing]
        if not told:
            return Words("", "")
        return Words(f"本机没有公文字体：{'，'.join(one.zh for one in told)}。",
                     f"Official typefaces are not installed: {', '.join(o.en for o in told)}.")


def faces_among(installed: Collection[str]) -> Faces:
    """The best typefaces there are; raises ``Refusal`` where none has Chinese."""
    found = {role: _first(names, installed) for role, names in OFFICIAL.items()}
    missing = tuple(role for role, name in found.items() if not name)
    for role in missing:
        found[role] = _first((*STAND_IN[role], *SERIF, *SANS), installed)
    if not all(found.values()):
        raise Refusal(
            "no_chinese_font", Words("服务器上没有中文字体，PDF 会是空框。",
                                     "The server has no Chinese typeface: a PDF would be boxes."),
            Words("请管理员安装 fonts-noto-cjk，或先下载 DOCX。",
                  "Ask the administrator to install fonts-noto-cjk, or download the DOCX."))
    return Faces(**found, missing=missing)


def _first(names: Collection[str], installed: Collection[str]) -> str:
    return next((name for name in names if name in installed), "")
