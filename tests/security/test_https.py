"""An instance behind HTTPS: cookies bound to the host, no way back to plain HTTP."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ASK = """
import django, json
django.setup()
from django.conf import settings
from django.test import Client
settings.STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
client = Client(raise_request_exception=False)
page = client.get("/sign-in", secure=True, headers={"Host": "localhost"})
chosen = client.post("/language", {"language": "en"}, secure=True, headers={"Host": "localhost"})
plain = client.get("/sign-in", headers={"Host": "localhost"})
passed = client.get("/sign-in", headers={"Host": "localhost", "X-Forwarded-Proto": "https"})
print(json.dumps({
    "passed": passed.status_code,
    "cookies": [cookie.OutputString() for answer in (page, chosen)
                for cookie in answer.cookies.values()],
    "session": [settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE,
                settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE,
                settings.SESSION_COOKIE_DOMAIN, settings.SESSION_COOKIE_PATH],
    "written": __import__("yiwang.shell.replica", fromlist=["COOKIE"]).COOKIE,
    "hsts": [answer.headers.get("Strict-Transport-Security") for answer in (page, chosen)],
    "plain": [plain.status_code, plain.headers["Location"]],
    "debug": settings.DEBUG,
}))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What an instance of its own says, whose settings begin with HTTPS."""
    data = tmp_path_factory.mktemp("https")
    (Path(data) / "static").mkdir()
    env = {**os.environ, "YIWANG_HTTPS": "1", "YIWANG_DATA": str(data), "YIWANG_DEBUG": "",
           "DJANGO_SETTINGS_MODULE": "yiwang.config.settings"}
    done = subprocess.run([sys.executable, "-c", ASK], env=env,
                          capture_output=True, text=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def test_each_cookie_belongs_to_this_host_alone(told: dict[str, Any]) -> None:
    assert {cookie.partition("=")[0] for cookie in told["cookies"]} == {
        "__Host-csrftoken", "__Host-language"}
    for cookie in told["cookies"]:
        assert "Secure" in cookie
        assert "Path=/" in cookie
        assert "SameSite=Lax" in cookie
        assert "Domain" not in cookie
    assert told["session"] == ["__Host-sessionid", True, True, "Lax", None, "/"]
    assert told["written"] == "__Host-written"


def test_the_way_back_to_plain_http_is_closed_for_a_year(told: dict[str, Any]) -> None:
    assert set(told["hsts"]) == {"max-age=31536000; includeSubDomains"}
    assert told["plain"] == [301, "https://localhost/sign-in"]


def test_what_a_proxy_says_came_by_https_is_served(told: dict[str, Any]) -> None:
    assert told["passed"] == 200


def test_details_of_errors_are_off_unless_asked_for(told: dict[str, Any]) -> None:
    assert told["debug"] is False
