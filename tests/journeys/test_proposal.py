"""Micro-grids proposed from a file, one point moved by pressing the map, adopted from today on."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect
from tests.journeys.test_cells import PATIENCE
from tests.journeys.town import Town

GRID = "330206005003003"
POINTS = """
    from tests.journeys.made import points_of
    for point in points_of({grid!r}): print(*point, sep=",")
"""
BEGUN = """
    from django.utils.timezone import localdate
    from yiwang.kernel.places.models import Cell
    begun = Cell.objects.filter(code__startswith={grid!r}, since=localdate())
    print(*begun.order_by("code").values_list("households", flat=True))
"""
SPOT = """([value]) => {
  const element = document.getElementById("proposal-map"), { view, cells } = element.townMap;
  const { geometry } = cells.find((one) => one.properties.id === `spot-${value}`);
  const ring = geometry.coordinates[0].slice(1), box = element.getBoundingClientRect();
  const [lon, lat] = [0, 1].map((k) => ring.reduce((sum, at) => sum + at[k], 0) / ring.length);
  if (view.map) { const { x, y } = view.map.project([lon, lat]); return [box.x + x, box.y + y]; }
  const [x, y] = view.flat([lon, lat]);
  return [box.x + x * view.scale + view.shift[0], box.y + y * view.scale + view.shift[1]];
}"""  # the middle of a convex piece lies in it


def test_a_proposal_is_made_moved_on_the_map_and_adopted(
    town: Town, open_page: Callable[..., Page]
) -> None:
    table = f"lon,lat,households\n{town.run(POINTS.format(grid=GRID))}\n"
    page = open_page(account="zhuren")
    page.goto(f"{town.address}/cells/{GRID}/proposals", wait_until="domcontentloaded")
    page.get_by_label("地址点").set_input_files(
        {"name": "points.csv", "mimeType": "text/csv", "buffer": table.encode()})
    page.get_by_label("分成几片").fill("3")
    page.get_by_label("最多算几秒").fill("1")
    page.get_by_role("button", name="提方案").click()
    expect(page.locator("#proposal-map[data-drawn]")).to_be_visible(timeout=PATIENCE)
    before = households(page)
    assert sum(before) == sum(int(line.rsplit(",", 1)[1]) for line in table.split()[1:])

    choice, offered = page.locator("#proposal-spot"), page.locator("#move button")
    for value in choice.locator("option").evaluate_all("all => all.map((one) => one.value)"):
        page.mouse.click(*page.evaluate(SPOT, [value]))
        expect(page.locator(f"#move [data-spot='{value}']")).to_be_visible(timeout=PATIENCE)
        expect(choice).to_have_value(value)
        if offered.count():
            break
    change = page.locator("#move form").filter(has=page.locator("button")).first.inner_text()
    here, there = ((int(part), int(after)) for part, after in re.findall(
        r"第 (\d+) 片 \d+ → (\d+) 户", change))
    offered.first.click()
    expect(page.locator("#messages")).to_contain_text("号点已移到第", timeout=PATIENCE)
    after = households(page)
    assert {part: after[part - 1] for part, _ in (here, there)} == dict((here, there))
    assert sum(after) == sum(before)

    page.get_by_label("我看过和现状的对比").check()
    page.get_by_role("button", name="采用方案").click()
    page.wait_for_url(f"**/cells/{GRID}", wait_until="commit")
    assert [int(one) for one in town.run(BEGUN.format(grid=GRID)).split()] == after


def households(page: Page) -> list[int]:
    """What the table says of the parts."""
    cells = page.locator("section[aria-labelledby=parts] tbody tr td:nth-child(2)")
    return [int(text) for text in cells.all_inner_texts()]
