"""The head of the room: rules on disputes, signs closings and extensions, keeps the rules."""

from collections.abc import Callable

from playwright.sync_api import Page, expect
from tests.journeys.town import Town

PATIENCE = 20_000  # milliseconds


def test_rules_on_a_second_refusal(town: Town, open_page: Callable[..., Page]) -> None:
    case = town.case_in("disputed", "两家都不认的一件")
    page = open_page(account="zhuren")
    page.goto(f"{town.address}/cases/{case['id']}/")
    page.get_by_role("link", name="裁定").click()
    form = page.locator("form.move-form")
    form.get_by_label("派给").fill("综合执法队")
    form.get_by_label("理由").fill("店外堆物，按职责清单由执法队办")
    form.get_by_role("button", name="裁定").click()
    expect(page.locator("#case")).to_have_attribute("data-state", "assigned", timeout=PATIENCE)
    expect(page.locator(".part-hold")).to_contain_text("综合执法队")


def test_approves_a_thin_closing(town: Town, open_page: Callable[..., Page]) -> None:
    case = town.case_in("review", "要人担保的一件")
    page = open_page(account="zhuren")
    page.goto(f"{town.address}/cases/{case['id']}/")
    page.get_by_role("link", name="同意按此结案").click()
    form = page.locator("form.move-form")
    form.get_by_label("理由").fill("已电话核实，反映人认可")
    form.get_by_role("button", name="同意按此结案").click()
    expect(page.locator("#case")).to_have_attribute("data-state", "checking", timeout=PATIENCE)


def test_grants_an_extension(town: Town, open_page: Callable[..., Page]) -> None:
    case = town.case_in("asking", "车坏了的一件")
    page = open_page(account="zhuren")
    page.goto(f"{town.address}/cases/{case['id']}/")
    expect(page.locator("#case-acts")).to_contain_text("清运车送修")
    page.get_by_role("button", name="同意延期").click()
    expect(page.locator("#case-acts")).not_to_contain_text("清运车送修", timeout=PATIENCE)
    expect(page.locator("#case")).to_have_attribute("data-state", "working")


def test_changes_a_rule_after_seeing_what_it_would_do(
    town: Town, open_page: Callable[..., Page]
) -> None:
    page = open_page(account="zhuren")
    page.goto(f"{town.address}/dispatch-rules/new")
    page.get_by_label("类别").select_option("GB2021/E.01.10")
    page.get_by_label("派给").select_option(label="综合执法队")
    page.get_by_label("依据").fill("试行")
    page.get_by_role("button", name="看会怎样").click()
    preview = page.locator("#preview")
    expect(preview).to_contain_text("拿最近 30 天的案件试一遍", timeout=PATIENCE)
    expect(page.get_by_role("button", name="保存")).to_be_visible()
    page.goto(f"{town.address}/dispatch-rules/dry-run")
    expect(page.get_by_role("heading", level=1)).to_contain_text("拿上月试一遍")
