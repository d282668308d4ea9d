"""Every address has a door, a plain name and typed parameters."""

import re
from collections import Counter

import pytest
from django.urls.resolvers import RoutePattern, URLPattern, URLResolver, get_resolver

from yiwang.kernel.people.key_scopes import SCOPES
from yiwang.kernel.people.rules import CAPABILITIES

WORD = re.compile(r"\.?[a-z0-9]+([.-][a-z0-9]+)*")
PARAMETER = re.compile(r"<[a-z_]+:[a-z_]+>")


Patterns = list[URLPattern | URLResolver]


def walk(patterns: Patterns, prefix: str = "") -> list[tuple[str, URLPattern]]:
    """Every route below ``patterns`` with its whole path."""
    found: list[tuple[str, URLPattern]] = []
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += walk(pattern.url_patterns, path)
        else:
            found.append((path, pattern))
    return found


ROUTES = [pytest.param(path, route, id=path or "/")
          for path, route in walk(get_resolver().url_patterns)]


def test_there_are_routes() -> None:
    assert ROUTES


@pytest.mark.parametrize(("path", "route"), ROUTES)
def test_a_route_has_a_door(path: str, route: URLPattern) -> None:
    door = getattr(route.callback, "opens_to", "")
    assert door, f"/{path}: use @door, @signed_in or @public(reason)"
    assert (door in CAPABILITIES or door == "signed in" or door.startswith("public: ")
            or _is_of_keys(door)), door
    assert door != "public: ", f"/{path}: say why anybody may enter"


def _is_of_keys(door: str) -> bool:
    """Whether a key opens it, and which scopes it takes."""
    kind, _, scopes = door.partition(": ")
    return kind == "key" and (scopes == "any" or set(scopes.split(", ")) <= SCOPES.keys())


@pytest.mark.parametrize(("path", "route"), ROUTES)
def test_a_path_is_kebab_case_with_typed_parameters(path: str, route: URLPattern) -> None:
    assert isinstance(route.pattern, RoutePattern), f"/{path}: path(), not re_path()"
    plain = PARAMETER.sub("0", path)
    assert "<" not in plain, f"/{path}: give the parameter a type"
    assert all(WORD.fullmatch(word) for word in plain.split("/") if word), f"/{path}"


@pytest.mark.parametrize(("path", "route"), ROUTES)
def test_a_route_is_named(path: str, route: URLPattern) -> None:
    assert route.name, f"/{path}"
    assert WORD.fullmatch(route.name), route.name


def test_names_are_unique() -> None:
    names = Counter(route.name for _, route in walk(get_resolver().url_patterns))
    assert not [name for name, times in names.items() if times > 1]
