"""A boundary as text a person can type: one point a line, so that it can be edited by keyboard.

``lon, lat`` a line; an empty line begins a hole, a line ``---`` another part. The first point
need not be repeated at the end. Pure.
"""

import re
from typing import Any

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal

PART = "---"
MOST_POINTS = 20_000  # a county's coast at 50 m; more is no boundary drawn by hand
_BETWEEN = re.compile(r"[,，;\s]+")


def boundary_text(geometry: dict[str, Any]) -> str:
    """The lines of a GeoJSON Polygon or MultiPolygon."""
    parts = geometry["coordinates"]
    parts = [parts] if geometry["type"] == "Polygon" else parts
    return f"\n{PART}\n".join(
        "\n\n".join("\n".join(f"{p[0]:.7f}, {p[1]:.7f}" for p in ring[:-1]) for ring in rings)
        for rings in parts
    )


def boundary_of(text: str) -> dict[str, Any]:
    """GeoJSON of the lines. Raises ``Refusal`` naming the line that holds no point."""
    parts: list[list[list[list[float]]]] = [[[]]]
    for number, line in enumerate(text.strip().splitlines(), start=1):
        if number > MOST_POINTS:
            raise _refused(number, line)
        if line.strip() == PART:
            parts.append([[]])
        elif not line.strip():
            parts[-1].append([])
        else:
            parts[-1][-1].append(_position(number, line))
    rings = [[[*ring, ring[0]] for ring in part if ring] for part in parts]
    kept = [part for part in rings if part]
    if len(kept) == 1:
        return {"type": "Polygon", "coordinates": kept[0]}
    return {"type": "MultiPolygon" if kept else "Polygon", "coordinates": kept}


def _position(number: int, line: str) -> list[float]:
    try:
        lon, lat = (float(part) for part in _BETWEEN.split(line.strip()))
    except ValueError:
        raise _refused(number, line) from None
    return [lon, lat]


def _refused(number: int, line: str) -> Refusal:
    return Refusal(
        "line_is_no_point",
        Words("第 {n} 行不是一个点：{line}", "Line {n} is no point: {line}").filled(
            n=number, line=line.strip()[:40]),
        Words("每行写“经度, 纬度”，如 121.87, 29.89。",
              "Write longitude, latitude on each line, such as 121.87, 29.89."),
        field="boundary",
    )
