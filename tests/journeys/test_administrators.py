"""Three administrators who need one another, and the person they let in."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect
from tests.journeys.town import Town

PATIENCE = 20_000  # milliseconds
START, OWN = "Start-2026-xiapu", "Own-Word-2026!"


def test_one_adds_another_grants_a_third_reads(
    town: Town, open_page: Callable[..., Page]
) -> None:
    page = open_page(account="xitong")
    page.goto(f"{town.address}/teams/new")
    fill(page, {"代码": "lvhua", "名称": "绿化养护队", "英文名称": "Greenery Brigade",
                "所属单位": "330206005", "成立日": "2026-01-01"})
    page.get_by_label("类别").select_option("brigade")
    page.locator("main form button.p").click()
    expect(page.locator("main")).to_contain_text("绿化养护队", timeout=PATIENCE)
    page.goto(f"{town.address}/people/new")
    fill(page, {"账号": "lvhua", "姓名": "柳绿化", "所属单位": "330206005", "初始密码": START})
    page.locator("main form button.p").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("柳绿化", timeout=PATIENCE)
    person = page.url
    expect(page.get_by_role("link", name="授权")).to_have_count(0)
    refused = page.goto(f"{person}/roles")
    assert refused
    assert refused.status == 403

    page = open_page(account="anquan")
    page.goto(f"{person}/roles")
    page.get_by_label("角色").select_option("office")
    page.get_by_label("范围").fill("330206005")
    page.get_by_label("机构").select_option(label="绿化养护队")
    page.get_by_label(re.compile("^起")).fill("2026-01-01")
    page.locator("main form button.p").click()
    expect(page.locator("main")).to_contain_text("科室人员", timeout=PATIENCE)

    first_sign_in(town, open_page())

    page = open_page(account="shenji")
    page.goto(f"{town.address}/audit?account=anquan")
    expect(page.locator("table.cards")).to_contain_text("柳绿化")
    refused = page.goto(f"{town.address}/people/new")
    assert refused
    assert refused.status == 403


def fill(page: Page, texts: dict[str, str]) -> None:
    """Fill the fields with these labels."""
    for label, text in texts.items():
        page.locator("main").get_by_label(re.compile(f"^{label}( |（|$)")).fill(text)


def first_sign_in(town: Town, page: Page) -> None:
    """A start password opens nothing but the page that changes it."""
    page.goto(f"{town.address}/sign-in")
    fill(page, {"账号": "lvhua", "密码": START})
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/account/password"), timeout=PATIENCE)
    page.goto(f"{town.address}/events/")
    expect(page).to_have_url(re.compile("/account/password"))
    fill(page, {"现在的密码": START, "新密码": OWN})
    page.locator("main form button.p").click()
    expect(page.locator("main, #messages").first).to_contain_text("柳绿化", timeout=PATIENCE)
    page.goto(f"{town.address}/events/")
    expect(page.locator("#desk")).to_be_visible()
