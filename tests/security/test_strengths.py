"""Keys and secrets are as strong, as many and as well kept as docs/security.md says."""

import base64
import math
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.utils.timezone import now
from tests.conventions.source import ROOT
from tests.permissions.two_towns import lay_out

from yiwang.kernel.exchange.keyring import KEY_BYTES, own_key_id, own_public, sign
from yiwang.kernel.people.actions import second_factor
from yiwang.kernel.people.address_keys import renew_address
from yiwang.kernel.people.rules import Actor
from yiwang.kernel.records.sealed import seal
from yiwang.kernel.webhooks.actions import make_webhook
from yiwang.shell.sessions import SessionStore

pytestmark = pytest.mark.django_db
BITS = 128


def test_every_key_of_an_instance_is_strong_listed_and_its_owner_s_alone(
    settings: Any
) -> None:
    """``signing`` is made with the settings; the others at their first use."""
    keys = Path(settings.DATA) / "keys"
    seal("x")
    sign(b"x", own_key_id())
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    found = [path for path in keys.iterdir() if "." not in path.name]
    assert {path.name for path in found} >= {"signing", "personal", "exchange"}
    for path in found:
        assert f"`keys/{path.name}`" in page
        assert path.stat().st_mode & 0o077 == 0, path
        assert len(path.read_text().splitlines()[0]) * 6 >= 2 * BITS
    assert KEY_BYTES * 8 >= 2 * BITS
    assert len(base64.b64decode(own_public())) == KEY_BYTES


def test_secrets_that_are_shown_once_cannot_be_guessed() -> None:
    own, _ = lay_out()
    person = own.people["worker"]
    by = Actor(f"person/{person.pk}")
    _, hook = make_webhook("钩", "https://a.example/", [], area=own.code, by=Actor("system"),
                           at=now())
    _, address = renew_address(person, by=by, at=now())
    for secret in (own.things["secret"], hook, address):
        assert (len(secret) - len("whsec_")) * 5.9 >= BITS
    (code,) = {second_factor._random_code()}
    assert len(code.replace("-", "")) * math.log2(len(second_factor._LETTERS)) >= 112
    assert second_factor.KEY_BYTES * 8 >= BITS
    session = SessionStore()
    session.create()
    assert len(str(session.session_key)) * math.log2(len(VALID_KEY_CHARS)) >= BITS
