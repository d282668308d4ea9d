"""The nginx file of docs/proxy in front of a running instance: TLS, headers, lengths."""

import json
import socket
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from bench.instances import COMMAND, Instance
from bench.proxy import NAME, Proxy, proxied

HIDDEN = b"GET /m HTTP/1.1\r\nHost: xiapu.example\r\n\r\n"  # what a smuggler wants answered


@dataclass
class Front:
    """The instance and nginx before it."""

    instance: Instance
    proxy: Proxy

    def client(self) -> httpx.Client:
        return httpx.Client(verify=self.proxy.trusting(), headers={"Host": NAME},
                            base_url=f"https://127.0.0.1:{self.proxy.safe}", timeout=20)

    def plain(self) -> httpx.Client:
        return httpx.Client(headers={"Host": NAME}, timeout=20,
                            base_url=f"http://127.0.0.1:{self.proxy.plain}")

    def logged(self, route: str) -> list[Any]:
        """Lines of the log of requests about a route."""
        lines = [json.loads(line) for file in (self.instance.data / "logs").glob("requests-*.log")
                 for line in file.read_text().splitlines()]
        return [line for line in lines if line.get("route") == route]

    def raw(self, content: bytes) -> bytes:
        """Every byte that comes back through nginx for these bytes."""
        with socket.create_connection(("127.0.0.1", self.proxy.safe), timeout=3) as line, \
                self.proxy.trusting().wrap_socket(line, server_hostname=NAME) as wire:
            wire.sendall(content)
            return b"".join(iter(lambda: _received(wire), b""))


def _received(wire: socket.socket) -> bytes:
    try:
        return wire.recv(65536)
    except (TimeoutError, ConnectionError, ssl.SSLError):
        return b""


class Behind(Instance):
    """An instance that is told that a proxy stands before it."""

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {"YIWANG_HTTPS": "1",
                                      "YIWANG_ALLOWED_HOSTS": f"{NAME},127.0.0.1"}


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    instance = Behind(tmp_path_factory.mktemp("behind"))
    subprocess.run([*COMMAND, "migrate"], env=instance.environment, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    folder = tmp_path_factory.mktemp("nginx")
    try:
        instance.start()
        _answers(instance)
        with proxied(folder, instance.port) as proxy:
            yield Front(instance, proxy)
    finally:
        instance.close()


def _answers(instance: Instance) -> None:
    """Plain HTTP is led away, which is an answer."""
    for _ in range(300):
        try:
            httpx.get(f"{instance.address}/healthz", timeout=1)
        except httpx.TransportError:
            assert instance.server
            assert instance.server.poll() is None
            with pytest.raises(subprocess.TimeoutExpired):
                instance.server.wait(0.2)
        else:
            return
    raise AssertionError("no answer")


def test_a_page_comes_by_https_with_all_it_is_protected_by(front: Front) -> None:
    with front.client() as client:
        answer = client.get("/sign-in")
    assert answer.status_code == 200
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "__Host-csrftoken" in answer.headers["Set-Cookie"]
    assert "nginx/" not in answer.headers.get("Server", "")
    assert answer.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(("version", "taken"), [
    (ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True),
    (ssl.TLSVersion.TLSv1_3, True)])
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_versions_of_tls(front: Front, version: ssl.TLSVersion, taken: bool) -> None:
    assert shakes(front, version, "ALL:@SECLEVEL=0") is taken


@pytest.mark.parametrize(("suite", "taken"), [
    ("ECDHE-ECDSA-AES256-GCM-SHA384", True), ("ECDHE-ECDSA-CHACHA20-POLY1305", True),
    ("ECDHE-ECDSA-AES256-SHA384", False), ("ECDHE-ECDSA-AES128-SHA", False),
    ("AES256-GCM-SHA384:AES128-SHA", False)])
def test_suites_of_tls_1_2(front: Front, suite: str, taken: bool) -> None:
    assert shakes(front, ssl.TLSVersion.TLSv1_2, f"{suite}:@SECLEVEL=0") is taken


def shakes(front: Front, version: ssl.TLSVersion, suites: str) -> bool:
    """Whether hands are shaken in this version with these suites."""
    context = front.proxy.trusting()
    context.set_ciphers(suites)
    context.minimum_version = context.maximum_version = version
    with socket.create_connection(("127.0.0.1", front.proxy.safe), timeout=5) as line:
        try:
            with context.wrap_socket(line, server_hostname=NAME):
                return True
        except (ssl.SSLError, ConnectionError):
            return False


def test_in_clear_pages_are_led_on_and_programs_are_told_no(front: Front) -> None:
    lie = {"X-Forwarded-Proto": "https"}
    with front.plain() as client:
        page = client.get("/sign-in", headers=lie)
        program = client.get("/api/v1/cases", headers={**lie, "Authorization": "Bearer yw_x"})
    assert (page.status_code, page.headers["Location"]) == (301, f"https://{NAME}/sign-in")
    assert (program.status_code, program.json()["code"]) == (403, "https_only")


def test_who_came_is_what_nginx_saw_not_what_was_written(front: Front) -> None:
    with front.client() as client:
        for told in ("203.0.113.9", "198.51.100.7, 203.0.113.9", ""):
            client.get("/manifest.webmanifest", headers={"X-Forwarded-For": told} if told else {})
    assert len({line["from"] for line in front.logged("manifest")}) == 1


@pytest.mark.parametrize(("megabytes", "passed"), [(60, True), (75, False)])
def test_bodies_as_large_as_a_page_takes(front: Front, megabytes: int, passed: bool) -> None:
    with front.client() as client:
        answer = client.post("/api/v1/cases", content=b"x" * megabytes * 1_000_000,
                             headers={"Content-Type": "application/json"})
    assert ("nginx" not in answer.text) is passed
    assert answer.status_code == (401 if passed else 413)


def post(*heads: bytes, body: bytes) -> bytes:
    return b"\r\n".join([b"POST /sign-in HTTP/1.1", b"Host: xiapu.example",
                         b"X-Forwarded-Proto: https", *heads, b"", b""]) + body


CHUNKED = b"0\r\n\r\n" + HIDDEN
LENGTH = b"Content-Length: %d"
PROBES = {
    "both, the length is the longer": post(
        LENGTH % len(CHUNKED), b"Transfer-Encoding: chunked", body=CHUNKED),
    "both, the length is the shorter": post(
        b"Content-Length: 4", b"Transfer-Encoding: chunked",
        body=b"%x\r\n" % len(HIDDEN) + HIDDEN + b"\r\n0\r\n\r\n"),
    "both, one disguised": post(
        LENGTH % len(CHUNKED), b"Transfer-Encoding: xchunked", body=CHUNKED),
    "both, a space before the colon": post(
        LENGTH % len(CHUNKED), b"Transfer-Encoding : chunked", body=CHUNKED),
    "both, twice": post(LENGTH % len(CHUNKED), b"Transfer-Encoding: chunked",
                        b"Transfer-Encoding: identity", body=CHUNKED),
    "two lengths": post(b"Content-Length: 0", LENGTH % len(HIDDEN), body=HIDDEN),
    "a length with a sign": post(b"Content-Length: +0", body=HIDDEN),
    "a length in a folded line": post(b"X-A: b", b" Content-Length: 0",
                                      LENGTH % len(HIDDEN), body=HIDDEN),
}


@pytest.mark.parametrize("name", PROBES)
def test_a_request_hidden_in_another_is_not_answered(front: Front, name: str) -> None:
    """One reader of lengths decides: the page hidden in the body is never asked for."""
    before = len(front.logged("public-map"))
    said = front.raw(PROBES[name])
    assert said.count(b"HTTP/1.1 ") == 1, said[:300]
    assert len(front.logged("public-map")) == before


def test_the_probe_would_see_it(front: Front) -> None:
    """The proof that the test above can fail: two honest requests on one line are both answered."""
    honest = b"GET /healthz HTTP/1.1\r\nHost: xiapu.example\r\n\r\n" + HIDDEN
    before = len(front.logged("public-map"))
    assert front.raw(honest).count(b"HTTP/1.1 ") == 2
    assert len(front.logged("public-map")) == before + 1
