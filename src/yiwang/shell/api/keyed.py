"""The door of each operation: a key with the scope, whose person holds what it takes."""

from typing import Any

from django.http import HttpRequest
from django.utils.timezone import now
from ninja.security import HttpBearer

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import NotAllowed
from yiwang.kernel.people.key_scopes import SCOPES
from yiwang.kernel.people.keys import Token, token_of
from yiwang.kernel.people.rules import Actor, can_somewhere, not_allowed

from .shapes import WORDS

Gate = tuple[str, str]  # the scope of the key, and the capability of its person
ALWAYS = (401, 403, 429)  # what any operation may answer


class Keyed(HttpRequest):
    """A request whose key has been looked at."""

    auth: Token


class Bearer(HttpBearer):
    """``Authorization: Bearer yw_…``. The pages' own rules then decide row by row."""

    def __init__(self, scope: str, capability: str) -> None:
        super().__init__()
        self.scope, self.capability = scope, capability

    def authenticate(self, request: HttpRequest, token: str) -> Token:
        """The key's token; raises ``NotAllowed`` without the scope or the role."""
        found = token_of(token, at=now())
        if self.scope and self.scope not in found.scopes:
            raise _no_scope(self.scope)
        if self.capability and not can_somewhere(found.actor, self.capability):
            raise not_allowed(self.capability)
        return found


def by_of(request: HttpRequest) -> Actor:
    """Who acts by the key of the request."""
    token: Token = request.auth  # type: ignore[attr-defined]
    return token.actor


def operation(
    name: str, zh: str, en: str, *, gate: Gate = ("", ""),
    problems: tuple[int, ...] = (), headers: tuple[str, ...] = (),
) -> dict[str, Any]:
    """What an operation is called, says of itself, asks for and may answer."""
    scope, _ = gate
    return {
        "operation_id": name, "url_name": f"api-{name}", "auth": Bearer(*gate),
        "openapi_extra": {WORDS: Words(zh, en).as_json(), "x-scope": scope,
                          "x-problems": sorted({*ALWAYS, *problems}), "x-headers": list(headers)},
    }


def _no_scope(scope: str) -> NotAllowed:
    return NotAllowed("no_scope", Words("这把密钥不能“{title}”（{scope}）。",
                                        "This key may not {title} ({scope}).").filled(
        title=SCOPES[scope].title, scope=scope),
        Words("另发一把带这一项的密钥。", "Make a key that has this scope."))
