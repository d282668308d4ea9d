"""Calls go nowhere they should not, and take and read no more than they may."""

import socket
import ssl
from datetime import timedelta
from typing import Any

import pytest

from yiwang.kernel.errors import Refusal
from yiwang.kernel.outgoing import call as calling
from yiwang.kernel.outgoing.call import call
from yiwang.kernel.outgoing.rules import (
    CALL,
    PATIENCE,
    CallBounds,
    is_public,
    retry_after,
    target_of,
)

from .receiver import Reply, receiving

CLOSED = ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
          "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1",  # noqa: S104
          "ff02::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1"]
NO_ADDRESS = ["", "ftp://a.example/", "https://", "https://u:p@a.example/", "javascript:1",
              "https://a.example/\n", "https://a.example:99999/", "//a.example", "https://a b/"]


@pytest.fixture
def trusted(settings: Any) -> None:
    settings.OUTGOING_HOSTS = ["127.0.0.1"]


@pytest.mark.parametrize("address", CLOSED)
def test_addresses_of_this_network_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_addresses_of_the_internet_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("url", NO_ADDRESS)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(Refusal) as caught:
        target_of(url, ())
    assert (caught.value.code, caught.value.field) == ("no_address", "url")


def test_plain_http_only_to_hosts_the_operator_names() -> None:
    with pytest.raises(Refusal, match="https"):
        target_of("http://a.example/x", ["b.example", "a.example:81"])
    assert target_of("http://a.example/x", ["a.example"]).port == 80
    assert target_of("http://a.example:81/x", ["a.example:81"]).port == 81
    assert target_of("https://a.example/x", ()).port == 443


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "[::1]",
                                  "[::ffff:7f00:1]"])
def test_nothing_inside_is_called(host: str, settings: Any) -> None:
    settings.OUTGOING_HOSTS = []
    answer = call(f"https://{host}/", headers={})
    assert (answer.status, answer.error) == (0, "closed_address")


def test_one_private_address_of_a_name_is_enough_to_refuse(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.OUTGOING_HOSTS = []
    found = [(2, 1, 6, "", (ip, 443)) for ip in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *asked, **more: found)
    assert call("https://two.example/", headers={}).error == "closed_address"


@pytest.mark.usefixtures("trusted")
def test_a_redirect_is_an_answer_and_not_followed() -> None:
    with receiving() as other, receiving(Reply(302, {"Location": "/"})) as here:
        here.replies[0].headers["Location"] = other.address
        assert call(here.address, headers={}, body=b"{}").status == 302
        assert (len(here.got), len(other.got)) == (1, 0)


@pytest.mark.usefixtures("trusted")
def test_no_more_is_read_than_needed() -> None:
    with receiving(Reply(200, body=b"x" * 5_000_000)) as here:
        assert len(call(here.address, headers={}).body) == CALL.most_read


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("reply", [Reply(200, wait=3), Reply(200, body=b"x" * 100, drip=0.1)])
def test_who_answers_slowly_or_by_drops_is_left(
    reply: Reply, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling, "CALL", CallBounds(connect=0.2, whole=0.4))
    with receiving(reply) as here:
        answer = call(here.address, headers={})
    assert answer.status == 0
    assert "Timeout" in answer.error
    assert answer.ms < 1500


def test_a_closed_port_is_an_answer_too(settings: Any) -> None:
    settings.OUTGOING_HOSTS = ["127.0.0.1"]
    with receiving() as here:
        gone = here.address
    assert call(gone, headers={}).error.startswith("ConnectError")


def test_ten_tries_take_about_three_days() -> None:
    pauses = [PATIENCE.pause(tried, 0.5) for tried in range(1, 10)]
    whole = sum((pause for pause in pauses if pause), timedelta())
    assert timedelta(days=2.5) < whole < timedelta(days=3.5)
    assert PATIENCE.pause(10, 0.5) is None
    assert PATIENCE.pause(1, 0.0) == timedelta(seconds=24)
    assert PATIENCE.pause(1, 1.0) == timedelta(seconds=36)


@pytest.mark.parametrize(("said", "seconds"), [
    ("120", 120), ("Thu, 01 Jan 1970 00:02:00 GMT", 60), ("0", 0), ("999999999", 86_400),
    ("Thu, 01 Jan 1960 00:00:00 GMT", 0)])
def test_what_a_retry_after_asks_for(said: str, seconds: int) -> None:
    assert retry_after(said, now_seconds=60) == timedelta(seconds=seconds)


@pytest.mark.parametrize("said", ["", "soon", "-1", "1e9", "٣٠x"])
def test_what_is_no_retry_after_asks_for_nothing(said: str) -> None:
    assert retry_after(said, now_seconds=60) is None


def test_certificates_are_checked_with_the_name() -> None:
    assert calling._tls().verify_mode is ssl.CERT_REQUIRED
    assert calling._tls().check_hostname
