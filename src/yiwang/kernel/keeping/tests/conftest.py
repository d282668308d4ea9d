"""A town in a database that other connections see, and a place for backups."""

import io
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import psycopg
import pytest
from django.conf import settings as django_settings
from django.db import connection
from PIL import Image

from .ground import Place

if TYPE_CHECKING:
    from yiwang.kernel.cases.tests.town import Town


@pytest.fixture
def own_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """A copy of the test's database that commits for good: the trail lets nobody empty it."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    own = _copy_of(usual, tmp_path)
    _point_to(own)
    yield
    _point_to(usual)
    if connection.vendor == "postgresql":
        _server(f'DROP DATABASE "{own}" WITH (FORCE)')


def _copy_of(usual: str, folder: Path) -> str:
    if connection.vendor == "sqlite":
        folder.joinpath("data").mkdir()
        return str(shutil.copyfile(usual, folder / "data" / "yiwang.sqlite3"))
    _server(f'CREATE DATABASE "{usual}_own" TEMPLATE "{usual}"')
    return f"{usual}_own"


def _point_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = django_settings.DATABASES["default"]["NAME"] = name


def _server(statement: str) -> None:
    """A statement beside all databases: nobody may be connected to the one it copies."""
    with psycopg.connect(**{**connection.get_connection_params(), "dbname": "postgres"},
                         autocommit=True) as server:
        server.execute(statement)


@pytest.fixture
def town(own_database: None, at: datetime, actor: Callable[..., Any], settings: Any,
         tmp_path: Path) -> "Town":
    """A town whose attachments and keys lie in a folder of the test's own."""
    from yiwang.kernel.cases.tests.town import make_town
    from yiwang.kernel.keeping.keys import copy_keys

    copy_keys(Path(django_settings.DATA) / "keys", tmp_path / "data" / "keys")
    settings.DATA, settings.FILES = tmp_path / "data", tmp_path / "data" / "files"
    settings.FILES.mkdir(parents=True)
    return make_town(at, actor)


@pytest.fixture
def photo(town: "Town") -> Callable[[], Any]:
    """Keeps a picture with a case and gives its row."""

    from yiwang.kernel.records.files import keep_photo, store_photo

    def keep() -> Any:
        upload = io.BytesIO()
        Image.effect_noise((64, 48), 60).convert("RGB").save(upload, "JPEG")
        stored = store_photo(upload, name="a.jpg")
        return keep_photo(stored, stream=f"case/{town.open().id}", stage="report", by="resident",
                          at=town.at)

    return keep


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Place]:
    """An empty place on the same kind of database."""
    data = tmp_path / "elsewhere"
    if connection.vendor == "sqlite":
        yield Place(data)
        return
    name, to = f"{connection.settings_dict['NAME']}_else", connection.settings_dict
    _server(f'CREATE DATABASE "{name}"')
    yield Place(data, f"postgresql://{quote(to['USER'])}:{quote(to['PASSWORD'])}@{to['HOST']}:"
                      f"{to['PORT']}/{name}")
    connection.close()
    _server(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def go_elsewhere(elsewhere: Place, settings: Any) -> Callable[[], None]:
    """From the call on, this process is the instance elsewhere."""

    def go() -> None:
        settings.DATA, settings.FILES = elsewhere.data, elsewhere.data / "files"
        elsewhere.data.mkdir(exist_ok=True)
        name = elsewhere.database.rpartition("/")[2] or str(elsewhere.data / "yiwang.sqlite3")
        _point_to(name)

    return go
