"""A resident: four taps and a photo, a code to follow, stars, and the way back in."""

import io
import json
import re
from collections.abc import Callable

from PIL import Image
from playwright.sync_api import FilePayload, Page, expect
from tests.journeys.town import Town

PATIENCE = 30_000  # milliseconds: a photo travels
PHONE = {"width": 390, "height": 844, "is_mobile": True, "has_touch": True}
MOST_TAPS = 4


def photo() -> FilePayload:
    """A phone's photo."""
    buffer = io.BytesIO()
    Image.new("RGB", (3000, 2000), "seagreen").save(buffer, "JPEG")
    return {"name": "now.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


def spot_in(town: Town) -> dict[str, float]:
    """A point in the town."""
    return dict(json.loads(town.run("""
        import json
        from shapely.geometry import shape
        from tests.journeys.made import CELL
        from yiwang.kernel.places.models import CellShape
        spot = shape(CellShape.objects.filter(cell_id=CELL)[0].geometry).representative_point()
        print(json.dumps({"longitude": spot.x, "latitude": spot.y, "accuracy": 12}))
    """)))


def test_reports_in_four_taps_follows_rates_and_reopens(
    town: Town, open_page: Callable[..., Page]
) -> None:
    page = open_page(geolocation=spot_in(town), permissions=["geolocation"], **PHONE)
    page.goto(f"{town.address}/r")
    taps = 0
    page.set_input_files("#photo", photo())
    expect(page.locator("#shots img")).to_have_count(1, timeout=PATIENCE)
    for press in ("#locate", ".tile >> nth=0", "#send"):
        page.locator(press).tap()
        taps += 1
        if press == "#locate":
            expect(page.locator("#place-said")).to_contain_text("米", timeout=PATIENCE)
    assert taps <= MOST_TAPS
    expect(page).to_have_url(re.compile(r"/f/\w+"), timeout=PATIENCE)
    code = page.locator(".big-code").inner_text()
    expect(page.locator("img[alt='反映时的照片']")).to_be_visible()

    page.goto(f"{town.address}/f")
    page.get_by_label("查询码").fill(f" {code.lower()} ")
    page.get_by_role("button", name="查看").tap()
    expect(page.locator(".now-line")).to_contain_text("待派", timeout=PATIENCE)
    expect(page.locator("dl.facts")).to_contain_text("综合信息指挥室")

    town.run(f"from tests.journeys.made import finish; finish({code!r})")
    page.reload()
    expect(page.locator(".now-line")).to_contain_text("已结案")
    page.locator(".stars .tile").last.tap()
    page.get_by_role("button", name="提交评价").tap()
    expect(page.get_by_text("谢谢你的评价")).to_be_visible(timeout=PATIENCE)
    page.get_by_text("没有解决？").tap()
    page.get_by_label("还有什么没解决").fill("今天又满了")
    page.get_by_role("button", name="没有解决，再办").tap()
    expect(page.locator(".now-line")).to_contain_text("待派", timeout=PATIENCE)


def test_the_public_map_holds_nothing_personal(
    town: Town, open_page: Callable[..., Page]
) -> None:
    page = open_page(width=390)
    page.goto(f"{town.address}/r")
    page.select_option("#spot", index=3)
    page.locator(".tile").first.click()
    page.fill("#text", "楼上王阿姨家天天在走廊烧纸")
    page.get_by_text("留个联系方式").click()
    page.fill("#name", "林海生")
    page.fill("#phone", "13905741234")
    page.click("#send")
    expect(page).to_have_url(re.compile(r"/f/\w+"), timeout=PATIENCE)
    for path in ("/m", "/m/ground.json"):
        answer = page.request.get(town.address + path)
        assert answer.ok
        for private in ("林海生", "13905741234", "王阿姨"):
            assert private not in answer.text()
    page.goto(f"{town.address}/m")
    expect(page.locator("#public-list .item").first).to_be_visible()
    expect(page.locator("#public-map[data-drawn]")).to_be_visible(timeout=PATIENCE)
