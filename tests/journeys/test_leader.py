"""A leader: one number, its rows, its file, to the digit; and the wall."""

import io
from collections.abc import Callable

import python_calamine
from playwright.sync_api import Page, expect
from tests.journeys.town import Town


def test_a_number_opens_into_its_rows_and_equals_its_file(
    town: Town, open_page: Callable[..., Page]
) -> None:
    page = open_page(account="lingdao")
    page.goto(f"{town.address}/cockpit/")
    first = page.locator(".figures a.figure").first
    shown = first.locator("b").inner_text().split()[0]
    first.click()
    expect(page.locator("[data-value]")).to_contain_text(shown)

    rows = page.locator("table tbody tr").count()
    with page.expect_download() as told:
        page.get_by_role("link", name="XLSX").click()
    book = python_calamine.CalamineWorkbook.from_filelike(
        io.BytesIO(told.value.path().read_bytes()))
    lines = book.get_sheet_by_index(0).to_python()
    numbers = [line[0] for line in lines if str(line[0]).startswith("XP-")]
    assert len(numbers) == int(shown)
    assert rows == min(len(numbers), 50)
    assert numbers[:rows] == [
        cell.inner_text() for cell in page.locator("table tbody th").all()]


def test_the_wall_stands_by_itself(town: Town, open_page: Callable[..., Page]) -> None:
    page = open_page(account="lingdao", width=3840, height=2160)
    page.goto(f"{town.address}/wall/")
    expect(page.locator("body.wall")).to_be_visible()
    expect(page.locator(".map[data-drawn]").first).to_be_visible(timeout=30_000)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
