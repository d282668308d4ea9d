"""The dispatcher's day: the queue by keyboard, a refusal that came back, repeats, a surge."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect
from tests.journeys.town import Town

from yiwang.practices.events.demo.people import PASSWORD

PATIENCE = 20_000  # milliseconds: a loaded machine answers slowly


def find_at_desk(page: Page, words: str, tab: str = "") -> None:
    """Narrow the queue to the words, as the filter of the desk does."""
    page.goto(f"{page.url.split('/', 3)[0]}//{page.url.split('/', 3)[2]}"
              f"/events/?tab={tab or 'dispatch'}&q={words}")
    expect(page.locator("#case[data-id]")).to_be_visible(timeout=PATIENCE)
    page.wait_for_load_state("networkidle")


def expect_done(page: Page, words: str) -> None:
    """Told in a toast; or on the case's own page, where Enter came before the script was ready."""
    told = page.locator("#toasts, main [role=status]").filter(has_text=words)
    expect(told.first).to_be_visible(timeout=PATIENCE)


def test_from_sign_in_to_dispatch_by_keyboard_alone(
    town: Town, open_page: Callable[..., Page]
) -> None:
    case = town.case_in("reported", "键盘派的这一件")
    page = open_page()
    page.goto(f"{town.address}/sign-in")
    page.get_by_label("账号").focus()
    page.keyboard.type("diaodu")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/events/"), timeout=PATIENCE)
    expect(page.locator("#rows .item").first).to_be_visible()

    page.keyboard.press("f")
    page.keyboard.press("Tab")
    while page.locator(":focus").get_attribute("id") != "f-q":
        page.keyboard.press("Tab")
    page.keyboard.insert_text("键盘派的这一件")
    page.keyboard.press("Enter")
    expect(page.locator("#rows .item")).to_have_count(1, timeout=PATIENCE)
    page.keyboard.press("j")
    expect(page.locator("#case")).to_have_attribute("data-id", case["id"])
    expect(page.locator("#case .why")).to_contain_text("环卫保洁队")
    page.keyboard.press("Enter")
    expect_done(page, "已办：派单")
    expect(page.locator("#rows .item")).to_have_count(0)
    assert town.state_of(case["id"]) == "assigned"


def test_a_refusal_comes_back_with_its_reason_and_goes_where_it_names(
    town: Town, open_page: Callable[..., Page]
) -> None:
    case = town.case_in("refused", "退回来的这一件")
    page = open_page(account="diaodu")
    find_at_desk(page, "退回来的这一件", "returned")
    expect(page.locator("#rows")).to_contain_text("退回 1 次")
    panel = page.locator("#case")
    expect(panel).to_have_attribute("data-id", case["id"])
    expect(panel).to_contain_text("职责不符")
    expect(panel).to_contain_text("综合执法队")
    expect(panel.locator(".why", has_text="建议派给")).to_contain_text("综合执法队")
    page.keyboard.press("Enter")
    expect_done(page, "已办：派单")
    page.goto(f"{town.address}/cases/{case['id']}/")
    expect(page.locator(".part-hold")).to_contain_text("综合执法队")


def test_a_repeat_is_merged(town: Town, open_page: Callable[..., Page]) -> None:
    first = town.case_in("assigned", "先报的那一件")
    again = town.case_in("reported", "后报的同一件")
    page = open_page(account="diaodu")
    find_at_desk(page, "后报的同一件")
    panel = page.locator("#case")
    expect(panel).to_have_attribute("data-id", again["id"])
    page.keyboard.press("m")
    panel.get_by_label("并入哪一件").fill(first["number"])
    panel.locator("form.move-form button.p").click()
    expect_done(page, "已办：并案")
    assert town.state_of(again["id"]) == "merged"
    page.goto(f"{town.address}/cases/{first['id']}/")
    expect(page.locator(".part-family")).to_contain_text(again["number"])


def test_a_surge_is_dispatched_together(town: Town, open_page: Callable[..., Page]) -> None:
    lot = [town.case_in("reported", f"台风来的 {n}") for n in range(3)]
    page = open_page(account="diaodu")
    find_at_desk(page, "台风来的")
    expect(page.locator("#rows .item")).to_have_count(3)
    for case in lot:
        page.locator(f"#row-{case['id']} input[name=lot]").check()
    expect(page.locator("#lot-count")).to_contain_text("3")
    page.get_by_role("button", name="一起派单").click()
    page.get_by_label("派给").fill("综合执法队")
    page.locator("button[name=go]").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已办 3 件", timeout=PATIENCE)
    assert {town.state_of(case["id"]) for case in lot} == {"assigned"}


def test_a_filter_is_kept_by_name(town: Town, open_page: Callable[..., Page]) -> None:
    town.case_in("working", "筛得到的这一件")
    page = open_page(account="diaodu")
    find_at_desk(page, "筛得到的这一件", "open")
    page.locator("#desk-filters > summary").click()
    page.get_by_label("把现在的筛选存为").fill("我的盯办")
    page.locator(".save-form button").click()
    expect(page.locator(".kept-filter", has_text="我的盯办")).to_be_visible(timeout=PATIENCE)
    page.goto(f"{town.address}/events/")
    page.locator(".kept-filter", has_text="我的盯办").click()
    expect(page.locator("#rows .item")).to_have_count(1, timeout=PATIENCE)
    expect(page.locator("#rows")).to_contain_text("筛得到的这一件")


def test_map_and_list_agree(town: Town, open_page: Callable[..., Page]) -> None:
    for n in range(2):
        town.case_in("reported", f"图上的 {n}")
    page = open_page(account="diaodu")
    find_at_desk(page, "图上的")
    rows = page.locator("#rows .item")
    expect(rows).to_have_count(2)
    expect(page.locator("#desk-map[data-drawn]")).to_be_visible(timeout=PATIENCE)
    drawn = page.evaluate("document.getElementById('desk-map').townMap.points.map((p) => p.id)")
    assert sorted(drawn) == sorted(row.get_attribute("data-id") or "" for row in rows.all())

    rows.nth(1).click()
    expect(page.locator("#case")).to_have_attribute(
        "data-id", rows.nth(1).get_attribute("data-id") or "")
    page.locator("#desk-map").focus()
    page.keyboard.press("PageDown")
    expect(rows.nth(0)).to_have_class(re.compile(r"\bon\b"), timeout=PATIENCE)
    expect(page.locator("#case")).to_have_attribute(
        "data-id", rows.nth(0).get_attribute("data-id") or "")
