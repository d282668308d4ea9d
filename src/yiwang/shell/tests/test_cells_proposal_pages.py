"""The pages of proposals: asked for with a file, moved with its consequence seen, adopted."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.timezone import localdate, now

from yiwang.kernel.cases.models import DispatchRule
from yiwang.kernel.people.models import Team
from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.places.actions import change_shape, draw_cell
from yiwang.kernel.places.locate import forget
from yiwang.kernel.places.models import Cell, GridProposal, Unit
from yiwang.kernel.places.proposals import actions as asking
from yiwang.kernel.places.proposals.rules import BOUNDS
from yiwang.kernel.places.tests.files import E0, N0, STEP, VILLAGE, square

pytestmark = pytest.mark.django_db
ONE, BEGAN = f"{VILLAGE}001", date(2026, 1, 1)
WEST = f"{ONE}001"
PAGE = f"/cells/{ONE}/proposals"
ROWS = [(E0 + (x + 0.5) * STEP / 6, N0 + (y + 0.5) * STEP / 5, (x + y) % 4 + 1, f"张三{x}")
        for x in range(6) for y in range(5)]
TABLE = "\n".join(["经度,纬度,户数,楼栋", *(",".join(map(str, row)) for row in ROWS)]).encode("gbk")
Enter = Callable[..., Client]


@pytest.fixture(autouse=True)
def ground(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "BOUNDS", replace(BOUNDS, seconds=0.05))  # the start does here
    forget()
    Unit.objects.create(code=VILLAGE, name="书院村", name_en="Shuyuan")
    draw_cell(code=ONE, name="书院一格", geometry=square(0), since=BEGAN, by=SYSTEM, at=now())
    for number, col, wide in ((1, 0, 0.25), (2, 0.25, 0.75)):
        draw_cell(code=f"{ONE}00{number}", name=f"微{number}", geometry=square(col, wide=wide),
                  since=BEGAN, by=SYSTEM, at=now())


def ask(client: Client, raw: bytes = TABLE, name: str = "a.csv", **more: Any) -> Any:
    return client.post(PAGE, {"file": SimpleUploadedFile(name, raw), "datum": "wgs84",
                              "parts": 3, "seed": 1, "seconds": 1, **more})


def proposed(client: Client) -> GridProposal:
    assert ask(client).status_code == 302
    return GridProposal.objects.get()


def address(held: GridProposal, act: str = "") -> str:
    return f"/cells/proposals/{held.pk}{act and '/' + act}"


def offered(client: Client, held: GridProposal) -> dict[str, str]:
    """The first move that the page of some point offers, as its form holds it."""
    for spot in range(len(ROWS)):
        part = client.get(address(held), {"spot": spot}, headers={"HX-Request": "true"})
        for form in re.findall(r"<form.*?</form>", part.content.decode(), re.DOTALL):
            if "<button" in form:
                return dict(re.findall(r'name="(version|spot|there)" value="(\d+)"', form))
    raise AssertionError("no move is offered")


@pytest.mark.parametrize(("language", "said"), [
    ("zh", ("73 户分成 3 片", "任何分法，最大的一片都不少于 25 户", "今天 2 个微网格")),
    ("en", ("73 households in 3 parts", "No division has a largest below 25",
            "Today there are 2 micro-grids"))])
def test_a_file_becomes_a_proposal_told_beside_today(
    enter: Enter, language: str, said: tuple[str, ...]
) -> None:
    client = enter(language=language)
    held = proposed(client)
    page = client.get(address(held)).content.decode()
    assert all(words in page for words in said)
    ground = json.loads(re.findall(r'id="proposal-ground"[^>]*>(.*?)</script>', page)[0])
    drawn = [one["properties"]["id"].partition("-")[0] for one in ground["features"]]
    assert {name: drawn.count(name) for name in set(drawn)} == {"part": 3, "spot": 30, "today": 1}
    border = ground["features"][-1]["geometry"]
    assert border["type"] == "LineString"
    assert {lon for lon, _ in border["coordinates"]} == {round(E0 + STEP / 4, 6)}
    assert "张三" not in page
    assert address(held) in client.get(PAGE).content.decode()
    assert Cell.objects.count() == 3


@pytest.mark.parametrize(("more", "said"), [
    ({"parts": ""}, "填一个"), ({"each": 40}, "填一个"), ({"parts": 31}, "不同的点"),
    ({"seconds": 6}, "小于"), ({"raw": b"lon,lat\n1,2"}, "户数列"), ({"datum": "x"}, "格式不对"),
    ({"raw": TABLE + b"\n121,x,3"}, "第 32 行"), ({"name": "a.geojson"}, "GeoJSON"),
    ({"raw": b"lon,lat,households\n" + b"1,2,3\n" * 9}, "有 0 个不同的点"),
    ({"raw": b'lon,lat,households\n"1,2,3'}, "第 2 行"), ({"raw": bytes(range(256))}, "file")])
def test_what_cannot_be_divided_is_told_beside_its_field(
    enter: Enter, more: dict[str, Any], said: str
) -> None:
    answer = ask(enter(), **more)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not GridProposal.objects.exists()


def test_a_point_is_moved_with_its_consequence_seen_and_the_move_undone(enter: Enter) -> None:
    client = enter()
    assert PAGE in client.get(f"/cells/{ONE}").content.decode()
    assert "/proposals" not in client.get(f"/cells/{WEST}").content.decode()
    held = proposed(client)
    given = offered(client, held)
    whole = client.get(address(held), {"spot": given["spot"]}).content.decode()
    assert f"移到第 {int(given['there']) + 1} 片" in whole, "without a script, too"
    assert client.post(address(held, "move"), given).status_code == 302
    before, held = held.part_of, GridProposal.objects.get()
    assert held.part_of[int(given["spot"])] == int(given["there"]) != before[int(given["spot"])]
    again = client.post(address(held, "move"), given)
    assert again.status_code == 409
    assert "刚才有人改了" in again.content.decode()
    assert client.post(address(held, "undo"), {"version": 2}).status_code == 302
    assert GridProposal.objects.get().part_of == before
    for act, wrong in (("undo", {"version": 3}), ("move", {**given, "version": 3, "there": 9}),
                       ("move", {"version": "x"}), ("undo", {})):
        assert client.post(address(held, act), wrong).status_code == 422


@pytest.mark.parametrize("spot", ["", "-1", "30", "x", "²", "9" * 5000])
def test_a_point_that_is_none_is_not_shown(enter: Enter, spot: str) -> None:
    client = enter()
    held = proposed(client)
    answer = client.get(address(held), {"spot": spot}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "选一个点" in answer.content.decode()


def test_adopting_wants_a_look_and_a_day_and_then_leads_to_the_grid(enter: Enter) -> None:
    client = enter()
    held = proposed(client)
    team = Team.objects.create(code="t", name="队", kind="office", unit_code=VILLAGE, since=BEGAN)
    DispatchRule.objects.create(number=1, practice="events", team=team, area=WEST, since=BEGAN,
                                source="文件")
    assert "1 条派单规则" in client.get(address(held)).content.decode()
    day, sure = localdate() + timedelta(days=1), {"sure": "on", "version": 1}
    for wrong in ({"since": day, "version": 1}, {**sure, "since": "x"},
                  {**sure, "since": localdate() - timedelta(days=1)}):
        assert client.post(address(held, "adopt"), wrong).status_code == 422
    done = client.post(address(held, "adopt"), {**sure, "since": day}, follow=True)
    assert done.redirect_chain[-1][0] == f"/cells/{ONE}"
    assert f"{ONE}003" in done.content.decode()
    assert client.get(address(held)).status_code == 409
    assert Cell.objects.get(code=WEST).until == localdate()


def test_a_stale_proposal_says_so_and_cannot_be_adopted(enter: Enter) -> None:
    client = enter()
    held = proposed(client)
    change_shape(WEST, square(0, wide=0.3), since=localdate(), by=SYSTEM, at=now())
    page = client.get(address(held)).content.decode()
    assert "只能看，不能采用" in page
    assert address(held, "adopt") not in page
    answer = client.post(address(held, "adopt"), {
        "sure": "on", "version": 1, "since": localdate()})
    assert answer.status_code == 409


def test_thrown_away_means_gone(enter: Enter) -> None:
    client = enter()
    held = proposed(client)
    assert client.post(address(held, "drop"), {"version": 1}).status_code == 302
    assert not GridProposal.objects.exists()
    assert client.post(address(held, "drop"), {"version": 1}).status_code == 409


def test_only_who_may_edit_the_grid_and_only_a_grid(enter: Enter) -> None:
    editor = enter()
    held = proposed(editor)
    assert editor.get(f"/cells/{WEST}/proposals").status_code == 422
    assert enter("grid_worker", VILLAGE).get(PAGE).status_code == 403
    far = enter("adjudicator", "330206006")
    assert far.get(PAGE).status_code == 404
    for act in ("", "move", "undo", "drop", "adopt"):
        answer = far.post(address(held, act), {"version": 1}) if act else far.get(address(held))
        assert answer.status_code == 409
        assert ONE not in answer.content.decode()
    assert GridProposal.objects.count() == 1


def test_the_page_asks_as_often_beside_many_micro_grids_as_beside_few(
    enter: Enter, same_queries: Callable[..., int]
) -> None:
    client = enter()
    held = proposed(client)
    numbers = iter(range(3, 9))

    def add() -> None:
        n = next(numbers)
        draw_cell(code=f"{ONE}00{n}", name=f"微{n}", geometry=square(n), since=BEGAN, by=SYSTEM,
                  at=now())
        client.get(address(held))  # the index of cells is made anew

    assert same_queries(add, lambda: client.get(address(held))) <= 20
