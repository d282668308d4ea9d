"""OGC API Features as a map program meets it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now

from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.opening import NewCase, open_case
from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.places.models import Cell
from yiwang.practices.events.api.features.document import PARAMETERS
from yiwang.practices.events.api.features.pages import CONFORMS

from .ground import DISPUTE, EAST, IN_EAST, IN_WEST, RUBBISH, VILLAGE, WEST, lay_out

pytestmark = pytest.mark.django_db
ITEMS = "/ogc/collections/{}/items"


@pytest.fixture(autouse=True)
def laid_out() -> None:
    lay_out(now())


def got(address: str, status: Any = 200, **query: str) -> Any:
    answer = Client().get(address, query)
    assert answer.status_code == status, answer.content
    return answer.json()


def followed(address: str, **query: str) -> list[Any]:
    """All features, page by page, along the links."""
    page = got(address, **query)
    found: list[Any] = page["features"]
    while onward := [link["href"] for link in page["links"] if link["rel"] == "next"]:
        page = got(onward[0].removeprefix("http://testserver"))
        assert page["numberReturned"] == len(page["features"])
        found += page["features"]
    return found


def reported(
    spot: tuple[float, float], kind: str = RUBBISH, ago: int = 0, area: str = WEST
) -> Case:
    where = {"longitude": spot[0], "latitude": spot[1], "address": "王家门口"}
    new = NewCase("events", "event", "XP", kind, "王家的事", "王家的话", "grid", area, where)
    return open_case(new, by=SYSTEM, at=now() - timedelta(hours=ago), announce=False)


def test_everything_is_reached_from_the_landing_page() -> None:
    landing = got("/ogc/")
    links = {link["rel"]: link["href"].removeprefix("http://testserver")
             for link in landing["links"]}
    assert got(links["conformance"])["conformsTo"] == CONFORMS
    collections = got(links["data"])["collections"]
    assert [each["id"] for each in collections] == ["cells", "places", "cases"]
    for each in collections:
        [items] = [link["href"] for link in each["links"] if link["rel"] == "items"]
        assert Client().get(items)["Content-Type"] == "application/geo+json"
    described = Client().get(links["service-desc"])
    assert described["Content-Type"] == "application/vnd.oai.openapi+json;version=3.0"
    assert set(described.json()["paths"]) >= {"/collections/cases/items", "/conformance"}


def test_cells_with_their_boundaries_page_by_page() -> None:
    found = followed(ITEMS.format("cells"), limit="1")
    assert [each["id"] for each in found] == [VILLAGE, WEST, EAST]
    assert found[1]["geometry"]["type"] == "Polygon"
    assert "households" not in found[1]["properties"]
    within = followed(ITEMS.format("cells"), bbox="121.8701,29.891,121.8702,29.892", limit="1")
    assert [each["id"] for each in within] == [VILLAGE, EAST]


def test_cells_of_another_day() -> None:
    Cell.objects.filter(code=EAST).update(until=date(2020, 1, 1))
    codes = [each["id"] for each in followed(ITEMS.format("cells"))]
    assert EAST not in codes
    then = followed(ITEMS.format("cells"), datetime="2019-06-01")
    assert EAST in [each["id"] for each in then]


def test_places_by_box_and_by_id() -> None:
    [market] = followed(ITEMS.format("places"))
    assert market["properties"]["kind"] == "market"
    assert market["geometry"]["coordinates"] == list(IN_WEST)
    assert got(f"{ITEMS.format('places')}/{market['id']}")["id"] == market["id"]
    assert followed(ITEMS.format("places"), bbox="0,0,1,1") == []
    around_the_world = "121,29,-179,30"
    assert len(followed(ITEMS.format("places"), bbox=around_the_world)) == 1


def test_cases_newest_first_and_nothing_private() -> None:
    numbers = [reported(IN_WEST, ago=hours).number for hours in (1, 2, 2, 3, 4)]
    found = followed(ITEMS.format("cases"), limit="2")
    assert sorted(each["id"] for each in found) == sorted(numbers)
    times = [each["properties"]["requested_datetime"] for each in found]
    assert times == sorted(times, reverse=True)
    assert "王家" not in str(found)
    assert found[0]["geometry"]["coordinates"] != list(IN_WEST)
    one = got(f"{ITEMS.format('cases')}/{numbers[0]}")
    assert one["properties"]["status"] == "open"


def test_a_box_tells_no_more_than_the_squares() -> None:
    """A box around the exact spot finds nothing when the square's middle lies elsewhere."""
    case = reported(IN_EAST, area=EAST)
    [told] = followed(ITEMS.format("cases"))
    lon, lat = told["geometry"]["coordinates"]
    assert [each["id"] for each in followed(
        ITEMS.format("cases"), bbox=f"{lon - 1e-5},{lat - 1e-5},{lon + 1e-5},{lat + 1e-5}",
    )] == [case.number]
    tiny = f"{IN_EAST[0] - 1e-6},{IN_EAST[1] - 1e-6},{IN_EAST[0] + 1e-6},{IN_EAST[1] + 1e-6}"
    assert followed(ITEMS.format("cases"), bbox=tiny) == []


def test_a_quarrel_is_told_by_its_village_alone() -> None:
    reported(IN_EAST, kind=DISPUTE, area=EAST)
    [told] = followed(ITEMS.format("cases"))
    assert told["geometry"] is None
    assert "Hedong" in told["properties"]["address"] or "河东" in told["properties"]["address"]
    assert followed(ITEMS.format("cases"), bbox="-180,-90,180,90") == []


def test_cases_of_a_time() -> None:
    reported(IN_WEST, ago=0)
    older = reported(IN_WEST, ago=100)
    day = older.opened_at.isoformat()
    assert [each["id"] for each in followed(ITEMS.format("cases"), datetime=f"../{day}")] == [
        older.number]
    assert [each["id"] for each in followed(ITEMS.format("cases"), datetime=day)] == [older.number]
    assert len(followed(ITEMS.format("cases"), datetime=f"{day}/..")) == 2


@pytest.mark.parametrize("query", [
    {"limit": "0"}, {"limit": "many"}, {"limit": "²"}, {"bbox": "1,2,3"}, {"bbox": "a,b,c,d"},
    {"bbox": "0,9,0,1"}, {"bbox": "0,nan,0,1"}, {"datetime": "yesterday"}, {"datetime": ".."},
    {"datetime": "2026-02-01/2026-01-01"}, {"cursor": "!"}, {"cursor": "bm8"}, {"colour": "red"},
])
def test_a_senseless_question_is_answered_400(query: dict[str, str]) -> None:
    assert got(ITEMS.format("cases"), 400, **query)["description"]


def test_what_is_not_there() -> None:
    assert got(ITEMS.format("people"), 404)["code"] == "404"
    assert got(f"{ITEMS.format('places')}/1", 404)["code"] == "404"
    assert got(f"{ITEMS.format('cases')}/XP-0", 404)["code"] == "404"
    assert Client().post("/ogc/").status_code == 405


def test_the_limit_is_bounded_not_refused() -> None:
    assert got(ITEMS.format("cells"), limit="999999999999")["numberReturned"] == 3
    assert {each["name"] for each in PARAMETERS} == {"limit", "bbox", "datetime", "cursor"}
