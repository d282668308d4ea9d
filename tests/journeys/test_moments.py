"""The pages of a moment, in both languages: as strict as every other page."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from tests.journeys.looking import Walk, walking, words_of_data
from tests.journeys.moments import MOMENTS
from tests.journeys.town import Town


@pytest.fixture(scope="module", params=["zh", "en"])
def walk(request: pytest.FixtureRequest, town: Town, chromium: Browser) -> Iterator[Walk]:
    """A walk through the town in each language."""
    with walking(town, chromium, request.param) as walk:
        yield walk


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_moment(moment: str, walk: Walk) -> None:
    page = MOMENTS[moment](walk)
    walk.heard.clear()
    page.wait_for_load_state("networkidle")
    faults = walk.look(page, words_of_data(walk.town))
    assert not faults, "\n".join(faults)
