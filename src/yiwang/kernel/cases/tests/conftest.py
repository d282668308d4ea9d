"""The town as a fixture; what it is made of is imported once Django is ready."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .town import Town


@pytest.fixture
def town(db: None, at: datetime, actor: Callable[..., Any]) -> "Town":
    from .town import make_town

    return make_town(at, actor)
