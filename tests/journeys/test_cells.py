"""Cells: one drawn from nothing, a boundary moved by dragging, and a file with a bad row."""

import json
import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect
from tests.journeys.places import CELL
from tests.journeys.town import Town

PATIENCE = 30_000  # milliseconds
PIXEL = """([lon, lat]) => { const element = document.getElementById("editor");
    const { view } = element.townMap, box = element.getBoundingClientRect();
    if (view.map) { const { x, y } = view.map.project([lon, lat]); return [box.x + x, box.y + y]; }
    const [x, y] = view.flat([lon, lat]);
    return [box.x + x * view.scale + view.shift[0], box.y + y * view.scale + view.shift[1]]; }"""
WESTERN = """
    import json
    from datetime import date
    from shapely.geometry import shape
    from yiwang.kernel.places.models import CellShape
    grids = [one for one in CellShape.objects.filter(cell__layer="governance", until=None)
             if len(one.cell_id) == 15]
    spots = [(*spot, grid) for grid in grids for spot in shape(grid.geometry).exterior.coords]
    lon, lat, grid = min(spots, key=lambda spot: spot[:2])
    inside = shape(grid.geometry).representative_point()
    print(json.dumps({"village": grid.cell_id[:12], "corner": [lon, lat],
                      "inside": [inside.x, inside.y]}))
"""  # the corner farthest west: beyond it nobody's ground begins
FOUND = """
    from datetime import timedelta
    from django.utils.timezone import localdate
    from yiwang.kernel.places.locate import locate
    for days in (-1, 0, 30):
        print({code!r} in locate({lon}, {lat}, on=localdate() + timedelta(days)).chain)
"""


def test_a_point_of_a_boundary_is_dragged_and_the_change_dated(
    town: Town, open_page: Callable[..., Page]
) -> None:
    page = open_page(account="zhuren")
    page.goto(f"{town.address}/cells/{CELL}/shape")
    expect(page.locator("#editor[data-drawn]")).to_be_visible(timeout=PATIENCE)
    page.wait_for_load_state("networkidle")
    boundary = page.get_by_label("边界坐标")
    before = boundary.input_value()
    x, y = page.evaluate(PIXEL, points(before)[1])
    drag(page, (x, y), (x + 24, y + 18))
    expect(boundary).not_to_have_value(before)
    after = boundary.input_value()
    differs = [at for at, pair in enumerate(zip(before.split("\n"), after.split("\n"), strict=True))
               if pair[0] != pair[1]]
    assert len(differs) == 1, "one point moved, no other"

    page.get_by_role("button", name="检查并保存").click()
    expect(page.locator("#found")).to_contain_text("处问题", timeout=PATIENCE)
    page.locator("input[name=seen]").check()
    page.get_by_role("button", name="再次检查并保存").click()
    expect(page).to_have_url(re.compile(f"/cells/{CELL}$"), timeout=PATIENCE)


def points(boundary: str) -> list[list[float]]:
    """The points of a boundary as the editor writes them."""
    return [[float(part) for part in line.split(",")] for line in boundary.splitlines()]


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Press, move in some steps, let go."""
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=8)
    page.mouse.up()


def test_a_cell_is_drawn_from_nothing_onto_its_neighbour(
    town: Town, open_page: Callable[..., Page]
) -> None:
    west = json.loads(town.run(WESTERN))
    code = f"{west['village']}977"
    page = open_page(account="zhuren")
    page.goto(f"{town.address}/cells/new?under={west['village']}")
    expect(page.locator("#editor[data-drawn]")).to_be_visible(timeout=PATIENCE)
    page.wait_for_load_state("networkidle")
    typed = {"编码": code, "名称": "海塘新格", "户数": "12"}
    for label, text in typed.items():
        page.get_by_label(label).fill(text)
    boundary = page.get_by_label("边界坐标")
    x, y = page.evaluate(PIXEL, west["corner"])
    page.mouse.click(x - 5, y - 4)
    expect(boundary).to_have_value("{:.7f}, {:.7f}".format(*west["corner"]))
    page.mouse.click(x - 28, y - 24)
    page.mouse.click(*page.evaluate(PIXEL, west["inside"]))
    drawn = boundary.input_value()
    assert len(points(drawn)) == 3

    page.get_by_role("button", name="检查并保存").click()
    expect(page.locator("section[role=alert]")).to_contain_text("重叠", timeout=PATIENCE)
    expect(boundary).to_have_value(drawn)
    for label, text in typed.items():
        expect(page.get_by_label(label)).to_have_value(text)

    expect(page.locator("#editor[data-drawn]")).to_be_visible(timeout=PATIENCE)
    page.wait_for_load_state("networkidle")
    x, y = page.evaluate(PIXEL, west["corner"])
    drag(page, page.evaluate(PIXEL, points(drawn)[2]), (x - 28, y + 24))
    lon, lat = (sum(part) / 3 for part in zip(*points(boundary.input_value()), strict=True))
    page.get_by_role("button", name="再次检查并保存").click()
    expect(page).to_have_url(re.compile(f"/cells/{code}$"), timeout=PATIENCE)
    page.goto(f"{town.address}/cells?under={west['village']}", wait_until="domcontentloaded")
    expect(page.locator("#cells-list")).to_contain_text("海塘新格")
    said = town.run(FOUND.format(code=code, lon=lon, lat=lat))
    assert said.split() == ["False", "True", "True"], "found from its first day on"


def square(code: str, name: str, west: float, south: float) -> dict[str, Any]:
    """A cell of about 100 m, as a feature."""
    ring = [[west, south], [west + 0.001, south], [west + 0.001, south + 0.001],
            [west, south + 0.001], [west, south]]
    return {"type": "Feature", "properties": {"code": code, "name": name, "households": 240},
            "geometry": {"type": "Polygon", "coordinates": [ring]}}


def test_an_import_names_its_bad_row_before_anything_is_written(
    town: Town, open_page: Callable[..., Page]
) -> None:
    page = open_page(account="zhuren")
    page.goto(f"{town.address}/cells/import")
    features = [square("330206005221988", "试画网格", 121.91, 29.87),
                square("33020600522X", "坏编码", 121.92, 29.87)]
    file = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    page.get_by_label("文件").set_input_files(
        {"name": "new.geojson", "mimeType": "application/geo+json", "buffer": file})
    page.get_by_label("坐标系").select_option("wgs84")
    page.get_by_role("button", name="预览").click()
    bad = page.locator("section[aria-labelledby=bad]")
    expect(bad).to_contain_text("33020600522X", timeout=PATIENCE)
    expect(bad.locator("tbody tr")).to_have_count(1)
    expect(page.locator("main")).to_contain_text("还没有写入任何内容")
    count = """
        from yiwang.kernel.places.models import Cell
        print(Cell.objects.filter(code="330206005221988").count())
    """
    assert town.run(count) == "0"
    page.locator("input[name=only_good]").check()
    page.get_by_role("button", name="导入 1 个网格").click()
    expect(page.locator("#messages")).to_contain_text("新画 1 个", timeout=PATIENCE)
    assert town.run(count) == "1"
