"""What goes wrong on a keyboard: pressed twice, too large, too long, too late. Nothing is lost."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect
from tests.journeys.town import Town

PATIENCE = 40_000  # milliseconds: 60 MB travel
LONG = 10_000  # characters a text may hold


def times(town: Town, case_id: str, verb: str) -> int:
    """How often a step stands in the trail."""
    return int(town.run("from tests.journeys.made import times\n"
                        f"times({case_id!r}, {verb!r})"))


def test_a_double_click_is_one_step(town: Town, open_page: Callable[..., Page]) -> None:
    case = town.case_in("reported", "手快点了两下")
    page = open_page(account="diaodu")
    page.goto(f"{town.address}/cases/{case['id']}/")
    page.get_by_role("button", name="派单", exact=False).first.dblclick()
    expect(page.locator("#case")).to_have_attribute("data-state", "assigned", timeout=PATIENCE)
    assert times(town, case["id"], "assign") == 1


def test_sixty_megabytes_are_refused_and_the_words_stay(
    town: Town, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    case = town.case_in("working", "照片太大的一件")
    huge = tmp_path / "huge.jpg"
    huge.write_bytes(b"\xff\xd8\xff\xe0" + bytes(60 * 1024 * 1024))
    page = open_page(account="huanwei")
    page.goto(f"{town.address}/cases/{case['id']}/submit/")
    form = page.locator("form.move-form")
    form.get_by_label("已解决").check()
    form.get_by_label("谁、何时、做了什么").fill("写了很久的一段话，不能丢")
    form.get_by_label("对反映人的答复").fill("已处理")
    form.locator("input[type=file]").set_input_files(huge)
    form.get_by_role("button", name="提交办结").click()
    expect(page.locator("#case, #messages, #toasts").filter(has_text="60 MB").first).to_be_visible(
        timeout=PATIENCE)
    expect(page.get_by_label("谁、何时、做了什么")).to_have_value("写了很久的一段话，不能丢")
    assert town.state_of(case["id"]) == "working"


def test_long_and_rare_characters_arrive_whole(
    town: Town, open_page: Callable[..., Page]
) -> None:
    text = ("𠮷野家门前🚮满了" * 1300)[: LONG - 2] + "完毕"
    page = open_page(width=390)
    page.goto(f"{town.address}/r")
    page.select_option("#spot", index=3)
    page.locator(".tile").first.click()
    page.fill("#text", text + "多")
    page.click("#send")
    expect(page.locator("#text-error, .kept-one .error").first).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#text")).to_have_value(text + "多")
    page.fill("#text", text)
    page.click("#send")
    expect(page).to_have_url(re.compile(r"/f/\w+"), timeout=PATIENCE)
    kept = town.run("from yiwang.kernel.cases.models import Case\n"
                    "print(Case.objects.filter(text__endswith='完毕').latest('opened_at').text)")
    assert kept == text


def test_two_decide_at_once_and_the_second_keeps_what_was_typed(
    town: Town, open_page: Callable[..., Page]
) -> None:
    case = town.case_in("reported", "两个人一起派的")
    first, second = (open_page(account=account) for account in ("diaodu", "zhuren"))
    for page in (first, second):
        page.goto(f"{town.address}/cases/{case['id']}/assign/")
    second.get_by_label("派给").fill("综合执法队")
    second.get_by_label("附言").fill("请带拍照设备")
    first.get_by_label("派给").fill("环卫保洁队")
    first.locator("form.move-form button.p").click()
    expect(first.locator("#case")).to_have_attribute("data-state", "assigned", timeout=PATIENCE)

    second.locator("form.move-form button.p").click()
    expect(second.locator("#case")).to_have_attribute("data-state", "assigned", timeout=PATIENCE)
    expect(second.locator(".part-hold")).to_contain_text("环卫保洁队")
    expect(second.locator("#case")).to_contain_text("有人先办了")
    expect(second.locator("#case-acts")).to_contain_text("请带拍照设备")
    assert times(town, case["id"], "assign") == 1


def test_the_language_switch_stays_on_the_page(
    town: Town, open_page: Callable[..., Page]
) -> None:
    page = open_page(account="diaodu")
    page.goto(f"{town.address}/events/?tab=open&q=霞浦")
    page.get_by_role("button", name="English").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "en", timeout=PATIENCE)
    expect(page).to_have_url(re.compile(r"/events/\?tab=open&q="))
    expect(page.locator("#f-q")).to_have_value("霞浦")
    page.get_by_role("button", name="中文").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans", timeout=PATIENCE)
