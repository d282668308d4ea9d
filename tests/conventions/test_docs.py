"""The docs say what the code does: generated pages are fresh, links lead somewhere."""

import re
from pathlib import Path

import pytest
from scripts.make_docs import pages, stale
from tests.conventions.source import PACKAGE, ROOT, tracked

from yiwang.config.env import SETTINGS

LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
PAGES = [pytest.param(p, id=str(p.relative_to(ROOT))) for p in tracked() if p.suffix == ".md"]


def test_generated_pages_are_fresh() -> None:
    assert not stale(pages()), "run `make docs`"


def test_every_environment_variable_is_in_the_table() -> None:
    listed = {setting.name for setting in SETTINGS}
    assert len(listed) == len(SETTINGS), "a setting is listed twice"
    named = {name for path in PACKAGE.rglob("*.py") if "tests" not in path.parts
             for name in re.findall(r"\bYIWANG_[A-Z_]+\b", path.read_text(encoding="utf-8"))}
    assert named == listed


@pytest.mark.parametrize("path", PAGES)
def test_links_lead_somewhere(path: Path) -> None:
    broken = [link for link in LINK.findall(path.read_text(encoding="utf-8"))
              if not (path.parent / link).exists()]
    assert not broken


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(p.name[:4]) for p in (ROOT / "docs" / "decisions").glob("0*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_where_names_files_that_exist() -> None:
    """Paths in backticks lead somewhere; names of shelves alone stand for every practice."""
    text = (ROOT / "docs" / "where.md").read_text(encoding="utf-8")
    named = re.findall(r"`([a-z_.]+/[a-z_./]+)`", text)
    assert named
    assert not [path for path in named
                if not ((PACKAGE / path).exists() or (ROOT / path).exists())]
