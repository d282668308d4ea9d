"""Behind HTTPS: what programs ask is refused in clear, and pages are led on."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from tests.conventions.test_routes import walk
from tests.permissions.walk import BY_NAME


@pytest.fixture(autouse=True)
def https(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True


def is_for_programs(view: Any) -> bool:
    """By what opens it, not by its address: a key, or no token of a form."""
    return view.opens_to.startswith("key: ") or getattr(view, "csrf_exempt", False)


INTERFACES = {str(route.name) for _, route in walk(get_resolver().url_patterns)
              if is_for_programs(route.callback)}
PLAIN = {name: route.path.replace("<rest:rest>", "x") for name, route in BY_NAME.items()}


def asked(name: str) -> Any:
    path = "/" + "/".join("1" if "<" in part and "." not in part else part
                          for part in PLAIN[name].split("/")).replace("<slug:secret>", "x")
    return Client().get(path, headers={"Accept-Language": "en"})


@pytest.mark.parametrize("name", sorted(INTERFACES))
def test_an_interface_is_refused_and_led_nowhere(name: str) -> None:
    answer = asked(name)
    assert answer.status_code == 403
    assert "Location" not in answer
    told = json.loads(answer.content)
    assert (told["code"], told["status"]) == ("https_only", 403)
    assert "have the key replaced" in told["detail"]


@pytest.mark.parametrize("name", sorted(
    name for name, path in PLAIN.items()
    if name not in INTERFACES and not path.startswith(("api/", "open311/", "ogc/"))))
def test_a_page_is_led_to_https(name: str) -> None:
    answer = asked(name)
    assert answer.status_code == 301
    assert answer["Location"].startswith("https://")


def test_by_https_they_are_as_ever(db: None) -> None:
    assert Client().get("/open311/v2/discovery.json", secure=True).status_code == 200
    assert Client().get("/api/v1/me", secure=True).status_code == 401


def test_without_https_set_up_nothing_is_refused(db: None, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = False
    assert Client().get("/open311/v2/discovery.json").status_code == 200


def test_it_is_said_in_chinese_unless_english_is_asked_for() -> None:
    answer = Client().post("/api/v1/cases", headers={"Authorization": "Bearer yw_x"})
    assert "请换一把密钥" in json.loads(answer.content)["detail"]
