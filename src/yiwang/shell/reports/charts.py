"""Charts as SVG, told apart without colour: solid and dashed lines, bars with their values. Pure.

The same drawing stands on the page, as vectors in the PDF, and as a picture in the DOCX.
"""

from html import escape

from yiwang.algorithms.words import Language
from yiwang.kernel.reports.document import Chart

WIDTH = 640  # units of the drawing; shown at the width of the text
LINES_HEIGHT, TOP, BOTTOM, SIDE = 300, 44, 34, 26
BAR, GAP, NAME, VALUE = 20, 10, 200, 56
FONT = "Noto Sans CJK SC, Source Han Sans SC, SimHei, sans-serif"
DASHES = ("", "7 4", "2 3", "9 3 2 3")
GRID = 4  # parts the scale is divided into


def svg(chart: Chart, language: Language) -> str:
    """The drawing of a chart."""
    height, inside = _lines(chart, language) if chart.form == "line" else _bars(chart, language)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            f'font-family="{FONT}" font-size="13" fill="currentColor">{inside}</svg>')


def scale_end(most: int) -> int:
    """A round number at or above ``most`` that divides into the scale's parts."""
    ten = 1
    while True:
        for step in (ten, 2 * ten, 5 * ten // 2, 5 * ten):
            if step * GRID >= most:
                return step * GRID
        ten *= 10


def _text(x: float, y: float, said: object, anchor: str = "middle", size: int = 13) -> str:
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}">'
            f"{escape(str(said))}</text>")


def _rule(x1: float, y1: float, x2: float, y2: float, more: str = 'stroke-opacity="0.25"') -> str:
    return (f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke="currentColor" {more}/>')


def _lines(chart: Chart, language: Language) -> tuple[int, str]:
    end = scale_end(max((value for one in chart.series for value in one.values), default=1))
    floor, left = LINES_HEIGHT - BOTTOM, SIDE + 20
    step = (WIDTH - left - SIDE) / max(len(chart.labels) - 1, 1)
    drawn = [_scale(end, floor, left)]
    drawn += [_text(left + place * step, floor + 20, label.said_in(language))
              for place, label in enumerate(chart.labels)]
    for nth, one in enumerate(chart.series):
        points = [(left + place * step, floor - value * (floor - TOP) / end)
                  for place, value in enumerate(one.values)]
        drawn += [_path(points, nth), _legend(nth, one.name.said_in(language))]
        beside = -9 if nth == 0 else 19
        drawn += [_mark(x, y, nth) + _text(x, y + beside, value, size=12)
                  for (x, y), value in zip(points, one.values, strict=True)]
    return LINES_HEIGHT, "".join(drawn)


def _scale(end: int, floor: float, left: float) -> str:
    heights = [(part * end // GRID, floor - part * (floor - TOP) / GRID)
               for part in range(GRID + 1)]
    return "".join(_rule(left - 8, y, WIDTH - 8, y) + _text(left - 12, y + 4, value, "end", 12)
                   for value, y in heights)


def _path(points: list[tuple[float, float]], nth: int) -> str:
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return (f'<polyline points="{way}" fill="none" stroke="currentColor" stroke-width="2" '
            f'stroke-dasharray="{DASHES[nth % len(DASHES)]}"/>')


def _mark(x: float, y: float, nth: int) -> str:
    if nth == 0:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4"/>'
    return (f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" fill="#fff" '
            'stroke="currentColor" stroke-width="1.5"/>')


def _legend(nth: int, name: str) -> str:
    x = SIDE + 26 + nth * 180
    return (_path([(x, 16), (x + 44, 16)], nth) + _mark(x + 22, 16, nth)
            + _text(x + 52, 20, name, "start"))


def _bars(chart: Chart, language: Language) -> tuple[int, str]:
    values = chart.series[0].values
    end = max((*values, 1))
    drawn = []
    for place, (label, value) in enumerate(zip(chart.labels, values, strict=True)):
        y = GAP + place * (BAR + GAP)
        long = (WIDTH - NAME - VALUE) * value / end
        drawn.append(
            _text(NAME - 8, y + 15, shortened(label.said_in(language)), "end")
            + f'<rect x="{NAME}" y="{y}" width="{long:.1f}" height="{BAR}" fill-opacity="0.35" '
              'stroke="currentColor"/>' + _text(NAME + long + 6, y + 15, value, "start"))
    return GAP + len(values) * (BAR + GAP), "".join(drawn)


def shortened(name: str) -> str:
    """A name that fits beside its bar; a Chinese character is as wide as two letters."""
    room, kept = 28, ""
    for letter in name:
        room -= 2 if ord(letter) > 0x2E80 else 1
        if room < 0:
            return kept.rstrip() + "…"
        kept += letter
    return kept
