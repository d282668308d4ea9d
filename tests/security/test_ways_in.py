"""Every way in, with what it asks for: a new one fails here until it stands in the table."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.conf import settings
from tests.conventions.source import PACKAGE, ROOT, Module, modules
from tests.permissions.walk import ROUTES

EVENTS, SHELL = "yiwang.practices.events", "yiwang.shell"


@dataclass(frozen=True)
class Way:
    """What lets somebody in, who calls it, and with what strength (docs/security.md says it)."""

    gate: str
    opened_by: frozenset[str]
    asks: str


def way(gate: str, *opened_by: str, asks: str) -> Way:
    return Way(gate, frozenset(opened_by), asks)


WAYS = (
    way("django.contrib.auth.authenticate", f"{SHELL}.web.sign_in", f"{SHELL}.web.prove",
        asks="the password, then the second factor where there is one"),
    way("django.contrib.auth.login", f"{SHELL}.web.sign_in",
        asks="both steps of the sign-in page are done"),
    way("django.contrib.auth.backends.BaseBackend", f"{SHELL}.known",
        asks="a session that the sign-in page began; knows nobody by password"),
    way("django.contrib.auth.SESSION_KEY", f"{SHELL}.middleware", f"{SHELL}.request_log",
        asks="nothing: a session that is there is read"),
    way("django.contrib.auth.update_session_auth_hash", f"{SHELL}.web.account",
        asks="the old password, typed with the new one"),
    way("yiwang.kernel.people.keys.token_of", f"{SHELL}.api.keyed", f"{SHELL}.feed.answering",
        asks="a key of 192 bits, whose scopes and person bound it; no second factor"),
    way("yiwang.kernel.people.keys.admitted", f"{EVENTS}.api.open311.taking",
        asks="a key as above"),
    way("yiwang.kernel.people.keys.key_of", f"{EVENTS}.api.open311.fuller",
        asks="a key as above"),
    way("ninja.security.HttpBearer", f"{SHELL}.api.keyed", asks="a key as above"),
    way(f"{EVENTS}.queries.followed.by_code", f"{EVENTS}.web.follow",
        asks="a follow code of 50 bits, slowed; opens one case, without anybody's name"),
    way("yiwang.kernel.exchange.opening.known_by", f"{SHELL}.web.exchange",
        asks="the key id of a registered instance"),
    way("yiwang.kernel.exchange.taking.receive", f"{SHELL}.web.exchange",
        asks="a letter signed with Ed25519 by a registered instance"),
    way("django.core.signing", f"{SHELL}.sessions", f"{SHELL}.api.paging",
        asks="nothing: a session's content and a page's mark are read, no right is in them"),
)
# Where any import opens something, whatever its name is.
SHELVES = ("django.contrib.auth", "django.core.signing", "ninja.security", "oauth", "jwt", "ldap3",
           "saml", "django.contrib.auth.middleware")
HARMLESS = {f"django.contrib.auth.{name}" for name in (
    "logout", "views.redirect_to_login", "models.AnonymousUser", "base_user.AbstractBaseUser",
    "base_user.BaseUserManager", "hashers.Argon2PasswordHasher",
    "password_validation.validate_password", "password_validation.CommonPasswordValidator")}
# What our code reads of a request's head, names or constants; who somebody is comes in by the
# first two (and, inside the libraries, by the cookie of the session and ``Authorization``).
HEADERS = {
    "X-Api-Key", "KEY_HEADER", "X-Forwarded-For", "REMOTE_ADDR", "User-Agent", "Referer", "Accept",
    "Accept-Language", "If-Match", "If-None-Match", "HEADER", "HX-Request", "HX-Current-URL",
    "INSTANCE", "LIVE_HEADER", "Idempotency-Key",
}


def imported(module: Module) -> Iterator[str]:
    """Whole dotted names, those of one's own package resolved."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom):
            parts = module.package.split(".")
            above = ".".join(parts[: len(parts) - node.level + 1]) if node.level else ""
            base = ".".join(part for part in (above, node.module or "") if part)
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def opened_by(gate: str) -> frozenset[str]:
    return frozenset(name for name, module in modules().items() if gate in imported(module))


@pytest.mark.parametrize("one", WAYS, ids=lambda one: one.gate)
def test_a_way_in_is_opened_where_it_is_written(one: Way) -> None:
    assert opened_by(one.gate) == one.opened_by


def unwritten(module: Module) -> set[str]:
    """Names a module imports that open something and stand in no table."""
    written = HARMLESS | {one.gate for one in WAYS}
    return {name for name in imported(module) if name.startswith(SHELVES) and name not in written}


def test_nothing_else_lets_anybody_in() -> None:
    assert not {name: found for name, module in modules().items() if (found := unwritten(module))}


def headers_read(module: Module) -> set[str]:
    """What ``….headers.get(x)``, ``….headers[x]`` and ``META`` name, as written."""
    found = set()
    for node in ast.walk(module.tree):
        said: ast.expr | None = None
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            of, said = ast.unparse(node.value), node.slice
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            of, said = ast.unparse(node.func.value), node.args[0]
        if said is not None and re.fullmatch(r"(self\.)?(request|asked)\.(headers|META)", of):
            found.add(said.value if isinstance(said, ast.Constant) else ast.unparse(said))
    return {str(name) for name in found}


def test_no_other_header_tells_who_somebody_is() -> None:
    read = set().union(*(headers_read(module) for module in modules().values()))
    assert {"X-Api-Key", "KEY_HEADER", "X-Forwarded-For"} <= read, "the search sees them"
    assert not read - HEADERS


def test_the_settings_know_no_other_way() -> None:
    assert settings.AUTHENTICATION_BACKENDS == [
        "axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend",
        "yiwang.shell.known.KnownBackend"]
    about = [name for name in settings.MIDDLEWARE if re.search("auth|user|login", name.lower())]
    assert about == ["django.contrib.auth.middleware.AuthenticationMiddleware"]


def test_a_door_opens_to_a_session_a_key_or_everybody() -> None:
    kinds = {route.door.partition(":")[0] for route in ROUTES}
    assert {kind for kind in kinds if "." not in kind} == {"signed in", "key", "public"}


def test_the_ways_are_told_to_who_runs_it() -> None:
    told = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    for word in ("account and password", "a key (", "a follow code", "calendar", "are signed"):
        assert word in told


@pytest.mark.parametrize("code", [
    "from django.contrib.auth.middleware import RemoteUserMiddleware",
    "from django.contrib.auth.tokens import default_token_generator", "import jwt",
    "from ninja.security import HttpBasicAuth"])
def test_a_new_way_is_found(code: str) -> None:
    """The proof that the tests above can fail."""
    assert unwritten(Module("yiwang.shell.made_up", PACKAGE, ast.parse(code)))
    asked = ast.parse("who = request.headers.get('Remote-User') or request.META['SSL_CLIENT']")
    assert headers_read(Module("yiwang.shell.made_up", PACKAGE, asked)) == {
        "Remote-User", "SSL_CLIENT"}
