"""Cells: a boundary moved by dragging a point, and a file with a bad row."""

import json
import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect
from tests.journeys.places import CELL
from tests.journeys.town import Town

PATIENCE = 30_000  # milliseconds
SPOT = """(n) => { const element = document.getElementById("editor");
    const { view, points } = element.townMap, box = element.getBoundingClientRect();
    const { lon, lat } = points.filter((one) => one.id === `v${n}`)[0];
    if (view.map) { const { x, y } = view.map.project([lon, lat]); return [box.x + x, box.y + y]; }
    const [x, y] = view.flat([lon, lat]);
    return [box.x + x * view.scale + view.shift[0], box.y + y * view.scale + view.shift[1]]; }"""


def test_a_point_of_a_boundary_is_dragged_and_the_change_dated(
    town: Town, open_page: Callable[..., Page]
) -> None:
    page = open_page(account="zhuren")
    page.goto(f"{town.address}/cells/{CELL}/shape")
    expect(page.locator("#editor[data-drawn]")).to_be_visible(timeout=PATIENCE)
    page.wait_for_load_state("networkidle")
    boundary = page.get_by_label("边界坐标")
    before = boundary.input_value()
    x, y = page.evaluate(SPOT, 1)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 12, y + 9, steps=4)
    page.mouse.move(x + 24, y + 18, steps=4)
    page.mouse.up()
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
