"""Every page in Chinese: axe finds nothing serious, no sideways scrolling, no console errors."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser
from tests.journeys.looking import Walk, named, walking, words_of_data
from tests.journeys.pages import PAGES
from tests.journeys.town import Town


@pytest.fixture(scope="module")
def walk(town: Town, chromium: Browser) -> Iterator[Walk]:
    """A walk through the town in this language."""
    with walking(town, chromium, "zh") as walk:
        yield walk


@pytest.fixture(scope="module")
def own_words(walk: Walk) -> Callable[[str], str]:
    """What is left of a text without the town's own names."""
    return words_of_data(walk.town)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_page(page: tuple[str, str], walk: Walk, own_words: Callable[[str], str]) -> None:
    faults = walk.faults(*page, own_words)
    assert not faults, "\n".join(faults)
