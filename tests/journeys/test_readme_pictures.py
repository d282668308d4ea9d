"""The pictures of the READMEs are there, none too heavy, and none is kept that no page shows."""

import re

import pytest
from tests.journeys.hand import ROOT

MOST_BYTES = 250_000
READMES = ("README.md", "README.zh-CN.md")
PAGES = (*READMES, *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")))


def named(page: str) -> set[str]:
    """The pictures a page shows, by their names in docs/images."""
    return set(re.findall(r"\bimages/([\w-]+\.(?:png|svg))", (ROOT / page).read_text()))


@pytest.mark.parametrize("readme", READMES)
def test_every_picture_shown_is_there_and_light(readme: str) -> None:
    assert named(readme), "a README without pictures"
    for picture in named(readme):
        assert (ROOT / "docs" / "images" / picture).stat().st_size <= MOST_BYTES, picture


def test_no_picture_is_kept_for_nobody() -> None:
    kept = {path.name for path in (ROOT / "docs" / "images").iterdir()}
    assert kept == set().union(*(named(page) for page in PAGES))
