"""The ground all tests stand on: a data folder of their own, a fixed moment, people in roles.

The environment is set before Django reads its settings, so that no test can reach an instance's
data. ``YIWANG_DATABASE`` chooses the database, as for an instance; empty means SQLite.
"""

import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings as hypothesis

ROOT = Path(__file__).resolve().parent
FOLDER = Path(tempfile.mkdtemp(prefix="yiwang-tests-"))
(FOLDER / "static").mkdir()  # whitenoise warns where it is missing

os.environ["DJANGO_SETTINGS_MODULE"] = "yiwang.config.settings"
os.environ["YIWANG_DATA"] = str(FOLDER)
for name in ("YIWANG_DEBUG", "YIWANG_HTTPS", "YIWANG_BASEMAP", "YIWANG_ALLOWED_HOSTS",
             "YIWANG_SECOND_FACTOR"):
    os.environ.pop(name, None)
# Playwright drives the browser from an event loop of its own; our code never runs inside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

# A shared machine is slow at times: no example fails for that. The build machine draws the same
# examples each time, so that a red build is the change's doing.
hypothesis.register_profile("house", deadline=None, derandomize=os.environ.get("CI") == "true")
hypothesis.load_profile("house")


def pytest_configure() -> None:
    """Lighten what costs time and proves nothing: file sync, password hashing, the manifest."""
    from django.conf import settings

    database: dict[str, Any] = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(FOLDER / "test.sqlite3")
        command = database["OPTIONS"]["init_command"]
        database["OPTIONS"]["init_command"] = command.replace("=FULL", "=OFF")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }


def pytest_addoption(parser: pytest.Parser) -> None:
    """The second database repeats what asks a database."""
    parser.addoption("--only-database", action="store_true",
                     help="leave out tests that ask no database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what another database cannot change."""
    if config.getoption("--only-database"):
        left = [item for item in items if not item.get_closest_marker("django_db")
                and not {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in set(left)]


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    shutil.rmtree(FOLDER, ignore_errors=True)


@pytest.fixture(autouse=True)
def _read_in_chinese() -> None:
    """Each test begins as a Chinese reader, whatever page the one before it looked at."""
    from yiwang.algorithms.words import read_in

    read_in("zh")


@pytest.fixture
def at() -> datetime:
    """A fixed moment: a plain Tuesday morning, Beijing time."""
    return datetime(2026, 3, 10, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def actor() -> Callable[..., Any]:
    """Makes an ``Actor``: ``actor("dispatcher", area="330206005")``; several roles may be named."""
    from yiwang.kernel.people.rules import ROLES, Actor, Grant

    def make(*roles: str, area: str = "330206005", practice: str = "", team: Any = None) -> Actor:
        grants = tuple(
            Grant(role, ROLES[role].capabilities, area, practice,
                  team if ROLES[role].team_bound else None) for role in roles
        )
        teams = frozenset() if team is None else frozenset({team})
        return Actor(f"person/{'+'.join(roles)}", "/".join(roles), grants, teams)

    return make


@pytest.fixture
def same_queries() -> Callable[..., int]:
    """Prove that a page asks the database as often at three rows as at one.

    ``same_queries(add_row, get_page)`` adds a row, asks, adds two more, asks again; returns the
    number of queries.
    """
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count(get_page: Callable[[], Any]) -> int:
        with CaptureQueriesContext(connection) as queries:
            answer = get_page()
        assert answer.status_code == 200, answer.status_code
        return len(queries)

    def compare(add_row: Callable[[], Any], get_page: Callable[[], Any]) -> int:
        add_row()
        get_page()  # caches and session settle
        one = count(get_page)
        add_row()
        add_row()
        three = count(get_page)
        assert one == three, f"{one} queries at one row, {three} at three"
        return three

    return compare


@pytest.fixture
def district(shared_data: Path) -> Path:
    """The file of a real district's events."""
    path = shared_data / "events" / "district_events.csv"
    if not path.is_file():
        pytest.skip("no district_events.csv in the folder of real input")
    return path


@pytest.fixture
def shared_data() -> Path:
    """The folder of real input: beside the project, or ``data`` of what ``YIWANG_SHARED`` names.

    A test that needs it says so where it is not.
    """
    said = os.environ.get("YIWANG_SHARED")
    folder = (Path(said) if said else ROOT.parent / "shared") / "data"
    if not folder.is_dir():
        pytest.skip("no folder of real input beside the project (../shared/data)")
    return folder
