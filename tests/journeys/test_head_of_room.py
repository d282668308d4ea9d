"""The head of the room: rules on disputes, signs closings and extensions, keeps the rules."""

from collections.abc import Callable

from playwright.sync_api import Page, expect
from tests.journeys.town import Town

PATIENCE = 20_000  # milliseconds
BLOCKED = "XP/E.98.99"  # a fire lane; no other journey reports one
TODAY = "from django.utils.timezone import localdate; print(localdate())"


def test_rules_on_a_second_refusal(at_case: Callable[..., Page]) -> None:
    page = at_case("zhuren", "disputed", "两家都不认的一件")
    page.get_by_role("link", name="裁定").click()
    form = page.locator("form.move-form")
    form.get_by_label("派给").fill("综合执法队")
    form.get_by_label("理由").fill("店外堆物，按职责清单由执法队办")
    form.get_by_role("button", name="裁定").click()
    expect(page.locator("#case")).to_have_attribute("data-state", "assigned", timeout=PATIENCE)
    expect(page.locator(".part-hold")).to_contain_text("综合执法队")


def test_approves_a_thin_closing(at_case: Callable[..., Page]) -> None:
    page = at_case("zhuren", "review", "要人担保的一件")
    page.get_by_role("link", name="同意按此结案").click()
    form = page.locator("form.move-form")
    form.get_by_label("理由").fill("已电话核实，反映人认可")
    form.get_by_role("button", name="同意按此结案").click()
    expect(page.locator("#case")).to_have_attribute("data-state", "checking", timeout=PATIENCE)


def test_grants_an_extension(at_case: Callable[..., Page]) -> None:
    page = at_case("zhuren", "asking", "车坏了的一件")
    expect(page.locator("#case-acts")).to_contain_text("清运车送修")
    page.get_by_role("button", name="同意延期").click()
    expect(page.locator("#case-acts")).not_to_contain_text("清运车送修", timeout=PATIENCE)
    expect(page.locator("#case")).to_have_attribute("data-state", "working")


def test_a_rule_changed_after_its_dry_run_holds_for_the_next_report(
    town: Town, open_page: Callable[..., Page]
) -> None:
    page = open_page(account="zhuren")
    expect_suggested(town, page, "改规则之前的一件", "平安科")
    page.goto(f"{town.address}/dispatch-rules?q={BLOCKED[:-3]}")
    page.locator("table").get_by_role("link").first.click()
    page.get_by_label("派给").select_option(label="综合执法队")
    page.get_by_label("从哪天起").fill(town.run(TODAY))
    page.get_by_label("依据").fill("主任办公会")
    page.get_by_role("button", name="看会怎样").click()
    preview = page.locator("#preview")
    expect(preview).to_contain_text("拿最近 30 天的案件试一遍", timeout=PATIENCE)
    expect_suggested(town, open_page(account="zhuren"), "还没有保存时的一件", "平安科")

    page.get_by_role("button", name="保存").click()
    expect(page.locator("#messages")).to_contain_text("起按规则", timeout=PATIENCE)
    expect_suggested(town, page, "改规则之后的一件", "综合执法队")
    page.goto(f"{town.address}/dispatch-rules/dry-run")
    expect(page.get_by_role("heading", level=1)).to_contain_text("拿上月试一遍")


def expect_suggested(town: Town, page: Page, title: str, team: str) -> None:
    """A new report of a blocked fire lane is to be sent to ``team``."""
    case = town.case_in("reported", title, kind=BLOCKED)
    page.goto(f"{town.address}/cases/{case['id']}/")
    expect(page.locator(".why", has_text="建议派给")).to_contain_text(team)
