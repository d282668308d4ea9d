"""The pictures of the READMEs are there, none too heavy, and none is kept that nobody shows."""

import re

import pytest
from tests.journeys.hand import ROOT

MOST_BYTES = 250_000
READMES = ("README.md", "README.zh-CN.md")


def named(readme: str) -> set[str]:
    """The pictures a README shows."""
    return set(re.findall(r"docs/images/[\w-]+\.png", (ROOT / readme).read_text()))


@pytest.mark.parametrize("readme", READMES)
def test_every_picture_shown_is_there_and_light(readme: str) -> None:
    assert named(readme), "a README without pictures"
    for picture in named(readme):
        assert (ROOT / picture).stat().st_size <= MOST_BYTES, picture


def test_no_picture_is_kept_for_nobody() -> None:
    kept = {f"docs/images/{path.name}" for path in (ROOT / "docs" / "images").iterdir()}
    assert kept == set().union(*(named(readme) for readme in READMES))
