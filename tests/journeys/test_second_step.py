"""The second step of signing in: switched on, recovery codes kept, both kinds of code used."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect
from tests.journeys.phone_code import code_of
from tests.journeys.town import Town

from yiwang.practices.events.demo.people import PASSWORD

PATIENCE = 20_000  # milliseconds
SOON = 1  # steps of 30 s: a code works once, and the present one was spent on switching it on


def test_switched_on_then_asked_for_and_a_recovery_code_works_once(
    town: Town, open_page: Callable[..., Page]
) -> None:
    key, kept = switch_on(town, open_page(account="fuwu"))

    page = open_page()
    give_password(town, page)
    give_code(page, "000000")
    expect(page.locator(".error")).to_contain_text("验证码不对", timeout=PATIENCE)
    assert "/sign-in" in page.request.get(f"{town.address}/events/").url, "the password alone"
    give_code(page, kept[0].upper())
    expect(page.locator("#desk")).to_be_visible(timeout=PATIENCE)
    page.goto(f"{town.address}/account")
    expect(page.locator("main")).to_contain_text(f"还有 {len(kept) - 1} 个恢复码")

    page = open_page()
    give_password(town, page)
    give_code(page, kept[0])
    expect(page.locator(".error")).to_be_visible(timeout=PATIENCE)
    give_code(page, code_of(key, SOON))
    expect(page.locator("#desk")).to_be_visible(timeout=PATIENCE)


def switch_on(town: Town, page: Page) -> tuple[str, list[str]]:
    """Through the pages; the key on the phone and the recovery codes, which are seen once."""
    page.goto(f"{town.address}/account")
    page.get_by_role("link", name="开启").click()
    page.get_by_role("button", name="开始").click()
    key = page.locator("main code").inner_text().replace(" ", "")
    give_code(page, "000000")
    expect(page.locator(".error")).to_contain_text("验证码不对", timeout=PATIENCE)
    give_code(page, code_of(key))
    expect(page.get_by_role("heading", level=1)).to_contain_text("恢复码", timeout=PATIENCE)
    kept = page.locator("main code").all_inner_texts()
    assert len(set(kept)) == 10
    page.get_by_role("link", name="已抄好").click()
    expect(page.locator("main")).to_contain_text(f"还有 {len(kept)} 个恢复码")
    page.goto(f"{town.address}/account/second-factor")
    assert not [code for code in (*kept, key) if code in page.content().replace(" ", "")]
    return key, kept


def give_password(town: Town, page: Page) -> None:
    """The first step; the second is asked for."""
    page.goto(f"{town.address}/sign-in")
    page.get_by_label("账号").fill("fuwu")
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/sign-in/code"), timeout=PATIENCE)


def give_code(page: Page, code: str) -> None:
    """Six digits or a recovery code, sent."""
    page.get_by_label("验证码").fill(code)
    page.keyboard.press("Enter")
