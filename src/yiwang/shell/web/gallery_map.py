"""The made-up map of the gallery: four cells and four lamps, marked as illustrative."""

WEST, SOUTH, SIDE = 121.90, 29.88, 0.02  # degrees


def _cell(code: str, name: str, column: int, row: int) -> dict[str, object]:
    x, y, lean = WEST + SIDE * column, SOUTH + SIDE * row, SIDE * 0.12
    ring = [[x, y], [x + SIDE, y + lean], [x + SIDE, y + SIDE + lean], [x, y + SIDE], [x, y]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"id": code, "name": name}, "geometry": geometry}


def _point(number: int, lamp: str, column: float, row: float, cell: str) -> dict[str, object]:
    return {"id": f"p{number}", "lamp": lamp, "title": f"XP-2026-00000{number}", "cell": cell,
            "lon": WEST + SIDE * column, "lat": SOUTH + SIDE * row}


NAMES = ("霞南村", "黄鹂社区", "书院村", "宝前村")
CODES = tuple(f"33020600520{n}" for n in range(4))
CELLS = {
    "type": "FeatureCollection",
    "features": [_cell(CODES[n], NAMES[n], n % 2, n // 2) for n in range(4)],
}
POINTS = [
    _point(1, "bad", 0.4, 0.3, CODES[0]), _point(2, "warn", 1.6, 0.7, CODES[1]),
    _point(3, "ok", 0.7, 1.7, CODES[2]), _point(4, "idle", 1.3, 1.4, CODES[3]),
]
