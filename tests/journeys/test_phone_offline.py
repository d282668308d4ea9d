"""No signal: reports and steps are kept on the phone, survive a closed tab, arrive exactly once."""

import hashlib
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, FilePayload, Page, expect
from tests.journeys.conftest import eventually
from tests.journeys.line import Line
from tests.journeys.town import Town

expect.set_options(timeout=20_000)  # a loaded machine sends slowly
CONTROLLED = "navigator.serviceWorker.controller !== null"


def photo(colour: str = "olive") -> FilePayload:
    """A phone's photo, larger than what is kept."""
    buffer = io.BytesIO()
    Image.new("RGB", (4000, 3000), colour).save(buffer, "JPEG")
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


def lose_signal(context: BrowserContext, signal: Line) -> None:
    signal.cut = True
    signal.hang_up()
    context.set_offline(True)


def regain_signal(context: BrowserContext, signal: Line) -> None:
    signal.cut = signal.deaf = False
    context.set_offline(False)


def settle(page: Page, address: str) -> None:
    """Visit a page until its worker has it in hand."""
    page.goto(address)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    assert eventually(lambda: page.evaluate(CONTROLLED))
    page.wait_for_load_state("networkidle")


def write_report(page: Page, text: str, *, with_photo: bool = False) -> None:
    if with_photo:
        page.set_input_files("#photo", photo())
        expect(page.locator("#shots img")).to_have_count(1)
    page.select_option("#spot", index=3)
    page.locator(".tile").first.click()
    page.fill("#text", text)
    page.click("#send")


def cases_saying(town: Town, words: str) -> list[dict[str, Any]]:
    """The cases whose text holds the words, with their photos, straight from the database."""
    return list(json.loads(town.run(f"""
        import json
        from yiwang.kernel.cases.models import Case
        from yiwang.kernel.records.models import Attachment
        found = Case.objects.filter(text__contains={words!r}).order_by("opened_at")
        print(json.dumps([{{"text": case.text, "channel": case.channel, "photos": list(
            Attachment.objects.filter(stream=f"case/{{case.id}}")
            .values_list("captured_digest", flat=True))}} for case in found]))
    """)))


def test_a_resident_without_signal(
    town: Town, signal: Line, open_context: Callable[..., BrowserContext]
) -> None:
    context = open_context(signal.address, width=390, height=800)
    page = context.new_page()
    settle(page, f"{signal.address}/r")
    lose_signal(context, signal)

    page.reload()
    expect(page.get_by_role("heading", name="报一件事")).to_be_visible()
    write_report(page, "离线第一件", with_photo=True)
    expect(page.locator(".kept-one")).to_have_count(1)
    write_report(page, "离线第二件")
    expect(page.locator(".kept-one")).to_have_count(2)
    expect(page.locator("#tray")).to_contain_text("没有信号 · 2 件存在本机")
    digest = page.evaluate("""YiwangOutbox.all().then((all) =>
        all.flatMap((draft) => draft.photos).map((photo) => photo.digest)[0])""")
    page.fill("#text", "没写完的第三件")
    page.wait_for_function("YiwangOutbox.all().then((all) => all.length === 3)")
    page.close()

    page = context.new_page()
    page.goto(f"{signal.address}/r")
    expect(page.locator(".kept-one")).to_have_count(3)
    expect(page.locator("#tray")).to_contain_text("没写完")
    assert cases_saying(town, "离线第") == []

    regain_signal(context, signal)
    expect(page.locator("#tray")).to_have_attribute("data-unsent", "0")
    page.reload()
    page.wait_for_load_state("networkidle")
    arrived = cases_saying(town, "离线第")
    assert sorted(case["text"] for case in arrived) == ["离线第一件", "离线第二件"]
    assert [case["photos"] for case in arrived if case["photos"]] == [[digest]]

    page.get_by_role("button", name="接着写").click()
    expect(page.locator("#text")).to_have_value("没写完的第三件")


def test_an_answer_lost_on_the_way_does_not_double_the_case(
    town: Town, signal: Line, open_context: Callable[..., BrowserContext]
) -> None:
    context = open_context(signal.address, width=390, height=800)
    page = context.new_page()
    settle(page, f"{signal.address}/r")
    page.select_option("#spot", index=3)
    page.locator(".tile").first.click()
    page.fill("#text", "回音丢了的一件")
    page.evaluate("""() => { SyncManager.prototype.register = () => Promise.reject();
        const real = fetch; window.fetch = (where, how) =>
        String(where).endsWith("/send") ? real(where, how).then(() => Promise.reject(
            new TypeError("line lost"))) : real(where, how); }""")
    page.click("#send")
    expect(page.locator(".kept-one")).to_have_count(1)
    assert eventually(lambda: len(cases_saying(town, "回音丢了")) == 1)
    expect(page.locator("#send.busy")).to_have_count(0)
    expect(page.locator(".kept-one")).to_have_count(1)

    page.close()
    page = context.new_page()
    page.goto(f"{signal.address}/r")
    expect(page.locator("#tray details .number")).to_have_count(1)
    assert len(cases_saying(town, "回音丢了")) == 1


def test_what_the_server_refuses_stays_and_says_where(
    signal: Line, open_context: Callable[..., BrowserContext]
) -> None:
    context = open_context(signal.address, width=320, height=700, language="en")
    page = context.new_page()
    settle(page, f"{signal.address}/r")
    lose_signal(context, signal)
    page.set_input_files("#photo", {"name": "IMG_1.HEIC", "mimeType": "image/heic",
                                    "buffer": b"\0\0\0\x18ftypheic" + b"\0" * 4000})
    expect(page.locator("#shots li")).to_have_count(1)
    page.select_option("#spot", index=3)
    page.locator(".tile").first.click()
    page.fill("#text", "a lamp is out")
    page.click("#send")
    expect(page.locator(".kept-one")).to_have_count(1)
    regain_signal(context, signal)
    expect(page.locator(".kept-one .error")).to_contain_text("HEIC")
    page.get_by_role("button", name="Edit").click()
    expect(page.locator("#photo-error")).to_contain_text("HEIC")
    expect(page.locator("#text")).to_have_value("a lamp is out")


@pytest.fixture
def to_check(town: Town) -> str:
    """A case in the grid worker's cells that waits to be checked; its id."""
    return town.run("""
        from django.utils import timezone
        from yiwang.kernel.cases.models import Case
        from yiwang.kernel.cases.moves import make_move
        from yiwang.kernel.people.models import Person, Team
        from yiwang.kernel.people.queries import actor_for
        from yiwang.kernel.people.rules import ROLES, Actor, Grant, RESIDENT
        from yiwang.practices.events.actions import Report, report_event
        from yiwang.practices.events.actions.where import Where
        at = timezone.now()
        grant = next(g for g in actor_for(Person.objects.get(account="wangge"), at.date()).grants)
        case = report_event(Report("GB2021/E.01.10", Where(spot=grant.area[:12]), text="待核查"),
                            by=RESIDENT, at=at)
        Case.objects.filter(id=case.id).update(area=grant.area)
        case.refresh_from_db()
        team = Team.objects.order_by("code").first()
        def acting(role):
            return Actor(f"person/{role}", role, (Grant(role, ROLES[role].capabilities,
                         "330206005"),), frozenset({team.id}))
        case = make_move(case, "assign", by=acting("dispatcher"), at=at,
                         given={"team": str(team.id)})
        case = make_move(case, "submit", by=acting("village_cadre"), at=at, given={
            "result": "solved", "done": "保洁员老李今天上午把垃圾全部清走并冲洗了地面",
            "for_person": "已经清干净了"})
        print(case.id)
    """)


def test_a_grid_worker_checks_without_signal(
    town: Town, signal: Line, to_check: str, open_context: Callable[..., BrowserContext]
) -> None:
    context = open_context(signal.address, width=390, height=800)
    page = context.new_page()
    town.sign_in(page, "wangge", signal.address)
    settle(page, f"{signal.address}/phone")
    card = page.locator(f'[data-visit="{to_check}"]')
    expect(card).to_contain_text("核查")
    assert eventually(lambda: page.evaluate(f"""caches.open("yiwang-own").then((cache) =>
        cache.match("/phone/case/{to_check}")).then(Boolean)"""))
    lose_signal(context, signal)

    page.reload()
    card.locator("a").click()
    expect(page.get_by_role("heading", name="现场看过，办好了")).to_be_visible()
    page.set_input_files("#photo-pass", photo("green"))
    expect(page.locator(".field-move .shots img").first).to_be_visible()
    page.get_by_role("button", name="核查通过").click()
    expect(page.locator(".kept-one")).to_have_count(1)
    page.close()

    regain_signal(context, signal)
    page = context.new_page()
    page.goto(f"{signal.address}/phone")
    expect(page.locator("#tray")).to_have_attribute("data-unsent", "0")
    told = json.loads(town.run(f"""
        import json
        from yiwang.kernel.records.models import TrailEntry
        print(json.dumps(list(TrailEntry.objects.filter(stream="case/{to_check}")
                              .order_by("seq").values_list("verb", flat=True))))
    """))
    assert told[-2:] == ["attach", "pass"]
    assert told.count("pass") == 1


def test_two_at_once_the_second_is_told_and_keeps_the_step(
    town: Town, signal: Line, to_check: str, open_context: Callable[..., BrowserContext]
) -> None:
    context = open_context(signal.address, width=390, height=800)
    page = context.new_page()
    town.sign_in(page, "wangge", signal.address)
    page.goto(f"{signal.address}/phone/case/{to_check}")
    lose_signal(context, signal)
    page.fill("#opinion", "现场干净")
    page.get_by_role("button", name="核查通过").click()
    expect(page.locator(".kept-one")).to_have_count(1)
    town.run(f"""
        from django.utils import timezone
        from yiwang.kernel.cases.models import Case
        from yiwang.kernel.cases.moves import make_move
        from yiwang.kernel.people.rules import ROLES, Actor, Grant
        other = Actor("person/other", "other", (Grant("dispatcher",
                      ROLES["dispatcher"].capabilities, "330206005"),))
        make_move(Case.objects.get(id="{to_check}"), "pass", by=other, at=timezone.now())
    """)
    regain_signal(context, signal)
    expect(page.locator(".kept-one .error").first).to_contain_text("已结案")
    expect(page.locator(".kept-one")).to_have_count(1)


def test_digests_are_taken_on_the_phone(
    signal: Line, open_context: Callable[..., BrowserContext]
) -> None:
    page = open_context(signal.address, width=390).new_page()
    page.goto(f"{signal.address}/r")
    small = io.BytesIO()
    Image.new("RGB", (300, 200), "navy").save(small, "JPEG")
    page.set_input_files("#photo", {"name": "a.jpg", "mimeType": "image/jpeg",
                                    "buffer": small.getvalue()})
    page.wait_for_timeout(600)
    digest = page.evaluate("YiwangOutbox.all().then((all) => all[0].photos[0].digest)")
    assert digest == hashlib.sha256(small.getvalue()).hexdigest(), "small photos go as they are"
