"""One call to another system: to the address that was checked, within a fixed time and size."""

import socket
import ssl
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import httpcore
from django.conf import settings

from yiwang.kernel.errors import Refusal

from .rules import CALL, Target, is_public, not_called, target_of

Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a call. ``status`` 0: nothing came, ``error`` says why; ``ms`` milliseconds."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    ms: int = 0
    error: str = ""

    @property
    def well(self) -> bool:
        return 200 <= self.status < 300


def call(url: str, *, method: str = "POST", headers: Headers, body: bytes = b"",
         most_read: int = CALL.most_read) -> Answer:
    """Ask once. Never raises: what went wrong is in the answer. At most ``CALL.whole`` seconds."""
    began = time.monotonic()
    try:
        target = target_of(url, settings.OUTGOING_HOSTS)
        answer = _asked(target, url, method, headers, body, most_read, began + CALL.whole)
    except Refusal as refusal:
        answer = Answer(0, error=refusal.code)
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError,
            OSError, UnicodeError) as problem:
        answer = Answer(0, error=f"{type(problem).__name__} {problem}".strip()[:200])
    return Answer(answer.status, answer.body, answer.headers,
                  round((time.monotonic() - began) * 1000), answer.error)


def _asked(target: Target, url: str, method: str, headers: Headers, body: bytes,
           most_read: int, until: float) -> Answer:
    steps = dict.fromkeys(("read", "write", "pool"), CALL.whole) | {"connect": CALL.connect}
    checked = _Checked(target, until)
    with (
        httpcore.ConnectionPool(ssl_context=_tls(), network_backend=checked) as pool,
        pool.stream(method, url, headers=_encoded(headers), content=body,
                    extensions={"timeout": steps}) as answer,
    ):
        return Answer(answer.status, _read(answer.iter_stream(), most_read), {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in answer.headers})


def _read(chunks: Iterable[bytes], most: int) -> bytes:
    """The first ``most`` bytes; the rest is left where it is."""
    found = b""
    for chunk in chunks:
        found += chunk
        if len(found) >= most:
            break
    return found[:most]


def _encoded(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [(name.encode("ascii"), value.encode("utf-8")) for name, value in headers.items()]


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def resolved(target: Target, allowed: Collection[str]) -> str:
    """The IP address to call; raises ``Refusal`` where any of a name's addresses is private."""
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]).partition("%")[0] for entry in found]
    trusted = bool(target.named & set(allowed))
    if not addresses or not (trusted or all(is_public(address) for address in addresses)):
        raise not_called(target.host)
    return addresses[0]


class _Checked(httpcore.SyncBackend):
    """Connects to the address that was checked, so that a name cannot change in between."""

    def __init__(self, target: Target, until: float) -> None:
        self._target, self._until = target, until

    def connect_tcp(self, host: str, port: int, timeout: float | None = None,
                    local_address: str | None = None, socket_options: Any = None,
                    ) -> httpcore.NetworkStream:
        address = resolved(self._target, settings.OUTGOING_HOSTS)
        plain = super().connect_tcp(address, port, timeout, local_address, socket_options)
        return _Timed(plain, self._until)


class _Timed(httpcore.NetworkStream):
    """A stream whose every wait ends with the call: one who answers by drops gains nothing."""

    def __init__(self, inner: httpcore.NetworkStream, until: float) -> None:
        self._inner, self._until = inner, until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(self, ssl_context: ssl.SSLContext, server_hostname: str | None = None,
                  timeout: float | None = None) -> httpcore.NetworkStream:
        return _Timed(self._inner.start_tls(ssl_context, server_hostname, self._left()),
                      self._until)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)

    def _left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the whole call took too long")
        return left
