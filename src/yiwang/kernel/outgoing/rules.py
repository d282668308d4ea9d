"""Where a call may go, and when one that failed is tried again. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal

LONGEST_URL = 400  # characters
_NAT64 = ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address lies in its last 32 bits


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how far apart something is tried. ``jitter`` is a share of each pause."""

    tries: int = 10
    first: timedelta = timedelta(seconds=30)
    factor: float = 4.0
    longest: timedelta = timedelta(hours=20)
    jitter: float = 0.2
    source: str = "own choice, 2026-11: ten tries over three days"

    def __post_init__(self) -> None:
        if not 1 <= self.tries <= 100 or not 0 <= self.jitter < 1 or self.factor < 1:
            raise ValueError("tries is 1 to 100, jitter is below 1, factor is at least 1")

    def pause(self, tried: int, luck: float) -> timedelta | None:
        """How long to wait after ``tried`` failures; None: give up. ``luck`` is 0 to 1."""
        if tried >= self.tries:
            return None
        wait = min(self.first * self.factor ** (tried - 1), self.longest)
        return wait * (1 - self.jitter + 2 * self.jitter * luck)


@dataclass(frozen=True, slots=True)
class CallBounds:
    """Seconds and bytes of one call."""

    connect: float = 5.0
    whole: float = 15.0  # from the first byte sent to the last byte read
    most_read: int = 65_536
    source: str = "own choice, 2026-11; Standard Webhooks advises 15 to 30 seconds"


@dataclass(frozen=True, slots=True)
class Target:
    """Where an address leads: the host and port that are called."""

    scheme: str
    host: str
    port: int

    @property
    def named(self) -> frozenset[str]:
        """What an operator may call it in the list of allowed hosts."""
        return frozenset({self.host, f"{self.host}:{self.port}"})


PATIENCE = Patience()
PEER_PATIENCE = Patience(tries=11, first=timedelta(seconds=5),
                         source="own choice, 2026-11: peers are few; eleven tries over three days")
CALL = CallBounds()
MOST_RETRY_AFTER = timedelta(days=1)  # a receiver may ask for no longer


def target_of(url: str, allowed: Collection[str]) -> Target:
    """The target of an address; raises ``Refusal`` on field ``url`` where it may not be called.

    Plain http only to hosts that the operator has named (``allowed``: host or host:port).
    """
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise _no_address()
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise _no_address() from None
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise _no_address()
    target = Target(parts.scheme, parts.hostname, port)
    if parts.scheme == "http" and not target.named & set(allowed):
        raise Refusal("only_https", Words("地址要用 https。", "The address must use https."), Words(
            "内网地址请运维写进 YIWANG_OUTGOING_HOSTS。",
            "For a host of the intranet the operator sets YIWANG_OUTGOING_HOSTS."), field="url")
    return target


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet, whatever form it is wrapped in."""
    return all(one.is_global and not one.is_multicast for one in _meant(ip_address(address)))


def _meant(ip: IPv4Address | IPv6Address) -> list[IPv4Address | IPv6Address]:
    """The address, and the IPv4 address that it carries."""
    if isinstance(ip, IPv4Address):
        return [ip]
    inner = [ip.ipv4_mapped, ip.sixtofour, ip.teredo[1] if ip.teredo else None]
    if ip in _NAT64:
        inner.append(IPv4Address(int(ip) & 0xFFFFFFFF))
    carried = [one for one in inner if one is not None]
    return [*carried] if ip.ipv4_mapped else [ip, *carried]


def retry_after(text: str, *, now_seconds: float) -> timedelta | None:
    """What a ``Retry-After`` asks for (seconds or a date, RFC 9110), a day at most."""
    try:
        seconds = float(text) if text.strip().isdigit() else (
            parsedate_to_datetime(text).timestamp() - now_seconds)
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(timedelta(), timedelta(seconds=min(seconds, 10**6))), MOST_RETRY_AFTER)


def not_called(host: str) -> Refusal:
    """A name that leads into this network, or nowhere."""
    return Refusal("closed_address", Words(
        "{host} 指向内网或本机地址，不调用。",
        "{host} leads to a private address; it is not called.").filled(host=host), Words(
        "确需调用时请运维写进 YIWANG_OUTGOING_HOSTS。",
        "If it is wanted, the operator names it in YIWANG_OUTGOING_HOSTS."), field="url")


def _no_address() -> Refusal:
    return Refusal("no_address", Words("这不是可用的网址。",
                                       "This is not a usable address."), Words(
        "写成 https://主机/路径，不带账号密码。",
        "Write https://host/path, without a user name or password."), field="url")
