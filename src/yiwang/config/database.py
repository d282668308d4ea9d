"""From a PostgreSQL connection string to Django's description of a database."""

from urllib.parse import parse_qsl, unquote, urlsplit

PATIENCE = "5"  # seconds a server may take to answer a call, before the next host is tried

# A statement asked again on a connection is planned once. Not behind a pool that hands a
# connection to somebody else after each transaction.
PREPARED: dict[str, object] = {"server_side_binding": True, "prepare_threshold": 3}


def postgresql(url: str) -> dict[str, object]:
    """``postgresql://user:password@host:port,host:port/name?target_session_attrs=read-write``.

    Several hosts are tried in turn; what stands after ``?`` is handed to the driver as it is.
    """
    parts = urlsplit(url)
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


def _has_port(host: str) -> bool:
    """Whether a port stands after the last colon (an IPv6 address has colons of its own)."""
    return ":" in host and not host.endswith("]")
