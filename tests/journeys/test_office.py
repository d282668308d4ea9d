"""An office: accepts, closes with words that say something, refuses with a clause and a name."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

PATIENCE = 20_000  # milliseconds


def test_accepts_and_a_thin_closing_waits_for_a_reviewer(at_case: Callable[..., Page]) -> None:
    page = at_case("huanwei", "assigned", "写得太简单的一件")
    page.get_by_role("button", name="签收").click()
    expect(page.locator("#case")).to_have_attribute("data-state", "working", timeout=PATIENCE)

    page.get_by_role("link", name="提交办结").click()
    form = page.locator("form.move-form")
    form.get_by_label("已解决").check()
    form.get_by_label("谁、何时、做了什么").fill("已联系相关部门进一步跟进")
    expect(page.locator("#closing-flags")).to_contain_text("只是转给了别人", timeout=PATIENCE)
    form.get_by_label("对反映人的答复").fill("已处理")
    form.get_by_role("button", name="提交办结").click()
    expect(page.locator("#case")).to_have_attribute("data-state", "review", timeout=PATIENCE)


def test_a_clear_closing_goes_to_the_check(at_case: Callable[..., Page]) -> None:
    page = at_case("huanwei", "working", "写得清楚的一件", "submit/")
    form = page.locator("form.move-form")
    form.get_by_role("button", name="提交办结").click()
    expect(form.locator(".error").first).to_be_visible(timeout=PATIENCE)
    form.get_by_label("已解决").check()
    form.get_by_label("谁、何时、做了什么").fill("张环卫上午十点清运两车，冲洗地面，桶位恢复")
    form.get_by_label("对反映人的答复").fill("垃圾已清走，谢谢反映")
    form.get_by_role("button", name="提交办结").click()
    expect(page.locator("#case")).to_have_attribute("data-state", "checking", timeout=PATIENCE)


def test_refuses_with_a_clause_and_a_named_team(at_case: Callable[..., Page]) -> None:
    page = at_case("huanwei", "assigned", "不归我们的一件")
    page.get_by_role("link", name="退回").click()
    form = page.locator("form.move-form")
    form.get_by_label("说明").fill("沿街店外经营由执法队管")
    form.get_by_role("button", name="退回").click()
    expect(form.locator(".error").first).to_be_visible(timeout=PATIENCE)
    expect(form.get_by_label("说明")).to_have_value("沿街店外经营由执法队管")
    form.get_by_label("职责不符：法定职责在别的单位").check()
    form.get_by_label("应由谁办").fill("综合执法队")
    form.get_by_role("button", name="退回").click()
    expect(page.locator("#case")).to_have_attribute("data-state", "reported", timeout=PATIENCE)


def test_a_press_counts_while_the_words_are_being_looked_at(at_case: Callable[..., Page]) -> None:
    page = at_case("huanwei", "working", "话还在看的一件", "submit/")
    page.route("**/closing-words/**", lambda route: None)  # the look never answers
    form = page.locator("form.move-form")
    form.get_by_label("已解决").check()
    form.get_by_label("对反映人的答复").fill("垃圾已清走，谢谢反映")
    with page.expect_request("**/closing-words/**", timeout=PATIENCE):
        form.get_by_label("谁、何时、做了什么").fill("张环卫上午十点清运两车，冲洗地面")
    form.get_by_role("button", name="提交办结").click()
    expect(page.locator("#case")).to_have_attribute("data-state", "checking", timeout=PATIENCE)


def test_words_that_were_looked_at_are_still_kept(at_case: Callable[..., Page]) -> None:
    page = at_case("huanwei", "working", "看过的话不丢的一件", "submit/")
    done = page.locator("form.move-form").get_by_label("谁、何时、做了什么")
    done.fill("已联系相关部门进一步跟进")
    expect(page.locator("#closing-flags")).to_contain_text("只是转给了别人", timeout=PATIENCE)
    page.reload()
    expect(done).to_have_value("已联系相关部门进一步跟进", timeout=PATIENCE)
