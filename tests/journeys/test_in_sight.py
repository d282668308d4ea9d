"""What a page says is where one looks: the field in error, the notice, the chart."""

from collections.abc import Callable

from playwright.sync_api import Page, expect
from tests.journeys.town import Town

PATIENCE = 40_000  # milliseconds
SAY = "async () => (await import('yiwang/live')).toast('已办：派单', 'ok')"


def overlap(page: Page, one: str, other: str) -> bool:
    """Whether two parts of the page cover each other."""
    a, b = (page.locator(part).first.bounding_box() for part in (one, other))
    assert a, one
    assert b, other
    return (a["x"] < b["x"] + b["width"] and b["x"] < a["x"] + a["width"]
            and a["y"] < b["y"] + b["height"] and b["y"] < a["y"] + a["height"])


def test_a_fault_takes_the_reader_to_its_field(
    town: Town, open_page: Callable[..., Page]
) -> None:
    case = town.case_in("working", "什么都没填就提交")
    page = open_page(account="huanwei")
    page.goto(f"{town.address}/cases/{case['id']}/submit/")
    form = page.locator("form.move-form")
    form.get_by_role("button", name="提交办结").click()
    expect(form.locator(".error").first).to_be_visible(timeout=PATIENCE)
    expect(form.locator("#submit-result_0")).to_be_focused()
    form.get_by_label("已解决").check()
    form.get_by_role("button", name="提交办结").click()
    expect(form.locator("#submit-done")).to_be_focused(timeout=PATIENCE)
    assert town.state_of(case["id"]) == "working"


def test_a_notice_covers_neither_list_nor_case(
    town: Town, open_page: Callable[..., Page]
) -> None:
    town.case_in("reported", "看得见的一件")
    page = open_page(account="diaodu")
    page.goto(f"{town.address}/events/")
    expect(page.locator("#case[data-id]")).to_be_visible(timeout=PATIENCE)
    page.evaluate(SAY)
    note = page.locator("#toasts .note")
    expect(note).to_be_visible()
    for part in (".pane.list", "#case", "#desk-map", ".frame > .nav .nav-list"):
        assert not overlap(page, "#toasts .note", part), part
    note.get_by_role("button", name="关闭").click()
    expect(note).to_have_count(0)


def test_the_names_of_a_chart_stand_above_its_bars(
    town: Town, open_page: Callable[..., Page]
) -> None:
    page = open_page(account="lingdao", language="en", width=1100)
    page.goto(f"{town.address}/cockpit/")
    texts = page.locator(".chart svg text")
    expect(texts.first).to_be_visible(timeout=PATIENCE)
    boxes = [(str(text.text_content()), text.bounding_box()) for text in texts.all()]
    names = page.locator(".card:has(.chart) table thead th").all_text_contents()[1:]
    lowest = max(box["y"] + box["height"] for said, box in boxes if box and said in names)
    highest = min(box["y"] for said, box in boxes if box and said.isdigit())
    assert len([said for said, _ in boxes if said in names]) == len(names)
    assert lowest <= highest
