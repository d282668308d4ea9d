"""Pages that stand only in the middle of something, with the way there: reading, or waiting."""

import json
from collections.abc import Callable

from playwright.sync_api import Page
from tests.journeys.looking import Walk

from yiwang.practices.events.demo.people import PASSWORD

CAUTIOUS, WATCHFUL = "shuiwu", "pingan"  # who has a second factor here


def second_step(walk: Walk) -> Page:
    """The password was right; the code of the phone is asked for."""
    walk.town.run(f"from tests.journeys.made import factor; factor({WATCHFUL!r})")
    page = walk.page_of("")
    page.goto(f"{walk.town.address}/sign-in")
    page.locator("main input[name=account]").fill(WATCHFUL)
    page.locator("main input[type=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/code")
    return page


def recovery_codes(walk: Walk) -> Page:
    """New codes, shown this once."""
    walk.town.run(f"from tests.journeys.made import factor; factor({CAUTIOUS!r}, on=False)")
    page = walk.page_of(CAUTIOUS)
    walk.town.run(f"from tests.journeys.made import factor; factor({CAUTIOUS!r})")
    page.goto(f"{walk.town.address}/account")
    page.locator("form[action='/account/recovery-codes'] button").click()
    page.wait_for_url("**/account/recovery-codes")
    return page


def import_running(walk: Walk) -> Page:
    """Rows are coming in; here they stop half-way, as long as it is looked at."""
    run = walk.town.run("from tests.journeys.made import import_in; print(import_in('running'))")
    page = walk.page_of("diaodu")
    page.route("**/advance", lambda route: route.fulfill(status=204))
    page.goto(f"{walk.town.address}/events/imports/{run}")
    page.locator("progress").wait_for()
    return page


def cells_preview(walk: Walk) -> Page:
    """A file of cells read, one of its rows bad, nothing written."""
    ring = [[121.95, 29.87], [121.951, 29.87], [121.951, 29.871], [121.95, 29.87]]
    features = [{"type": "Feature", "properties": {"code": code, "name": "New"},
                 "geometry": {"type": "Polygon", "coordinates": [ring]}}
                for code in ("330206005221987", "33020600522X")]
    page = walk.page_of("zhuren")
    page.goto(f"{walk.town.address}/cells/import")
    page.locator("input[type=file]").set_input_files({
        "name": "cells.geojson", "mimeType": "application/geo+json",
        "buffer": json.dumps({"type": "FeatureCollection", "features": features}).encode()})
    page.locator("select[name=datum]").select_option("wgs84")
    page.locator("main form button.p").click()
    page.locator("#bad").wait_for()
    return page


def rule_previewed(walk: Walk) -> Page:
    """A changed rule, tried on last month's cases before it is saved."""
    page = walk.page_of("zhuren")
    page.goto(f"{walk.town.address}/dispatch-rules/2")
    page.locator("input[name=source]").fill("X-1")
    page.locator("button[value=try]").click()
    page.locator("#preview").wait_for()
    return page


def many_at_once(walk: Walk) -> Page:
    """Two cases chosen at the desk, to be dispatched together."""
    page = walk.page_of("diaodu")
    page.goto(f"{walk.town.address}/events/?tab=dispatch")
    page.wait_for_load_state("networkidle")
    for box in page.locator("input[name=lot]").all()[:2]:
        box.check()
    page.locator("button[name=step][value=assign]").click()
    page.wait_for_url("**/events/bulk/")
    return page


def monthly_report(walk: Walk) -> Page:
    """Last month's report, made in the background while its page waits."""
    page = walk.page_of("lingdao")
    page.goto(f"{walk.town.address}/reports")
    page.locator("main form.filters button").click()
    page.locator("article svg").first.wait_for()
    return page


def calendar_address(walk: Walk) -> Page:
    """A calendar address, shown this once: to open, to copy, to scan."""
    page = walk.page_of("huanwei")
    page.goto(f"{walk.town.address}/account/calendar")
    page.locator("main form[action='/account/calendar/new'] button").click()
    page.locator("svg.qr").wait_for()
    return page


MOMENTS: dict[str, Callable[[Walk], Page]] = {
    "second-step": second_step, "recovery-codes": recovery_codes, "import-run": import_running,
    "cells-import": cells_preview, "dispatch-rule": rule_previewed, "desk-bulk": many_at_once,
    "monthly-report": monthly_report, "calendar-address-new": calendar_address,
}  # by the name of the address
