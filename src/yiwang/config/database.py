"""From a PostgreSQL connection string to Django's description of a database."""

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal

HERE, LOOPBACK = ("", "localhost", "::1", "[::1]"), re.compile(r"127(\.\d{1,3}){3}")
ENCRYPTED = ("require", "verify-ca", "verify-full")  # values of libpq's sslmode

PATIENCE = "5"  # seconds a server may take to answer a call, before the next host is tried

# A statement asked again on a connection is planned once. Not behind a pool that hands a
# connection to somebody else after each transaction.
PREPARED: dict[str, object] = {"server_side_binding": True, "prepare_threshold": 3}


def postgresql(url: str) -> dict[str, object]:
    """``postgresql://user:password@host:port,host:port/name?target_session_attrs=read-write``.

    Several hosts are tried in turn; what stands after ``?`` is handed to the driver as it is.
    Raises ``Refusal`` as ``checked`` does.
    """
    parts = urlsplit(checked(url))
    who, _, where = parts.netloc.rpartition("@")
    user, _, password = who.partition(":")
    hosts = [host.rpartition(":") if _has_port(host) else (host, "", "")
             for host in where.split(",")]
    return {
        "ENGINE": "yiwang.config.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(user),
        "PASSWORD": unquote(password),
        "HOST": ",".join(host.strip("[]") for host, _, _ in hosts),
        "PORT": ",".join(port for _, _, port in hosts) if any(port for *_, port in hosts) else "",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**PREPARED, "connect_timeout": PATIENCE, **dict(parse_qsl(parts.query))},
    }


def checked(url: str) -> str:
    """The connection string; raises ``Refusal`` where rows would cross a network in clear.

    libpq's own default, ``prefer``, goes on without encryption when the server offers none.
    """
    parts = urlsplit(url)
    asked = dict(parse_qsl(parts.query))
    named = (parts.netloc.rpartition("@")[2],
             *(asked.get(name, "") for name in ("host", "hostaddr", "service")))
    hosts = [host.rpartition(":")[0] if _has_port(host) else host
             for some in named for host in some.split(",")]
    away = [host for host in hosts if not _is_here(unquote(host))]
    if not away or asked.get("sslmode") in ENCRYPTED:
        return url
    raise Refusal(
        "database_in_clear",
        Words("到数据库 {host} 的连接没有要求加密。",
              "The connection to the database at {host} is not told to be encrypted.").filled(
            host=away[0]),
        Words("在连接串末尾加 ?sslmode=verify-full&sslrootcert=…；至少 ?sslmode=require。",
              "Add ?sslmode=verify-full&sslrootcert=… to the connection string; ?sslmode=require "
              "at least."))


def _is_here(host: str) -> bool:
    """Whether a host is this machine, or the folder of a socket on it."""
    return host.startswith(("/", "@")) or host in HERE or bool(LOOPBACK.fullmatch(host))


def _has_port(host: str) -> bool:
    """Whether a port stands after the last colon (an IPv6 address has colons of its own)."""
    return ":" in host and not host.endswith("]")
